"""Identifiers that say nothing about anybody and cannot be guessed."""

from __future__ import annotations

import secrets

# No vowels, so that no word comes about; no characters that are mistaken for others when read aloud.
KEY_LETTERS = "23456789bcdfghjkmnpqrstvwxz"
KEY_LENGTH = 20  # 27 ** 20 is about 95 bits


def new_key() -> str:
    """A random key for a URL: 20 characters, about 95 bits."""
    return "".join(secrets.choice(KEY_LETTERS) for _ in range(KEY_LENGTH))


def new_event_id() -> str:
    """A random id for an event, of the form that the record allows; unique over all patients."""
    return f"e-{new_key()}"
