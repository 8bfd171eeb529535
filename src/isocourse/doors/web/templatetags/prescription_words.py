"""Days on the pages of prescriptions, which come as ISO dates."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.formats import date_format

register = template.Library()


@register.filter
def day(text: str | None) -> str:
    """An ISO date in the reader's format; what is only part of a date, as it is."""
    try:
        return date_format(date.fromisoformat(text or ""), "DATE_FORMAT")
    except ValueError:
        return text or ""
