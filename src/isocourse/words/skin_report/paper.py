"""The report as PDF: tagged, A4, the same bytes for the same arguments."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

import msgspec
import typst
from msgspec import Struct

from isocourse.errors import InputError
from isocourse.skin.figures import NOT_LOOKED_FOR
from isocourse.skin.findings import Comparison, Measurement
from isocourse.words.skin_report.pictures import Shown
from isocourse.words.skin_report.sheet import NOT_VALIDATED, change_sheet, sheet


class Heading(Struct, frozen=True):
    """What stands above the figures: who, which photographs, which clinic. All may be empty. `synthetic` is printed
    across every page."""

    title: str = "Photographs of the skin"
    person: str = ""
    clinic: str = ""
    dates: str = ""
    synthetic: bool = False


@lru_cache(maxsize=1)
def _layout() -> bytes:
    """It holds no content: that comes in beside it as data, so that nothing typed is read as layout."""
    return files(__package__).joinpath("paper.typ").read_bytes()


def measured_pdf(
    measured: Measurement,
    pictures: Sequence[Shown],
    *,
    heading: Heading,
    at: datetime,
    shots: Sequence[Measurement] = (),
) -> bytes:
    """One photograph. `at` is when the paper is made, `shots` are photographs of one visit (`sheet`)."""
    told = sheet(measured, "", shots)
    rows = [(row.name, row.value, row.error) for row in told.rows if row.error != NOT_LOOKED_FOR]
    content = {
        "says": f"Not measured. {told.refused}" if told.refused else told.says,
        "heads": ("figure", "value", "one standard error, or why not"),
        "rows": rows,
        "notes": (*(check.says for check in told.checks if check.says and check.says != told.refused), *told.facts),
    }
    return _pdf(content, pictures, heading, at)


def compared_pdf(compared: Comparison, pictures: Sequence[Shown], *, heading: Heading, at: datetime) -> bytes:
    """Two photographs: baseline and follow-up come first among the pictures."""
    told = change_sheet(compared)
    content = {
        "says": f"Not compared. {told.refused}" if told.refused else told.says,
        "heads": ("figure", "baseline", "follow-up", "noise", "what that says"),
        "rows": [(row.what, row.before, row.after, row.noise, row.verdict) for row in told.rows],
        "notes": (*told.notes, *told.facts),
    }
    return _pdf(content, pictures, heading, at)


def _pdf(content: dict[str, Any], pictures: Sequence[Shown], heading: Heading, at: datetime) -> bytes:
    whole = {
        **content,
        **msgspec.to_builtins(heading),
        "caveat": NOT_VALIDATED,
        "pictures": [{"svg": _svg(each), "alt": each.alt, "caption": each.caption} for each in pictures],
    }
    try:
        return typst.compile(
            _layout(),
            format="pdf",
            sys_inputs={"content": msgspec.json.encode(whole).decode()},
            timestamp=int(at.timestamp()),
            pdf_standards="ua-1",
        )
    except typst.TypstError:
        # Its message quotes what cannot be shown: a name.
        raise InputError(
            "the PDF cannot show every character of this report",
            mend="have a font for this script installed on the server",
        ) from None


def _svg(picture: Shown) -> str:
    """typst takes data as text: the JPEG goes in inside a drawing."""
    size = f'width="{picture.width}" height="{picture.height}"'
    inside = base64.b64encode(picture.jpeg).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image {size} href="data:image/jpeg;base64,{inside}"/></svg>'
    )
