"""Reading what a user names: a record, a FHIR Bundle, a folder of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from isocourse.errors import InputError

LARGEST_BYTES = 64 * 1024 * 1024


def read_bytes(
    path: Path,
    *,
    most: int = LARGEST_BYTES,
    too_large: str = "check that it is one person's record; split a large export",
) -> bytes:
    """The file's bytes. Raises InputError when it is not there, cannot be read or is too large: `too_large` says what
    to do then."""
    try:
        if path.is_dir():
            raise InputError("this is a folder, and a file is wanted", where=str(path), mend="name one file in it")
        with path.open("rb") as file:  # not read_bytes: a pipe or a device has no size to ask for
            content = file.read(most + 1)
            if len(content) > most:
                size = max(path.stat().st_size, len(content))
                raise InputError(
                    f"the file has {size / 1e6:.0f} MB" if path.is_file() else "there is more than one record can be",
                    where=str(path),
                    allowed=f"at most {most // 1024 // 1024} MB",
                    mend=too_large,
                )
            return content
    except OSError as error:
        raise InputError(
            f"the file cannot be read ({error.strerror or 'unknown reason'})", where=str(path), mend="check the name"
        ) from None


def json_files(paths: Iterable[Path]) -> list[Path]:
    """The files named, and every .json file in the folders named, in a fixed order."""
    found: list[Path] = []
    for path in paths:
        try:
            found += sorted(path.rglob("*.json")) if path.is_dir() else [path]
        except OSError as error:
            raise InputError(
                f"it cannot be read ({error.strerror or 'unknown reason'})", where=str(path), mend="check the name"
            ) from None
    if not found:
        raise InputError(
            "no JSON file was found",
            where=", ".join(str(path) for path in paths),
            mend="name a .json file or a folder that holds some",
        )
    return found
