"""Outlines of marks as SVG points."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

register = template.Library()


@register.filter
def points(outline: Iterable[tuple[float, float]]) -> str:
    """A closed outline, in the units of its picture."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in outline)
