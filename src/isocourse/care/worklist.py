"""The worklist as it is read: sections, filters, counts. Reads only; every query is bounded, and none is per row.

A patient stands once in a section, at the most pressing thing that belongs to it: an item is shown when its rank is the
smallest of the same patient's in the same section, which an index answers row by row, so that a list of fifty reads
about fifty rows however large the clinic is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery

from isocourse.care.deciding import stands, today_in
from isocourse.care.editions import edition_for
from isocourse.errors import InputError
from isocourse.store.models import Clinic, Document, InboxResult, Patient, SavedView, User, WorkItem
from isocourse.words.work import KINDS, PLACES, STATES

COUNTED = 999  # a larger number is shown as "999+"
SHOWN, MOST_SHOWN = 50, 500
# Of the list of today: what nobody can leave for later, and each other section. All of them are one link away.
SHOWN_NOW, IN_A_SECTION = 25, 8
DAYS = ("late", "today", "due", "week")
WHO = ("prescriber", "nurse", "pharmacist")
RISKS = ("0", "1", "2", "3", "4")
SORTS = ("risk", "day", "name")
_MAY = {"place": PLACES, "day": DAYS, "state": STATES, "kind": KINDS, "who": WHO, "risk": RISKS, "sort": SORTS}
MOST_VIEWS = 20


@dataclass(frozen=True)
class Filters:
    """What a list is limited to. All are codes: a filter never holds a name, so that it may stand in an address."""

    place: str = ""
    day: str = ""
    state: str = ""
    kind: str = ""
    who: str = ""
    risk: str = ""
    sort: str = ""

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Filters:
        """From an address. What is no filter, or no value of it, is left out; so is the usual order, unless it stands
        alone: then it is the list of everything."""
        found = {name: given[name] for name, values in _MAY.items() if given.get(name, "") in values}
        if len(found) > 1 and found.get("sort") == "risk":
            del found["sort"]
        return cls(**found)

    @property
    def query(self) -> str:
        """As in an address; empty for the list of today."""
        return urlencode({name: getattr(self, name) for name in _MAY if getattr(self, name)})

    def __bool__(self) -> bool:
        return bool(self.query)

    def condition(self, today: date) -> Q:
        """The same as a condition on things to do."""
        found = Q()
        for name in ("place", "state", "kind", "who", "risk"):
            if value := getattr(self, name):
                found &= Q(**{name: value})
        if self.risk == "" and self.place == "" and self.kind == "":
            found &= Q(risk__lt=4)  # what is only to know is shown where it is asked for
        match self.day:
            case "late":
                found &= Q(by_day__lt=today)
            case "today":
                found &= Q(by_day=today)
            case "due":
                found &= Q(by_day__lte=today)
            case "week":
                found &= Q(by_day__gte=today, by_day__lte=today + timedelta(days=7))
        return found


SECTIONS: tuple[tuple[str, Filters], ...] = (
    ("now", Filters(place="now")),
    ("today", Filters(place="dated", day="today")),
    ("late", Filters(place="dated", day="late")),
    ("window", Filters(place="window", sort="day")),
    ("waiting", Filters(place="waiting")),
    ("result", Filters(place="result")),
    ("vanished", Filters(place="vanished")),
    ("after", Filters(place="after", day="due")),
)


@dataclass
class Row:
    """One patient in a list: the most pressing thing (`item`), what else there is (`more`), days late (negative: days
    left), when a letter was last sent. `stale`: its decision ran out and is being made anew; then nothing of it is
    current."""

    item: WorkItem
    patient: Patient
    stale: bool
    late: int | None
    letter_at: datetime | None = None
    more: list[WorkItem] = field(default_factory=list)

    @property
    def stop(self) -> bool:
        """Whether the capsules are to be stopped now."""
        decision = self.patient.decision
        return self.item.risk == 0 and decision is not None and decision.capsules_in_hand == "stop_now"

    @property
    def why(self) -> list[str]:
        return self.item.why.split("\n") if self.item.why else []


@dataclass
class Section:
    """A part of the list: its rows, how many patients it has (at most COUNTED are counted), and its own address."""

    name: str
    filters: Filters
    rows: list[Row]
    count: int

    @property
    def over(self) -> bool:
        return self.count > COUNTED


@dataclass
class Today:
    """The list of today. `stale`: how many patients are being decided again; `inbox`: results that wait for somebody
    to say whose they are."""

    sections: list[Section]
    stale: int
    inbox: int


def once_each(clinic: Clinic, filters: Filters, today: date) -> QuerySet[WorkItem]:
    """Things to do that a filter leaves, each patient's most pressing alone."""
    condition = filters.condition(today)
    theirs = WorkItem.objects.filter(condition, patient=OuterRef("patient")).order_by("rank")
    # As a value: NOT EXISTS a smaller one says the same, but PostgreSQL makes a join of it that reads the whole table.
    found = WorkItem.objects.filter(condition, clinic=clinic, rank=Subquery(theirs.values("rank")[:1]))
    return found.order_by("by_day", "pk") if filters.sort == "day" else found.order_by("risk", "by_day", "pk")


