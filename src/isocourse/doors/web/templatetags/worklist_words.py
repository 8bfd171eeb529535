"""How the worklist says things in few words."""

from __future__ import annotations

from django import template

from isocourse.doors.web.worklist import labels
from isocourse.words.work import in_short

register = template.Library()


@register.filter
def in_few(text: str, most: int = 80) -> str:
    """A sentence in short, for a list."""
    return in_short(text, most)


@register.filter
def section_name(name: str) -> str:
    """The heading of a section."""
    return str(labels.SECTIONS[name])


@register.filter
def section_none(name: str) -> str:
    """What a section says when nobody is in it."""
    return str(labels.NOTHING[name])


@register.filter
def kind_name(kind: str) -> str:
    """What sort of thing there is to do."""
    return str(labels.KIND.get(kind, kind))


@register.filter
def who_does(who: str) -> str:
    """Who does it."""
    return str(labels.WHO_DOES.get(who, who))


@register.filter
def negated(number: int) -> int:
    """Days left, from days late."""
    return -number
