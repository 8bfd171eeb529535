"""Sentences with parts, dates known in part, and values of facts, in the language of the page."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy

from isocourse.doors.web.templatetags.clinic_words import said
from isocourse.record.dates import partial_date
from isocourse.words import sentence

register = template.Library()


@register.filter
def told(part: object) -> str:
    """A sentence with its parts, beginning with a capital; names such as mMASI and hCG stay as they are."""
    text = sentence.told(part, said)
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


@register.filter
def told_within(part: object) -> str:
    """Words inside a sentence."""
    return sentence.told(part, said)


@register.filter
def partial(text: str | None) -> str:
    """A date as written, of which only a part may be known: a day as the clinic writes days, else as it is."""
    if not text:
        return ""
    try:
        known = partial_date(text)
    except ValueError:
        return text
    return day(known.first) if known.exact else text


@register.filter
def day(ordinal: int) -> str:
    """A day number as a date."""
    return date_format(date.fromordinal(ordinal), "DATE_FORMAT")


@register.filter
def weekday(text: str | None) -> str:
    """An ISO date with its weekday: Sat 28 Nov 2026."""
    return date_format(date.fromisoformat(text), "D ") + partial(text) if text else ""


@register.filter
def value(found: object) -> str:
    """The value of a fact or limit as people read it."""
    if found is None:
        return gettext("not known")
    if isinstance(found, bool):
        return gettext("yes") if found else gettext("no")
    if isinstance(found, list | tuple):
        return ", ".join(value(each) for each in found) or gettext("none")
    if isinstance(found, str):
        return partial(found) if len(found) == 10 and found[:4].isdigit() else said(sentence.word(found))
    return str(found)


@register.filter
def length_is_short(found: object) -> bool:
    """Whether a value is short enough to stand in a line."""
    return not isinstance(found, list | tuple | dict) or len(found) <= 6


@register.filter
def author_name(written: object, names: dict[str, str]) -> str:
    """Who wrote an entry: the colleague's name, or else the role."""
    author = getattr(written, "author", "")
    code = author if isinstance(author, str) else author.id
    role = getattr(written, "role", "") or getattr(author, "role", "")
    shown = said(role)
    return f"{names[code]} ({shown})" if code in names else shown


# Pages that somebody can look at, by the name of their address.
PAGES = {
    "patient": gettext_lazy("Overview"),
    "flowsheet": gettext_lazy("Flowsheet"),
    "story": gettext_lazy("Story"),
    "withdraw_event": gettext_lazy("Withdraw an entry"),
    "amend_event": gettext_lazy("Amend an entry"),
    "decisions": gettext_lazy("Decisions over time"),
    "details": gettext_lazy("Details"),
    "merge": gettext_lazy("Merge two records"),
    "visit": gettext_lazy("Visit"),
    "prescription": gettext_lazy("Prescription"),
    "photograph": gettext_lazy("One photograph"),
    "photograph_dicom": gettext_lazy("Photograph (DICOM)"),
    "photograph_fhir": gettext_lazy("Figures (FHIR)"),
    "expectations": gettext_lazy("What to expect"),
    "expectations_sheet": gettext_lazy("What to expect, sheet for the patient"),
}


@register.filter
def page_name(address: str) -> str:
    """The name of a page in the log of who looked. A photograph that was opened has its key behind the name."""
    if address.startswith("photograph "):
        return gettext("Photograph {0} opened").format(address.partition(" ")[2][:6])
    return str(PAGES.get(address) or said(address.replace("_", " ").capitalize()))