def first_of(clinic: Clinic, filters: Filters, today: date, most: int) -> list[WorkItem]:
    """The first rows of a list. A span of days sorted by risk is read risk by risk: each is one stretch of an index,
    where the whole would have to be sorted first."""
    found = once_each(clinic, filters, today)
    if filters.sort == "name":
        few = counted(found) <= COUNTED
        names = ("patient__family_name", "patient__given_name", "pk")
        return list(_lean(found.order_by(*names)[:most])) if few else by_name(clinic, filters, today, most)
    if filters.sort != "day" and filters.place in ("", "now") and filters.risk in ("", "0"):
        return _danger_first(filters, found, most)
    return _risk_by_risk(filters, found, most)


# Capsules that are to be stopped now.
_STOP = Q(risk=0, patient__decision__capsules_in_hand="stop_now")


def _danger_first(filters: Filters, found: QuerySet[WorkItem], most: int) -> list[WorkItem]:
    """Whoever has capsules to stop stands first however many there are, and before a window that closes: the first rows
    are all that somebody may ever see."""
    stop = list(_lean(found.filter(_STOP)[:most]))
    first = list(_lean(found.filter(risk=0).exclude(_STOP).exclude(kind="window")[: most - len(stop)]))
    shown = [*stop, *first]
    rest = found.exclude(pk__in=[row.pk for row in shown])
    return [*shown, *_risk_by_risk(filters, rest, most - len(shown))]


def _risk_by_risk(filters: Filters, found: QuerySet[WorkItem], most: int) -> list[WorkItem]:
    if not filters.day or filters.risk or filters.sort == "day":
        return list(_lean(found[:most]))
    rows: list[WorkItem] = []
    for risk in RISKS:
        if len(rows) < most:
            rows += _lean(found.filter(risk=int(risk))[: most - len(rows)])
    return rows


def by_name(clinic: Clinic, filters: Filters, today: date, most: int) -> list[WorkItem]:
    """The same in the order of names. Names have their own index, so the patients come first and then their work."""
    condition = filters.condition(today)
    theirs = WorkItem.objects.filter(condition, patient=OuterRef("pk"))
    people = Patient.objects.filter(Exists(theirs), clinic=clinic).order_by("family_name", "given_name", "pk")
    keys = list(people.values_list("pk", flat=True)[:most])
    first: dict[int, WorkItem] = {}
    for item in _lean(WorkItem.objects.filter(condition, patient__in=keys).order_by("patient", "rank")):
        first.setdefault(item.patient_id, item)
    return [first[key] for key in keys if key in first]


def counted(found: QuerySet[WorkItem]) -> int:
    """How many, as far as it matters."""
    return found.order_by()[: COUNTED + 1].count()


