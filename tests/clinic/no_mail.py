"""A mail server that refuses every connection: nothing listens there."""

from __future__ import annotations

from typing import Any

from django.core.mail.backends.smtp import EmailBackend


class Backend(EmailBackend):
    """Django's own, pointed at a port on which nobody listens."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "host": "127.0.0.1", "port": 1})
