"""The report as PDF: tagged, on A4 or US letter, the same bytes for the same arguments. Every sentence of ours passes
`say`, which puts it into the reader's language."""

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
from isocourse.words.sentence import Say, said, told
from isocourse.words.skin_report.pictures import Shown
from isocourse.words.skin_report.sheet import NOT_VALIDATED, change_sheet, sheet


class Heading(Struct, frozen=True):
    """What stands above the figures: who, which photographs, which clinic. All may be empty. `synthetic` is printed
    across every page. `language` is what the paper says its language is, as in en-gb."""

    person: str = ""
    clinic: str = ""
    dates: str = ""
    synthetic: bool = False
    language: str = "en-gb"


def _labels(say: Say) -> dict[str, str]:
    """What the layout says by itself."""
    return {
        "title": say("Photographs of the skin"),
        "not_validated": say("Not validated. Not a diagnosis."),
        "page": say("page {0} of {1}"),
        "synthetic_mark": say("SYNTHETIC"),
        "synthetic_says": say("These faces are generated. Nobody looks like this."),
        "figures": say("Figures"),
        "known": say("What has to be known"),
        "maps": say("Where colour changed"),
        "caveat": say(NOT_VALIDATED),
    }


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
    say: Say = str,
) -> bytes:
    """One photograph. `at` is when the paper is made, `shots` are photographs of one visit (`sheet`)."""
    return _pdf(measured_words(measured, shots, say=say), pictures, heading, at)


def compared_pdf(
    compared: Comparison, pictures: Sequence[Shown], *, heading: Heading, at: datetime, say: Say = str
) -> bytes:
    """Two photographs: baseline and follow-up come first among the pictures."""
    return _pdf(compared_words(compared, say=say), pictures, heading, at)


def measured_words(measured: Measurement, shots: Sequence[Measurement] = (), *, say: Say = str) -> dict[str, Any]:
    """What stands on the paper of one photograph beside heading and pictures."""
    found = sheet(measured, "", shots, say=say)
    unlooked = say(NOT_LOOKED_FOR)
    return {
        "labels": _labels(say),
        "says": told(said("Not measured. {0}", found.refused), say) if found.refused else found.says,
        "heads": (say("figure"), say("value"), say("one standard error, or why not")),
        "rows": [(row.name, row.value, row.error) for row in found.rows if row.error != unlooked],
        "notes": (*(check.says for check in found.checks if check.says and check.says != found.refused), *found.facts),
    }


def compared_words(compared: Comparison, *, say: Say = str) -> dict[str, Any]:
    """What stands on the paper of two photographs beside heading and pictures."""
    found = change_sheet(compared, say=say)
    return {
        "labels": _labels(say),
        "says": told(said("Not compared. {0}", found.refused), say) if found.refused else found.says,
        "heads": (say("figure"), say("baseline"), say("follow-up"), say("noise"), say("what that says")),
        "rows": [(row.what, row.before, row.after, row.noise, row.verdict) for row in found.rows],
        "notes": (*found.notes, *found.facts),
    }


def _pdf(words: dict[str, Any], pictures: Sequence[Shown], heading: Heading, at: datetime) -> bytes:
    whole = {
        **words,
        **msgspec.to_builtins(heading),
        "paper": "us-letter" if heading.language == "en-us" else "a4",
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