def today_list(clinic: Clinic, now: datetime) -> Today:
    """The list of today, in sections."""
    today = today_in(clinic, now)
    sections = []
    for name, filters in SECTIONS:
        items = first_of(clinic, filters, today, SHOWN_NOW if name == "now" else IN_A_SECTION)
        count = counted(once_each(clinic, filters, today))
        sections.append(Section(name, filters, _rows(items, clinic, now, today), count))
    _complete([row for section in sections for row in section.rows], clinic, today)
    sections[0].rows.sort(key=lambda row: (not row.stop, row.item.closes_at is None, row.item.closes_at or now))
    return Today(sections, stale_count(clinic, now), _in_the_inbox(clinic))


def filtered(clinic: Clinic, filters: Filters, now: datetime, *, shown: int = SHOWN) -> Section:
    """The patients whom a filter leaves, at most `shown`."""
    today = today_in(clinic, now)
    items = first_of(clinic, filters, today, min(shown, MOST_SHOWN))
    rows = _rows(items, clinic, now, today)
    _complete(rows, clinic, today)
    return Section("found", filters, rows, counted(once_each(clinic, filters, today)))


def stale_count(clinic: Clinic, now: datetime) -> int:
    """How many decisions of a clinic have run out, as far as it matters."""
    return Patient.objects.filter(clinic=clinic, merged_into=None, valid_until__lte=now)[: COUNTED + 1].count()


def _in_the_inbox(clinic: Clinic) -> int:
    waiting = InboxResult.objects.filter(clinic=clinic, state=InboxResult.State.WAITING)
    return waiting.order_by()[: COUNTED + 1].count()


def _lean(found: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
    """With what a row shows of patient and decision, and without the whole answers."""
    of_patient = ("key", "number", "given_name", "family_name", "born", "state", "valid_until", "last_seq", "summary")
    of_decision = ("edition", "valid_until", "seen_seq", "capsules_in_hand")
    return found.select_related("patient__decision").only(
        *[name.attname for name in WorkItem._meta.concrete_fields],
        *[f"patient__{name}" for name in (*of_patient, "clinic_id")],
        *[f"patient__decision__{name}" for name in of_decision],
    )


def _rows(items: Iterable[WorkItem], clinic: Clinic, now: datetime, today: date) -> list[Row]:
    edition = edition_for(clinic).name
    rows = []
    for item in items:
        patient = item.patient
        patient.clinic = clinic
        decision = patient.decision
        stale = decision is None or decision.edition != edition or not stands(decision, patient, now)
        rows.append(Row(item, patient, stale, (today - item.due).days if item.due is not None else None))
    return rows


def _complete(rows: list[Row], clinic: Clinic, today: date) -> None:
    """What else there is for each patient, and the last letter: two queries for all rows together."""
    keys = {row.item.patient_id for row in rows}
    others: dict[int, list[WorkItem]] = {}
    for item in WorkItem.objects.filter(patient__in=keys, risk__lt=4).order_by("patient", "rank"):
        others.setdefault(item.patient_id, []).append(item)
    letters = dict(
        Document.objects.filter(patient__in=keys, kind=Document.Kind.RECALL, voided_at=None)
        .order_by()
        .values_list("patient")
        .annotate(last=Max("at"))
    )
    for row in rows:
        row.more = [item for item in others.get(row.item.patient_id, []) if item.pk != row.item.pk]
        row.letter_at = letters.get(row.item.patient_id)


# --- views that somebody keeps --------------------------------------------------------------------
def keep_view(*, by: User, name: str, filters: Filters) -> SavedView:
    """Keep a filter under a name; the same name again replaces it. Raises InputError."""
    name = " ".join(name.split())
    if not name or len(name) > 60:
        raise InputError("a view needs a name of at most 60 characters", where="name")
    if not filters:
        raise InputError("this is the list of today, with no filter to keep", mend="choose a filter first")
    if by.views.exclude(name=name).count() >= MOST_VIEWS:
        raise InputError(f"there are {MOST_VIEWS} views already", mend="delete one first")
    view, _ = SavedView.objects.update_or_create(user=by, name=name, defaults={"query": filters.query})
    return view


def drop_view(*, by: User, pk: int) -> None:
    """Forget a view of one's own."""
    SavedView.objects.filter(user=by, pk=pk).delete()
