"""Tables in: CSV and its relatives, one result a row or one person a row, with headings in many spellings.

The separator is the one with which a row of headings is recognised. A decimal comma and a day of the month are taken
only where nothing else can be meant. Columns and lines that were not used are listed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from isocourse.errors import InputError
from isocourse.exchange.analyte_names import ANALYTE_OF_NAME, plain_name, unit_named
from isocourse.exchange.lab_reports import (
    REMARK,
    Gathered,
    LabReport,
    Named,
    Person,
    Row,
    Status,
    Unread,
)
from isocourse.exchange.lab_rows import decimal_commas, translated
from isocourse.exchange.shapes import clean

MOST_ROWS = 20_000
_SEPARATORS = (",", ";", "\t", "|")
_HEADING_WITHIN = 25  # rows from the top in which the headings are looked for
_HEADINGS: dict[str, str] = {
    "number": "patient number|patient id|patient identifier|patient no|mrn|medical record number|hospital number"
    "|hospital no|clinic number|clinic no|chart number|chart no|record number|patient ref|patient reference|pid"
    "|unit number|id patient|patientid|patientnumber|hospital id|file number",
    "given": "given name|first name|forename|forenames|given names|patient first name|patient forename|firstname"
    "|givenname|given|first|patient given name",
    "family": "family name|last name|surname|patient last name|patient surname|lastname|familyname|family|last"
    "|patient family name",
    "name": "patient name|name|patient|full name|patient full name|patientname",
    "born": "date of birth|dob|birth date|birthdate|born|patient dob|d o b|birthday|dateofbirth|patient date of birth"
    "|patient birth date",
    "test": "test|test name|analyte|investigation|observation|determination|assay|component|result name"
    "|test description|testname|examination|description|observation name|test component|parameter|measurement",
    "code": "loinc|loinc code|loinc num|test loinc|code loinc|observation loinc",
    "local": "test code|code|analyte code|local code|testcode|observation code",
    "value": "result|value|result value|test result|observation value|reading|numeric result|resultvalue|measured value"
    "|results|result text",
    "comparator": "comparator|operator|qualifier|modifier|sign|prefix",
    "unit": "unit|units|result unit|result units|uom|unit of measure|unit of measurement|resultunits|units of measure",
    "limits": "reference range|ref range|range|normal range|reference interval|reference ranges|ref interval|normal"
    "|reference|limits|referencerange|reference limits|normal values|reference values|biological reference interval",
    "low": "low|lower limit|lower|reference low|ref low|lower reference limit|range low|normal low|min|lln"
    "|reference range low|low limit|lower limit of normal",
    "high": "high|upper limit|upper|reference high|ref high|upper reference limit|range high|normal high|max|uln"
    "|reference range high|high limit|upper limit of normal",
    "flag": "flag|flags|abnormal|abnormal flag|abnormal flags|interpretation|abnormality|h l|hl|abn|result flag",
    "day": "collected|collection date|date collected|specimen date|sample date|date of sample|collection date time"
    "|collected on|specimen collected|sample collected|date taken|sample taken|date of collection|drawn|draw date"
    "|collection datetime|date time collected|specimen date time|collected date|collected at|sampling date|taken"
    "|collected date time|date specimen collected|date drawn|sample date time|specimen collection date|blood taken",
    "status": "status|result status|report status|observation status|state|resultstatus",
    "specimen": "specimen|specimen type|sample type|material|sample|specimen source|matrix|fluid",
    "panel": "panel|profile|test set|battery|order|ordered test|test group|set",
    "remark": "comment|comments|remark|remarks|note|notes|result comment|lab comment|laboratory comment",
}  # fmt: skip
_MEANS: dict[str, str] = {heading: what for what, all_ in _HEADINGS.items() for heading in all_.split("|")}
_STATUS: dict[str, Status] = {
    "final": "final", "f": "final", "finalised": "final", "finalized": "final", "complete": "final",
    "completed": "final", "authorised": "final", "authorized": "final", "verified": "final", "validated": "final",
    "final result": "final", "corrected": "corrected", "amended": "corrected", "c": "corrected",
    "correction": "corrected", "corrected result": "corrected", "revised": "corrected", "preliminary": "preliminary",
    "prelim": "preliminary", "p": "preliminary", "interim": "preliminary", "provisional": "preliminary",
    "partial": "preliminary", "pending": "preliminary", "unverified": "preliminary", "registered": "preliminary",
    "in progress": "preliminary", "cancelled": "cancelled", "canceled": "cancelled", "x": "cancelled",
    "rejected": "cancelled", "not done": "cancelled", "entered in error": "taken_back", "withdrawn": "taken_back",
    "wrong": "taken_back", "deleted": "taken_back", "retracted": "taken_back", "": "none",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Table:
    """The headings by column, the rows under them with their line numbers, and what stood above."""

    means: dict[str, int]
    wide: dict[int, tuple[str, str]]  # a column of one analyte: its name and unit
    headings: Sequence[str]
    rows: list[tuple[int, list[str]]]
    above: list[tuple[int, list[str]]]


def results_from_csv(text: str, *, came_on: date) -> LabReport:
    """Read a table. Raises InputError when no row of headings is recognised; anything smaller is listed."""
    table = _table(text.removeprefix("\ufeff"))
    unread = [
        Unread(f"line {number}", clean(" ".join(cells), 60) or "a line", "it stands above the headings: not read")
        for number, cells in table.above
    ]
    unread += _columns_not_used(table)
    days, births = _Days(_column(table, "day")), _Days(_column(table, "born"))
    people: dict[Named, list[Row]] = {}
    lines: dict[Named, list[Unread]] = {}
    for number, cells in table.rows:
        if len(cells) > len(table.headings):
            # A mark inside a value may have moved all that follows it.
            why = "it has more cells than there are headings: nothing of it was read; check the separator"
            unread.append(Unread(f"line {number}", "a line", why, "question"))
            continue
        named = _named(table, cells, births)
        people.setdefault(named, []).extend(_rows(table, number, cells, days))
        lines.setdefault(named, []).extend(_lines(table, number, cells, births))
    if "status" not in table.means and table.rows:
        unread.append(Unread("headings", "the status", "the table has none: its results are taken as final", "in_part"))
    return LabReport("csv", tuple(_people(people, lines, came_on)), tuple(unread))


def _people(people: dict[Named, list[Row]], lines: dict[Named, list[Unread]], came_on: date) -> Iterable[Person]:
    commas = decimal_commas(row for rows in people.values() for row in rows)
    for named, rows in people.items():
        gathered = Gathered(unread=list(lines.get(named, ())))
        for row in rows:
            translated(row, gathered, came_on=came_on, commas=commas)
        if gathered.found or gathered.unread:
            yield gathered.person(named)


# --- the table ------------------------------------------------------------------------------------
def _table(text: str) -> _Table:
    best: tuple[int, _Table] | None = None
    for separator in _SEPARATORS:
        if separator not in text:
            continue
        found = _read(text, separator)
        if found is not None and (best is None or found[0] > best[0]):
            best = found
    if best is None:
        raise InputError(
            "no row of headings is recognised",
            where="report",
            allowed="columns such as test, result, unit, collected; one result a row, or one column for each test",
            mend="paste the whole table with its row of headings, in English",
        )
    return best[1]


def _read(text: str, separator: str) -> tuple[int, _Table] | None:
    """How many headings are recognised with this separator, and the table; None when there is no table."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, [cell.strip() for cell in cells]))
            if len(rows) > MOST_ROWS:
                raise InputError(f"the table has more than {MOST_ROWS} rows", where="report", mend="split it")
    except csv.Error:
        return None
    for index, (_, cells) in enumerate(rows[:_HEADING_WITHIN]):
        means, wide = _headings(cells)
        whole = ("test" in means or "code" in means or "local" in means) and "value" in means
        if whole or wide:
            table = _Table(means, {} if whole else wide, cells, rows[index + 1 :], rows[:index])
            return len(means) + len(wide), table
    return None


