"""A prescription as PDF: tagged, from the kept content alone, so that it is printed again as it was."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec
import typst

from isocourse.care.papers import Paper
from isocourse.errors import InputError

_TEMPLATE = Path(__file__).resolve().parent.parent / "templates" / "prescription" / "prescription.typ"


@lru_cache(maxsize=1)
def _template() -> bytes:
    """The layout. It holds no content: that comes in beside it as data, so that nothing typed is read as layout."""
    return _TEMPLATE.read_bytes()


def pdf(paper: Paper) -> bytes:
    """The paper of a prescription, stamped where nothing is to be dispensed on it; the same bytes for the same content
    and state. Raises InputError where no font on
    this machine shows every character of it: a name that is not to be read identifies nobody."""
    document = paper.document
    stamp, says = paper.stamp
    content = {**document.content, "stamp": stamp, "stamp_says": says}
    try:
        return typst.compile(
            _template(),
            format="pdf",
            sys_inputs={"content": msgspec.json.encode(content).decode()},
            timestamp=int(document.at.timestamp()),
            pdf_standards="ua-1",
        )
    except typst.TypstError:
        # Its message quotes what cannot be shown: a name.
        raise InputError(
            "the PDF cannot show every character of this paper",
            mend="print the page itself, and have a font for this script installed on the server",
        ) from None
