"""Codes and contents of settings in words."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField

from isocourse.doors.web.clinic_settings.shown import changed_words, shown, words_of

register = template.Library()


@register.filter
def code_words(code: str) -> str:
    """A code in words."""
    return words_of(code)


@register.filter
def what_words(what: str) -> str:
    """What a version of the settings changed."""
    return changed_words(what)


@register.filter
def content(value: Any, kind: str) -> str:
    """What a value of the protocol is set to, with its unit."""
    return shown(value, kind)


@register.filter
def bare(field: BoundField) -> str:
    """A field without the grey words in it, which vanish when one types; its label says what it is."""
    field.field.widget.attrs.pop("placeholder", None)
    return field.as_widget()


@register.filter
def heading(sentence: str) -> str:
    """A sentence as a heading: without its full stop."""
    return sentence.removesuffix(".")
