"""Bad records: each gives exactly one InputError that names the place and the mend, and echoes no patient text."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from isocourse.doors.cli.main import app
from isocourse.errors import InputError
from isocourse.record import terminology as t
from isocourse.record.events import KINDS
from isocourse.record.record import LARGEST_BYTES, event_from, read_record
from tests.record.made import AUTHOR, event, record, written

CANARY = "Zephyrine Quillfeather"  # a name that stands in every note and must never be printed
ISOCOURSE = Path(__file__).parents[2] / ".venv" / "bin" / "isocourse"


def noted(*events: dict[str, Any], **changed: Any) -> bytes:
    """A record whose every event carries the canary, written out."""
    return written(*({**one, "note": f"Mother of {CANARY}."} for one in events), **changed)


def swapped(source: bytes, token: bytes) -> bytes:
    """With the text "TOKEN" replaced by raw JSON."""
    assert b'"TOKEN"' in source
    return source.replace(b'"TOKEN"', token)


def later(name: str, **fields: Any) -> dict[str, Any]:
    return event("entered_in_error", name, "2026-05-03", **{"recorded_at": "2026-05-03T10:00:00+00:00", **fields})


def amending(target: str, name: str = "x2", kind: str = "birth", **fields: Any) -> dict[str, Any]:
    return event(kind, name, amends=target, **{"recorded_at": "2026-05-04T10:00:00+00:00", **fields})


def pregnancy_test(**fields: Any) -> dict[str, Any]:
    return event("pregnancy_test", **{"result": "negative", **fields})


def lab(**fields: Any) -> dict[str, Any]:
    return event("lab_result", **{"analyte": "alt", "unit": "U/L", "value": "20", **fields})


def asked(name: str, items: list[int]) -> dict[str, Any]:
    return {**event("questionnaire"), "name": name, "items": items}


EVENT = "a file at $.events[0]"
NAMED = "a file at $.events[0] (event 'x1')"

# what is wrong: (the file, where the message begins, words it must hold)
CASES: dict[str, tuple[bytes, str, tuple[str, ...]]] = {
    # --- not a record at all
    "not JSON": (b"hello", "a file:", ("this is not JSON", "line 1, byte 0")),
    "empty file": (b"", "a file:", ("it is empty",)),
    "only blanks": (b" \n\t", "a file:", ("it is empty",)),
    "cut off": (noted(event("birth"))[:-4], "a file:", ("ends too early",)),
    "something after it": (noted() + b" {}", "a file:", ("this is not JSON",)),
    "the line is named": (b'{\n"isocourse_record": "1",\noops\n}', "a file:", ("line 3",)),
    "null bytes": (b"\0" * 64, "a file:", ("this is not JSON",)),
    "invalid UTF-8": (swapped(written(event("birth", note="TOKEN")), b'"\xff\xfe"'), "a file:", ("not UTF-8",)),
    "latin-1": (swapped(written(event("birth", note="TOKEN")), b'"caf\xe9"'), "a file:", ("not UTF-8",)),
    "UTF-16": (noted().decode().encode("utf-16"), "a file:", ("byte order mark", "UTF-8")),
    "UTF-16 without mark": (noted().decode().encode("utf-16-le"), "a file:", ("this is not JSON",)),
    "byte order mark": (b"\xef\xbb\xbf" + noted(), "a file:", ("byte order mark", "UTF-8")),
    "a lone surrogate": (
        swapped(written(event("birth", note="TOKEN")), rb'"\ud800"'),
        "a file:",
        ("half of a \\u pair",),
    ),
    "NaN token": (swapped(written(event("weight", value="TOKEN")), b"NaN"), "a file:", ("this is not JSON", "line 1")),
    "Infinity token": (swapped(noted(lab(value="TOKEN")), b"Infinity"), "a file:", ("this is not JSON",)),
    "too large": (b" " * (LARGEST_BYTES + 1), "a file:", ("the file has 17 MB", "at most 16 MB")),
    "nested lists": (b"[" * 100_000 + b"]" * 100_000, "a file at $:", ("Expected `object`, got `array`",)),
    "nested objects": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "a file at $:", ("unknown field `a`",)),
    "nested in a field": (
        swapped(noted(lab(value="TOKEN")), b"[" * 100_000 + b"]" * 100_000),
        "a file:",
        ("nested too deeply",),
    ),
    "nested in an unknown field": (
        swapped(noted(event("birth", x="TOKEN")), b"[" * 100_000 + b"]" * 100_000),
        EVENT,
        ("unknown field `x`",),
    ),
    # --- the wrong shape
    "a list": (b"[]", "a file at $:", ("Expected `object`, got `array`",)),
    "null": (b"null", "a file at $:", ("Expected `object`, got `null`",)),
    "a FHIR Bundle": (
        json.dumps({"resourceType": "Bundle", "entry": []}).encode(),
        "a file at $:",
        ("resourceType", "isocourse import"),
    ),
    "a schema to come": (noted(isocourse_record="2"), "a file:", ("isocourse_record is '2'", 'Allowed: "1"')),
    "schema as a number": (noted(isocourse_record=1), "a file at $.isocourse_record:", ("Expected `str`, got `int`",)),
    "no subject": (b'{"events": []}', "a file at $:", ("missing required field `subject`",)),
    "a name as subject": (
        noted(subject="Jane Doe"),
        "a file at $.subject:",
        ("this is no identifier", "says nothing about"),
    ),
    "an unknown key": (noted(name=CANARY), "a file at $:", ("unknown field `name`", "subject, events")),
    "events as object": (noted(events={}), "a file at $.events:", ("Expected `array`",)),
    "an event that is null": (written(None), EVENT, ("Expected `object`, got `null`",)),
    "keys repeated": (
        noted(event("birth")).replace(b'"kind": "birth"', b'"kind": "birth", "kind": "sex"'),
        "a file",
        ("kind",),
    ),
    "keys repeated equally": (
        noted(event("birth")).replace(b'"kind": "birth"', b'"kind": "birth", "kind": "birth"'),
        "a file, event 'x1':",
        ("the key 'kind' stands twice", "delete one"),
    ),
    "keys repeated in an author": (
        noted(event("birth")).replace(b'"id": "dr"', b'"id": "dr", "id": "dx"'),
        "a file, event 'dr':",
        ("'id' stands twice",),
    ),
    "events given twice": (
        noted().replace(b'"events": []', b'"events": [], "events": []'),
        "a file:",
        ("'events' stands twice",),
    ),
    # --- an event
    "unknown kind": (
        noted(event("pregnancy_tst")),
        "a file at $.events[0].kind (event 'x1'):",
        ("'pregnancy_tst' is not a kind of event", "Allowed: pregnancy_test"),
    ),
    "kind that is like none": (
        noted(event("zzz")),
        "a file at $.events[0].kind (event 'x1'):",
        ("Allowed: entered_in_error, birth",),
    ),
    "kind as a number": (noted({**event("birth"), "kind": 7}), "a file at $.events[0].kind", ("'7' is not a kind",)),
    "no kind": (written({"id": "x1"}), NAMED, ("missing required field `kind`",)),
    "unknown field": (
        noted(event("birth", nickname="x")),
        NAMED,
        ("unknown field `nickname`", "Allowed: id, happened_on"),
    ),
    "unknown field of the author": (
        noted(event("birth", author={**AUTHOR, "name": "x"})),
        "a file at $.events[0].author (event 'x1'):",
        ("unknown field `name`", "Allowed: id, role"),
    ),
    "missing field": (noted(event("pregnancy_test")), NAMED, ("missing required field `result`",)),
    "bad code": (
        noted(pregnancy_test(result="negativ")),
        "a file at $.events[0].result (event 'x1'):",
        ("'negativ'", "Allowed: negative, positive, unclear"),
    ),
    "bad role of the author": (
        noted(event("prescriber", prescriber_id="x", role="dermatologist", author={"id": "x", "role": "docter"})),
        "a file at $.events[0].author.role (event 'x1'):",
        ("'docter'", "Allowed: prescriber, nurse"),
    ),
    "bad code in a list": (
        noted(event("counselling", topics=["mood"])),
        "a file at $.events[0].topics[0] (event 'x1'):",
        ("'mood'", "Allowed: pregnancy_risk, contraception"),
    ),
    "bad code where none is needed": (
        noted(event("contraceptive_failure", method="prayer")),
        "a file at $.events[0].method (event 'x1'):",
        ("'prayer'", "Allowed: copper_iud, hormonal_ius"),
    ),
    "empty list": (
        noted(event("counselling", topics=[])),
        "a file at $.events[0].topics (event 'x1'):",
        ("length >= 1",),
    ),
    "id with a space": (
        noted(event("birth", "my id")),
        "a file at $.events[0].id (event 'my id'):",
        ("this is no identifier",),
    ),
    "id with a line end": (noted(event("birth", "x1\n")), "a file at $.events[0].id", ("this is no identifier",)),
    "empty id": (noted(event("birth", "")), "a file at $.events[0].id", ("length >= 1",)),
    "long id": (noted(event("birth", "x" * 65)), "a file at $.events[0].id", ("length <= 64",)),
    "ids used twice": (
        noted(event("birth"), event("sex", sex="female")),
        "a file at $.events[1] (event 'x1'):",
        ("this id is used twice", "an id of its own"),
    ),
    "long note": (
        written(event("birth", note="x" * 2001)),
        "a file at $.events[0].note (event 'x1'):",
        ("length <= 2000",),
    ),
    "long code": (
        noted(pregnancy_test(result="n" * 100_000)),
        "a file at $.events[0].result",
        ("nnn ...", "Allowed: negative"),
    ),
    "long unknown field": (noted(event("birth", **{"n" * 100_000: 1})), EVENT, ("nnn ...", "Allowed: id")),
    "control characters": (noted(event("birth", **{"\x1b[31m": 1})), EVENT, ("unknown field `?[31m`",)),
    # --- dates
    "30 February": (
        noted(event("birth", on="2026-02-30")),
        "a file at $.events[0].happened_on (event 'x1'):",
        ("'2026-02-30' is not a day in the calendar",),
    ),
    "month 13": (
        noted(event("birth", on="2025-13")),
        "a file at $.events[0].happened_on",
        ("not a day in the calendar",),
    ),
    "year 0001": (
        noted(event("birth", on="0001-01-01")),
        "a file at $.events[0].happened_on",
        ("allowed are 1900 to 2199",),
    ),
    "99999": (
        noted(event("birth", on="99999")),
        "a file at $.events[0].happened_on",
        ("is not a date; write YYYY-MM-DD",),
    ),
    "American date": (noted(event("birth", on="03/09/2026")), "a file at $.events[0].happened_on", ("is not a date",)),
    "date with a time": (
        noted(event("birth", on="2026-03-09T10:00")),
        "a file at $.events[0].happened_on",
        ("is not a date",),
    ),
    "date as a number": (
        noted(event("birth", on=20260309)),
        "a file at $.events[0].happened_on",
        ("a date is written as text",),
    ),
    "date in other digits": (
        noted(event("birth", on="２０２６-０３-０９")),
        "a file at $.events[0].happened_on",
        ("is not a date",),
    ),
    "date with a line end": (
        noted(event("birth", on="2026-03-09\n")),
        "a file at $.events[0].happened_on",
        ("is not a date",),
    ),
    "birth in the future": (
        noted(event("birth", on="2026-05-04")),
        NAMED,
        ("the birth date lies in the future", "correct one"),
    ),
    "birth year in the future": (noted(event("birth", on="2027")), NAMED, ("the birth date lies in the future",)),
    "older than 125": (noted(event("birth", on="1900-01-01")), NAMED, ("an age above 125", "correct the year")),
    "happened after it was recorded": (
        noted(pregnancy_test(on="2026-05-04")),
        NAMED,
        ("it happened after it was recorded", "2026-05-04", "2026-05-02", "correct one of the two dates"),
    ),
    "recorded without a zone": (
        noted(event("birth", recorded_at="2026-05-02T10:00:00")),
        NAMED,
        ("no time zone", "+00:00"),
    ),
    "recorded on a day only": (
        noted(event("birth", recorded_at="2026-05-02")),
        "a file at $.events[0].recorded_at",
        ("RFC3339",),
    ),
    "recorded on no day": (
        noted(event("birth", recorded_at="2026-02-30T10:00:00Z")),
        "a file at $.events[0].recorded_at",
        (),
    ),
    "recorded in year 1": (noted(event("birth", recorded_at="0001-01-01T00:00:00+14:00")), NAMED, ("future",)),
    "prescription in part of a date": (
        noted(event("prescription", on="2026-05", product="x", days=30)),
        NAMED,
        ("a prescription needs the whole date",),
    ),
    "authorisation until some month": (
        noted(event("authorisation", number="1", do_not_dispense_after="2026-06")),
        NAMED,
        ("needs the whole date as printed",),
    ),
    # --- numbers and units
    "negative dose": (
        noted(event("prescription", product="x", days=30, daily_dose_mg="-20")),
        NAMED,
        ("daily_dose_mg is -20; allowed is above 0 up to 1000",),
    ),
    "dose of nothing": (noted(event("dispensing", days=30, daily_dose_mg=0)), NAMED, ("daily_dose_mg is 0",)),
    "zero days": (
        noted(event("prescription", product="x", days=0)),
        "a file at $.events[0].days (event 'x1'):",
        (">= 1",),
    ),
    "367 days": (noted(event("dispensing", days=367)), "a file at $.events[0].days (event 'x1'):", ("<= 366",)),
    "days with a fraction": (noted(event("dispensing", days=30.5)), "a file at $.events[0].days", ("got `float`",)),
    "days as text": (noted(event("dispensing", days="30")), "a file at $.events[0].days", ("got `str`",)),
    "days as truth": (noted(event("dispensing", days=True)), "a file at $.events[0].days", ("got `bool`",)),
    "endless days": (
        swapped(noted(event("dispensing", days="TOKEN")), b"9" * 5000),
        "a file at $.events[0].days",
        (),
    ),
    "NaN as text": (noted(event("weight", value="NaN")), NAMED, ("NaN is not a number that can be measured",)),
    "signalling NaN": (noted(event("weight", value="sNaN")), NAMED, ("not a number that can be measured",)),
    "Infinity as text": (noted(event("weight", value="Infinity")), NAMED, ("Infinity is not a number",)),
    "infinite limit": (noted(lab(upper_limit="-Infinity")), NAMED, ("-Infinity is not a number",)),
    "NaN as a result": (
        noted(lab(value="NaN")),
        "a file at $.events[0].value (event 'x1'):",
        ("'NaN' is not a number", '"<5"'),
    ),
    "words as a result": (noted(lab(value="raised")), "a file at $.events[0].value", ("'raised' is not a number",)),
    "truth as a result": (noted(lab(value=True)), "a file at $.events[0].value", ("true/false is not a number",)),
    "list as a result": (noted(lab(value=[5])), "a file at $.events[0].value", ("is not a number",)),
    "result in other digits": (noted(lab(value="５")), "a file at $.events[0].value", ("is not a number",)),
    "negative result": (noted(lab(value="-1")), NAMED, ("ALT cannot be negative",)),
    "immense result": (
        noted(lab(value=1e300)),
        "a file at $.events[0].value (event 'x1'):",
        ("larger than any measurement",),
    ),
    "overflowing number": (
        swapped(noted(lab(value="TOKEN")), b"1e400"),
        "a file at $.events[0].value",
        ("larger than any",),
    ),
    "immense weight": (noted(event("weight", value="1e999999")), NAMED, ("larger than any measurement",)),
    "minute weight": (noted(event("weight", value="1e-999999")), NAMED, ("more decimal places than any",)),
    "weight of nothing": (noted(event("weight", value=0)), NAMED, ("weight is 0; allowed is above 0 up to 1000",)),
    "weight in lb": (
        noted(event("weight", value=150, unit="lb")),
        NAMED,
        ("unit 'lb' is not known for weight", "write '[lb_av]'"),
    ),
    "weight in stone": (noted(event("weight", value=10, unit="st")), NAMED, ("allowed are kg, g, [lb_av]",)),
    "height in feet": (noted(event("height", value=6, unit="ft")), NAMED, ("allowed are cm, m, [in_i]",)),
    "lipids in mg/dl": (noted(lab(analyte="ldl", unit="mg/dl")), NAMED, ("unit 'mg/dl' is not known", "write 'mg/dL'")),
    "ALT in mmol/L": (noted(lab(unit="mmol/L")), NAMED, ("allowed are U/L, [IU]/L, ukat/L",)),
    "no unit": (noted(lab(unit="")), NAMED, ("unit '' is not known for ALT",)),
    "long unit": (noted(lab(unit="u" * 1000)), NAMED, ("allowed are U/L",)),
    "PHQ-9 with 8 items": (noted(asked("phq9", [0] * 8)), NAMED, ("PHQ-9 has 9 items, not 8; write null",)),
    "an answer of 4": (noted(asked("phq9", [0] * 8 + [4])), "a file at $.events[0].items[8]", ("<= 3",)),
    "an answer of -1": (noted(asked("gad7", [-1] * 7)), "a file at $.events[0].items[0]", (">= 0",)),
    "25 refills": (
        noted(event("prescription", product="x", days=30, refills=25)),
        "a file at $.events[0].refills",
        ("<= 24",),
    ),
    # --- corrections
    "withdrawal of nothing": (
        noted(later("c1", corrects="gone")),
        "a file, event 'c1':",
        ("corrects 'gone', which is not in the record", "name the id"),
    ),
    "withdrawal of a later event": (
        noted(
            later("c1", corrects="x1", recorded_at="2026-05-01T10:00:00+00:00", happened_on="2026-05-01"),
            event("birth"),
        ),
        "a file, event 'c1':",
        ("was not recorded before it", "check recorded_at"),
    ),
    "withdrawal of itself": (noted(later("c1", corrects="c1")), "a file, event 'c1':", ("was not recorded before it",)),
    "amendment of itself": (noted(amending("x2")), "a file, event 'x2':", ("was not recorded before it",)),
    "amendment of another kind": (
        noted(event("sex", sex="female"), amending("x1")),
        "a file, event 'x2':",
        ("a birth cannot amend 'x1', which is a sex", "entered_in_error"),
    ),
    "two amendments of one event": (
        noted(event("birth"), amending("x1", "x2"), amending("x1", "x3")),
        "a file:",
        ("events 'x2' and 'x3' both amend 'x1'", "withdraw one of the two"),
    ),
    "corrections in a circle": (
        noted(amending("x3", "x2"), amending("x2", "x3")),
        "a file, event 'x2':",
        ("in a circle",),
    ),
    **{
        f"{kind} of {product}": (
            noted(event(kind, product=product, days=30)),
            "a file, event 'x1':",
            (f"the product of this {kind} reads as another medicine", "as medicine_started"),
        )
        for kind in ("prescription", "dispensing")
        for product in ("doxycycline", "isotretinoin 0.05% gel", "Isotretinoin and doxycycline", "paracetamol 500 mg")
    },
    "resolution of nothing": (
        noted(event("pregnancy_resolved", resolves=["gone"], how="miscarriage")),
        "a file, event 'x1':",
        ("it resolves 'gone', which is not in the record", "name the positive test"),
    ),
    "resolution of a later event": (
        noted(
            event("pregnancy_resolved", on="2026-04-01", resolves=["x2"], how="miscarriage"),
            event("pregnancy", "x2", on="2026-04-02"),
        ),
        "a file, event 'x1':",
        ("it resolves 'x2', which happened later", "correct one"),
    ),
    "resolution of no event": (
        noted(event("pregnancy_resolved", resolves=[], how="miscarriage")),
        "a file at $.events[0].resolves",
        (),
    ),
    "two births": (
        noted(event("birth", on="1990-01-01"), event("birth", "x2", on="1991-01-01")),
        "a file:",
        ("there are two birth dates (events 'x1', 'x2')", "withdraw the wrong one"),
    ),
}


def refused(source: bytes) -> InputError:
    with pytest.raises(InputError) as caught:
        read_record(source, where="a file")
    return caught.value


@pytest.mark.parametrize("name", CASES)
def test_one_error_with_its_place_and_its_mend(name: str) -> None:
    source, place, words = CASES[name]
    error = refused(source)
    text = str(error)
    assert text.startswith(place)
    for expected in words:
        assert expected in text
    assert error.mend
    assert CANARY not in text and "Quill" not in text
    assert len(text) < 2000
    assert text.isprintable() or set(text) <= {"\n"} | {char for char in text if char.isprintable()}
    assert error.__cause__ is None


def test_no_value_of_an_unknown_field_is_echoed() -> None:
    assert CANARY not in str(refused(written(event("birth", patient=CANARY))))
    assert CANARY not in str(refused(written(event("birth", author={**AUTHOR, "name": CANARY}))))
    assert CANARY not in str(refused(written(event("birth"), nickname=CANARY)))


@pytest.mark.parametrize("field", ["happened_on", "unit", "value", "analyte"])
def test_of_a_wrong_value_only_an_excerpt_is_echoed(field: str) -> None:
    text = str(refused(written(lab(**{field: "a" * 300 + CANARY}))))
    assert CANARY not in text
    assert "a" * 200 not in text


def test_a_record_up_to_the_limit_is_read() -> None:
    source = noted()
    assert read_record(source + b" " * (LARGEST_BYTES - len(source))).events == ()


@pytest.mark.parametrize("analyte", t.ANALYTE_UNITS)
def test_every_spelling_of_a_unit_is_mended(analyte: str) -> None:
    for spelling, code in t.UNIT_SPELLINGS.items():
        if code in t.ANALYTE_UNITS[analyte]:
            assert f"write {code!r}" in str(refused(written(lab(analyte=analyte, unit=spelling))))


def test_event_from_gives_the_same_kind_of_error() -> None:
    with pytest.raises(InputError, match="event 'x1' of kind 'visit'") as caught:
        event_from(event("visit", mode="by post " * 100))
    assert caught.value.mend and len(str(caught.value)) < 500


def test_all_kinds_are_named_when_none_is_near() -> None:
    allowed = refused(written(event("zzz"))).allowed
    assert allowed.split(", ") == list(KINDS)


# --- on the command line --------------------------------------------------------------------------
def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize("name", CASES)
def test_the_command_line_says_one_thing_and_exits_with_2(name: str, tmp_path: Path) -> None:
    path = tmp_path / "patient.json"
    path.write_bytes(CASES[name][0])
    done = run("assess", str(path), "--programme", "us", "--on", "2026-06-01")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith(str(path))
    assert done.stderr.count("To mend: ") == 1
    assert CANARY not in done.output
    assert "Traceback" not in done.output


def noise(path: Path) -> None:
    path.write_bytes(os.urandom(1024 * 1024) * 50)


def digits(path: Path) -> None:
    path.write_bytes(swapped(noted(lab(value="TOKEN")), b"9" * 10_000_000))


def many(path: Path) -> None:
    path.write_bytes(
        written(*(event("birth", f"x{index}", note=CANARY) for index in range(20_000)), event("zzz", "last"))
    )


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (noise, "the file has 52 MB"),
        (digits, "value out of range"),
        (many, "$.events[20000].kind"),
        (lambda path: path.write_bytes(b"[" * 15_000_000), "Expected `object`, got `array`"),
        (lambda path: path.symlink_to("/dev/zero"), "there is more than one record can be"),
    ],
    ids=["50 MB of noise", "ten million digits", "20,000 events", "15 million brackets", "a device without end"],
)
def test_a_process_refuses_what_is_huge(make: Callable[[Path], object], words: str, tmp_path: Path) -> None:
    path = tmp_path / "patient.json"
    make(path)
    done = subprocess.run(
        [ISOCOURSE, "assess", path, "--programme", "us"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert CANARY not in done.stderr
    assert len(done.stderr) < 2000


@pytest.mark.parametrize("name", ["not JSON", "ids used twice", "a lone surrogate"])
def test_a_process_exits_with_2(name: str, tmp_path: Path) -> None:
    path = tmp_path / "patient.json"
    path.write_bytes(CASES[name][0])
    done = subprocess.run([ISOCOURSE, "assess", path], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr and CANARY not in done.stderr


def test_explain_refuses_the_same(tmp_path: Path) -> None:
    path = tmp_path / "patient.json"
    path.write_bytes(json.dumps(record(event("zzz", note=CANARY))).encode())
    done = run("explain", str(path), "category_unknown", "--programme", "us")
    assert done.exit_code == 2
    assert "'zzz' is not a kind of event" in done.stderr
    assert CANARY not in done.output