def _headings(cells: Sequence[str]) -> tuple[dict[str, int], dict[int, tuple[str, str]]]:
    """What each column is. A heading that stands twice is nobody's."""
    means: dict[str, int] = {}
    twice: set[str] = set()
    wide: dict[int, tuple[str, str]] = {}
    for column, cell in enumerate(cells):
        what = _MEANS.get(plain_name(cell))
        if what is not None:
            if what in means:
                twice.add(what)
            means[what] = column
        elif (analyte := _analyte_and_unit(cell)) is not None:
            wide[column] = analyte
    return {what: column for what, column in means.items() if what not in twice}, wide


_WITH_UNIT = re.compile(r"(.+?)\s*[(\[]\s*(.+?)\s*[)\]]\Z|(\S.*?)[ ,_]+(\S+)\Z")


def _analyte_and_unit(heading: str) -> tuple[str, str] | None:
    """The analyte and unit of a heading such as "ALT (U/L)"; None for any other."""
    match = _WITH_UNIT.match(heading.strip())
    if match is None:
        return None
    name, unit = (match[1], match[2]) if match[1] else (match[3], match[4])
    analyte = ANALYTE_OF_NAME.get(plain_name(name))
    return (name, unit) if analyte is not None and unit_named(analyte, unit) is not None else None


def _columns_not_used(table: _Table) -> list[Unread]:
    used = {*table.means.values(), *table.wide}
    return [
        Unread("headings", f"the column {clean(heading, 40)!r}", "it was not used", "not_used")
        for column, heading in enumerate(table.headings)
        if column not in used and heading.strip()
    ]


def _column(table: _Table, what: str) -> list[str]:
    return [_cell(table, cells, what) for _, cells in table.rows]


def _cell(table: _Table, cells: Sequence[str], what: str) -> str:
    column = table.means.get(what)
    return cells[column] if column is not None and column < len(cells) else ""


