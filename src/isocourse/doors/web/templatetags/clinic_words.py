"""Words on pages that do not stand in a template: sentences of the protocol and of `isocourse.words`."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language, gettext

from isocourse.words.sentence import Sentence, told
from isocourse.words.spelling import american

register = template.Library()


@register.filter
def said(text: object) -> str:
    """A sentence in the reader's language: translated where the catalogue has it, in American spelling in the US.
    What somebody typed inside a `Sentence` stays as it was typed."""
    if not text:
        return ""
    if isinstance(text, Sentence):
        return told(text, said)
    words = gettext(str(text))
    return american(words) if get_language() == "en-us" else words
