"""What every command shares: its options, and errors that end in one message."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from isocourse.doors.cli.printing import say
from isocourse.engine.load import programme_names
from isocourse.errors import IsocourseError


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"


RecordPath = Annotated[
    Path,
    typer.Argument(help="A record (isocourse schema record), or a FHIR R4 Bundle of one patient.", metavar="RECORD"),
]
On = Annotated[str | None, typer.Option("--on", help="The day to decide for, YYYY-MM-DD. Default: today.")]
PROGRAMMES = ", ".join(programme_names())
ProgrammeName = Annotated[
    str | None, typer.Option("--programme", help=f"{PROGRAMMES}. Default: the patient's enrolment.")
]
Adopted = Annotated[
    list[str] | None,
    typer.Option("--adopted", help="A version whose go-live is not confirmed, and the day this clinic adopted it.",
                 metavar="EDITION=DATE"),
]  # fmt: skip
ClinicFile = Annotated[
    Path | None,
    typer.Option("--clinic", help="The clinic's own settings (docs/clinic-settings.md).", metavar="FILE"),
]
KnownAt = Annotated[
    str | None, typer.Option("--known-at", help="Decide with what was recorded by then (date, or date and time).")
]
EDITION = (
    "A folder with a protocol, or `this` for the one installed; with +VERSION=DATE for a version that the clinic "
    "adopted. A git revision: git worktree add FOLDER REVISION, then FOLDER/src/isocourse/protocol."
)
Output = Annotated[Format, typer.Option("--format", help="text to read, json for programs.")]


def in_one_message(command: Callable[..., None]) -> Callable[..., None]:
    """Errors a user can mend end in one message and exit code 2, never in a traceback."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except IsocourseError as error:
            say(str(error), error=True)
            raise typer.Exit(2) from None
        except BrokenPipeError:
            raise  # whoever read the output has seen enough: typer ends quietly
        except OSError as error:
            say(_unwritten(error), error=True)
            raise typer.Exit(2) from None
        except UnicodeEncodeError as error:  # its own message would quote the page
            say(f"the page cannot be written as {error.encoding}\n  To mend: set PYTHONIOENCODING=utf-8", error=True)
            raise typer.Exit(2) from None

    return run


def _unwritten(error: OSError) -> str:
    """What stands in the way of a file, which one, and what to do."""
    why = error.strerror or "unknown reason"
    if not error.filename:
        return f"a file or the output cannot be written ({why})"
    mend = "name a place that is there and that may be written to"
    return f"{error.filename}: this cannot be opened or written ({why})\n  To mend: {mend}"