# --- one row --------------------------------------------------------------------------------------
def _named(table: _Table, cells: Sequence[str], births: _Days) -> Named:
    def cell(what: str, most: int = 100) -> str:
        return clean(_cell(table, cells, what), most)

    family, given, full = cell("family"), cell("given"), cell("name")
    if full and not family and full.count(",") == 1:
        family, given = (part.strip() for part in full.split(","))
        full = ""
    number = cell("number", 40)
    return Named((number,) if number else (), given, family, full, births.day(cell("born")) or "")


def _rows(table: _Table, number: int, cells: Sequence[str], days: _Days) -> list[Row]:
    written, said = _cell(table, cells, "day"), _cell(table, cells, "status")
    row = Row(
        place=f"line {number}",
        names=(),
        status=_STATUS.get(plain_name(said), "unknown") if "status" in table.means else "final",
        status_text=said,
        day=days.day(written) or "",
        no_day=days.why(written),
        specimen=_cell(table, cells, "specimen"),
        about=_cell(table, cells, "panel"),
    )
    if table.wide:
        return [
            replace(row, names=(name,), value=cells[column], units=(unit,))
            for column, (name, unit) in table.wide.items()
            if column < len(cells) and cells[column]
        ]
    loinc, local = _cell(table, cells, "code"), _cell(table, cells, "local")
    if not loinc and re.fullmatch(r"[0-9]{1,5}-[0-9]", local, re.ASCII):
        loinc, local = local, ""
    named = (_cell(table, cells, "test"), "" if loinc else local)
    return [
        replace(
            row,
            names=tuple(text for text in named if text and not text.isdigit()),
            loinc=(loinc,) if loinc else (),
            value=_cell(table, cells, "comparator") + _cell(table, cells, "value"),
            units=(_cell(table, cells, "unit"),),
            limits=_cell(table, cells, "limits"),
            low=_cell(table, cells, "low"),
            high=_cell(table, cells, "high"),
            flag=_cell(table, cells, "flag"),
        )
    ]


def _lines(table: _Table, number: int, cells: Sequence[str], births: _Days) -> list[Unread]:
    found = []
    if remark := clean(_cell(table, cells, "remark"), 400):
        what = clean(_cell(table, cells, "test"), 60) or "this line"
        found.append(Unread(f"line {number}", what, REMARK, "in_part", remark, by_hand=True))
    born = _cell(table, cells, "born")
    if born and births.day(born) is None:
        why = f"{births.why(born, 'the birth date')}: it was not compared"
        found.append(Unread(f"line {number}", "the birth date", why, "in_part"))
    return found


# --- days -----------------------------------------------------------------------------------------
_ISO = re.compile(r"([0-9]{4})([-/.]?)([0-9]{2})\2([0-9]{2})(?:[T ]?[0-9]{2}:?[0-9]{2}.*)?\Z", re.ASCII)
_NUMBERS = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})(?:[T ,]+[0-9]{1,2}[:.].*)?\Z", re.ASCII)
_WORDS = re.compile(
    r"(?:([0-9]{1,2})[ -]([a-z]{3,9})[ ,.-]+([0-9]{4})|([a-z]{3,9})\.? ([0-9]{1,2}),? ([0-9]{4}))\b", re.I
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}


class _Days:
    """The days of one column. Whether 03/09 is September or March is known only from the column itself: from a date in
    it that can be read in one way, when none says the opposite. With points the day comes first."""

    def __init__(self, column: Sequence[str]) -> None:
        orders = {order for text in column if (order := _order_shown(text)) is not None}
        self._order = next(iter(orders)) if len(orders) == 1 else None

    def day(self, text: str) -> str | None:
        """The ISO day of a cell; None when there is none, or more than one."""
        bare = text.strip()
        if match := _ISO.match(bare):
            return _made(int(match[1]), int(match[3]), int(match[4]))
        if match := _WORDS.match(bare):
            day, month, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
            return _made(int(year), _MONTHS.get(month.casefold(), 0), int(day))
        match = _NUMBERS.match(bare)
        if match is None:
            return None
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        order = _order_shown(bare) or ("day" if first == second else self._order)
        if order is None:
            return None
        return _made(year, second, first) if order == "day" else _made(year, first, second)

    def why(self, text: str, what: str = "the day of the specimen") -> str:
        """Why there is no day."""
        if not text.strip():
            return f"{what} is not given"
        return f"{what} {clean(text, 24)!r} can be read in more than one way, or in none"


def _order_shown(text: str) -> str | None:
    """Which of day and month comes first, where the date itself says so."""
    match = _NUMBERS.match(text.strip())
    if match is None:
        return None
    first, second = int(match[1]), int(match[3])
    if match[2] == "." or (first > 12 >= second):
        return "day"
    return "month" if second > 12 >= first else None


def _made(year: int, month: int, day: int) -> str | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found.isoformat() if 1900 <= year <= 2199 else None
