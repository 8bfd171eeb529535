"""Sentences with parts, dates known in part, and values of facts, in the language of the page."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext

from isocourse.record.dates import partial_date
from isocourse.words import sentence
from isocourse.words.sentence import Word

register = template.Library()


@register.filter
def told(part: object) -> str:
    """A sentence with its parts, beginning with a capital."""
    text = sentence.told(part, gettext)
    return text[:1].upper() + text[1:]


@register.filter
def told_within(part: object) -> str:
    """Words inside a sentence."""
    return sentence.told(part, gettext)


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
        return partial(found) if len(found) == 10 and found[:4].isdigit() else gettext(Word(sentence.word(found)))
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
    shown = gettext(str(role))
    return f"{names[code]} ({shown})" if code in names else shown


@register.filter
def page_name(address: str) -> str:
    """The name of a page in the log of who looked."""
    return gettext("Overview") if address == "patient" else gettext(address.replace("_", " ").capitalize())
