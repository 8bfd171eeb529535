"""What the tables of the visit are written with; words are marked for gettext."""

from __future__ import annotations

from typing import Any

from isocourse.record import suitability_codes as s
from isocourse.record import terminology as t
from isocourse.words.visit_shape import Entry, Form, Section, Sort, _


def choice(name: str, label: str, literal: object, **more: Any) -> Entry:
    """One code. "Unknown" is what it is while nothing is chosen."""
    return Entry(name, label, "choice", tuple(code for code in t.codes(literal) if code != "unknown"), **more)


def pick(name: str, label: str, literal: object, **more: Any) -> Entry:
    return Entry(name, label, "pick", t.codes(literal), **more)


def on(label: str = _("On"), sort: Sort = "day", *, needed: bool = False) -> Entry:
    """The day. Left empty it is that of the visit; `needed` where that would nearly always be wrong."""
    hint = _("2026-11 if only the month is known") if sort == "when" else ""
    return Entry("_on", label, sort, hint=hint, needed=needed)


WHY = Entry("reason", _("Why"), "area", needed=True)
VERDICT = choice("verdict", _("Beside isotretinoin"), s.Verdict)


def happened(kind: str, label: str, *more: Entry) -> Form:
    """Something that simply happened, on a day."""
    return Form(kind, "_done", (Entry("_done", label, "tick"), on(sort="when"), *more))


def questions(name: str, title: str) -> Section:
    items = Entry("items", title, "items", needed=True)
    return Section(
        name, title, _("Mood"), (Form("questionnaire", "items", (items,), name, "", {"name": name}, layout="items"),)
    )
