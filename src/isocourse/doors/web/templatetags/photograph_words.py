"""Outlines of marks as SVG points; where a mark is and of which kind."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from isocourse.doors.web.templatetags.clinic_words import said
from isocourse.words.photograph import MARKS, REGIONS

register = template.Library()


@register.filter
def points(outline: Iterable[tuple[float, float]]) -> str:
    """A closed outline, in the units of its picture."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in outline)


@register.filter
def region(name: str) -> str:
    """A part of the face."""
    return said(REGIONS.get(name, name))


@register.filter
def mark_kind(kind: str) -> str:
    """One mark's kind."""
    return said(MARKS.get(kind, kind))
