"""`isocourse results`: what the inbox would read of a laboratory report, for laboratories that try their exports."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from isocourse.doors.cli.files import read_bytes
from isocourse.doors.cli.printing import print_lines
from isocourse.errors import InputError
from isocourse.exchange.lab_reports import LabReport
from isocourse.exchange.report_source import LARGEST_BYTES, read_report, source_of
from isocourse.words.results import lab_report_lines


def show_reports(paths: Sequence[Path], *, as_json: bool, now: datetime) -> None:
    """Read reports and print what was read of each, and what was not. Nothing is kept."""
    reports = [(path, _read(path, now)) for path in paths]
    if as_json:
        plain = [msgspec.to_builtins(report) for _, report in reports]
        sys.stdout.write(msgspec.json.encode(plain).decode() + "\n")
        return
    for path, report in reports:
        print_lines(lab_report_lines(report, str(path)))


def _read(path: Path, now: datetime) -> LabReport:
    raw = read_bytes(path, most=LARGEST_BYTES)
    try:
        return read_report(source_of(raw), came_at=now)
    except InputError as error:
        raise InputError(error.found, where=str(path), allowed=error.allowed, mend=error.mend) from None
