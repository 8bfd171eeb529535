"""Answers, grades, designs and subjects of the evidence library in words."""

from __future__ import annotations

from django import template

from isocourse.doors.web.templatetags.clinic_words import said
from isocourse.words import evidence

register = template.Library()
_COLOUR = {"supported": "good", "partly": "accent", "contradicted": "stop", "not_shown": "warn", "unknown": ""}


@register.filter
def answer_words(code: str) -> str:
    """An answer: "Not shown"."""
    return said(evidence.ANSWERS[code])


@register.filter
def answer_colour(code: str) -> str:
    """The colour of an answer's tag; the words say the same."""
    return _COLOUR[code]


@register.filter
def grade_words(grade: str) -> str:
    """What a grade means."""
    return said(evidence.GRADES[grade])


@register.filter
def subject_words(code: str) -> str:
    """A subject: "Dark spots and red marks"."""
    return said(evidence.SUBJECTS[code])


@register.filter
def design_words(code: str) -> str:
    """A design of a study: "Randomised trial"."""
    return said(evidence.DESIGNS[code])
