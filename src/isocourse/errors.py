"""The one small tree of errors a user can meet.

Every error says what was found, where, what is allowed and how to mend it, and never carries a
traceback, a patient's name or a whole document. Doors print `str(error)` and stop.
"""

from __future__ import annotations


class IsocourseError(Exception):
    """Base of every error that a user may see.

    `found` is what was met, `where` the place (a file and line, a JSON path, an event id),
    `allowed` what would have been accepted and `mend` what to do next.
    """

    def __init__(self, found: str, *, where: str = "", allowed: str = "", mend: str = "") -> None:
        self.found = found
        self.where = where
        self.allowed = allowed
        self.mend = mend
        super().__init__(self._text())

    def _text(self) -> str:
        parts = [f"{self.where}: {self.found}" if self.where else self.found]
        if self.allowed:
            parts.append(f"Allowed: {self.allowed}")
        if self.mend:
            parts.append(f"To mend: {self.mend}")
        return "\n  ".join(parts)


class InputError(IsocourseError):
    """A record, a bundle or an argument that cannot be read. The command line exits with 2."""


class ProtocolError(IsocourseError):
    """A protocol file that breaks the language. Names the file and the line."""


class NotInForce(IsocourseError):
    """A date on which the programme asked for has no rules: an error, never a default."""
