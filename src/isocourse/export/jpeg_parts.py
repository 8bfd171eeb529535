"""A JPEG without what it says about phone, place and time: the picture itself, byte for byte."""

from __future__ import annotations

from dataclasses import dataclass

_START, _END = b"\xff\xd8", b"\xff\xd9"
_BASELINE, _SCAN, _JFIF, _ADOBE = 0xC0, 0xDA, 0xE0, 0xEE
# Tables, sizes and restarts, and the two notes that say how colours are meant. All others are no part of the picture.
_KEPT = {0xC4, 0xDB, 0xDD, _BASELINE, _SCAN, _JFIF, _ADOBE}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_RGB_NAMES = b"RGB"


@dataclass(frozen=True)
class Bare:
    """`content` from start to end of the picture; `ycc` where its colours are YCbCr and not RGB."""

    content: bytes
    ycc: bool


def bare_jpeg(data: bytes) -> Bare | None:
    """The bare picture of a baseline JPEG in three colours of 8 bits; None where it is another kind of JPEG."""
    kept, at, frame, adobe, jfif = [_START], 2, b"", b"", False
    while data[at : at + 1] == b"\xff":
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : at + 2 + length]
        if marker == 0xFF:  # padding before a marker
            at += 1
            continue
        if length < 2 or (marker in _FRAMES and marker != _BASELINE):
            return None
        if marker == _BASELINE:
            frame = body
        elif marker == _ADOBE and body.startswith(b"Adobe"):
            adobe = body
        jfif = jfif or (marker == _JFIF and body.startswith(b"JFIF\0"))
        if marker in _KEPT:
            kept.append(_without_thumbnail(data[at : at + 2 + length], marker))
        at += 2 + length
        if marker == _SCAN:
            break
    end = data.find(_END, at)
    if not frame or end < 0 or frame[0] != 8 or frame[5] != 3:
        return None
    named = bytes(frame[6 + 3 * index] for index in range(3))
    ycc = adobe[11] != 0 if len(adobe) > 11 else jfif or named != _RGB_NAMES
    return Bare(b"".join([*kept, data[at : end + 2]]), ycc)


def _without_thumbnail(segment: bytes, marker: int) -> bytes:
    """JFIF's note may hold a small picture of its own, perhaps of before the photograph was cut."""
    if marker != _JFIF or len(segment) < 18:
        return segment if marker != _JFIF else b""
    note = segment[4:16] + b"\0\0"
    return b"\xff\xe0" + (len(note) + 2).to_bytes(2, "big") + note if note.startswith(b"JFIF\0") else b""
