"""The words of the list: sections, filters, kinds, signs."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from isocourse.care.worklist import DAYS, RISKS, SORTS, WHO, Filters
from isocourse.words.work import KINDS, PLACES, STATES

SECTIONS = {
    "now": _("Act now"),
    "today": _("Due today"),
    "late": _("Overdue"),
    "window": _("Windows closing soon"),
    "waiting": _("Waiting on us"),
    "result": _("Results that came in abnormal"),
    "vanished": _("Vanished"),
    "after": _("After the course"),
}
NOTHING = {
    "now": _("Nobody needs anything at once."),
    "today": _("Nothing is due today."),
    "late": _("Nothing is overdue."),
    "window": _("No window is open that closes soon."),
    "waiting": _("Nothing waits on us."),
    "result": _("No abnormal result waits to be looked at."),
    "vanished": _("Everybody has come back."),
    "after": _("Nothing is due after a course."),
}
PLACE = {
    "now": _("Act now"),
    "dated": _("With a day"),
    "window": _("Open windows"),
    "waiting": _("Waiting on us"),
    "result": _("Abnormal results"),
    "vanished": _("Vanished"),
    "after": _("After the course"),
    "know": _("For information"),
}
KIND = {
    "mood": _("Mood"),
    "result": _("Result"),
    "test": _("Pregnancy test"),
    "effects": _("Unwanted effect"),
    "aftercare": _("Aftercare"),
    "report": _("Report to send"),
    "record": _("Something in the record"),
    "blood_test": _("Blood test"),
    "visit": _("Visit"),
    "window": _("Window"),
    "vanished": _("Vanished"),
    "second_signature": _("Second signature"),
    "signed_override": _("Signed override"),
    "supply_alert": _("Supply to look at"),
}
STATE = {
    "before": _("Before the first supply"),
    "treated": _("In treatment"),
    "paused": _("Paused"),
    "ended": _("Ended"),
    "vanished": _("Vanished"),
}
WHO_DOES = {"prescriber": _("Prescriber"), "nurse": _("Nurse"), "pharmacist": _("Pharmacist")}
DAY = {
    "late": _("Overdue"),
    "today": _("Due today"),
    "due": _("Due or overdue"),
    "week": _("Due within a week"),
}
RISK = {
    "0": _("Act now"),
    "1": _("Today"),
    "2": _("Soon"),
    "3": _("Has time"),
    "4": _("For information"),
}
SORT = {"risk": _("Risk, then days"), "day": _("Day"), "name": _("Name")}


@dataclass(frozen=True)
class Choice:
    """One select of the filter."""

    name: str
    label: object
    values: list[tuple[str, object]]
    chosen: str


def choices(filters: Filters) -> list[Choice]:
    """The selects of the filter with what is chosen."""
    rows: list[tuple[str, object, tuple[str, ...], dict[str, object]]] = [
        ("place", _("Part of the list"), PLACES, dict(PLACE)),
        ("day", _("Day"), DAYS, dict(DAY)),
        ("state", _("Course"), STATES, dict(STATE)),
        ("kind", _("What"), KINDS, dict(KIND)),
        ("who", _("Who does it"), WHO, dict(WHO_DOES)),
        ("risk", _("How pressing"), RISKS, dict(RISK)),
        ("sort", _("Sorted by"), SORTS, dict(SORT)),
    ]
    return [
        Choice(name, label, [(value, words[value]) for value in values], getattr(filters, name))
        for name, label, values, words in rows
    ]


def title_of(filters: Filters) -> str:
    """What a filtered list shows, in words."""
    words = [
        str(value)
        for choice in choices(filters)
        if choice.name != "sort"
        for code, value in choice.values
        if code == choice.chosen
    ]
    return " · ".join(words)
