"""A photograph without what its file says beside the picture: place, time, device, thumbnails, remarks, films.

JPEG and PNG keep every bit of the picture; what is left beside it is the colour profile and how the camera was held.
WebP is written anew as JPEG.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import cv2
import numpy as np

from isocourse.errors import InputError
from isocourse.skin.picture import Picture, decode

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"iCCP", b"sRGB", b"gAMA", b"cHRM"})
_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"  # without the thumbnail it may hold
_EOI, _SOS = 0xD9, 0xDA
_APPLICATION, _COMMENT = range(0xE0, 0xF0), 0xFE
_QUALITY = 95  # of what has to be written anew


def bare(data: bytes) -> tuple[bytes, Picture]:
    """The same picture with nothing said beside it, and the picture decoded. Raises InputError as `decode` does."""
    picture = decode(data)
    clean = _without(data, picture.orientation)
    if clean is None or not _same(clean, picture):
        clean = encoded(picture, _QUALITY)
    return clean, picture


def encoded(picture: Picture, quality: int) -> bytes:
    """A picture as upright JPEG with full colour, in sRGB."""
    full_colour = [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    bgr = cv2.cvtColor(picture.rgb, cv2.COLOR_RGB2BGR)
    done, made = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality, *full_colour])
    assert done
    return bytes(made)


def _same(clean: bytes, picture: Picture) -> bool:
    try:
        return bool(np.array_equal(decode(clean).rgb, picture.rgb))
    except InputError:
        return False


def _without(data: bytes, orientation: int) -> bytes | None:
    """The file without what stands beside the picture; None where this kind of file is written anew."""
    try:
        if data.startswith(b"\xff\xd8"):
            return b"".join(_jpeg_parts(data, orientation))
        if data.startswith(_PNG) and orientation == 1:
            return _PNG + b"".join(_png_parts(data))
    except (IndexError, struct.error):
        pass  # a file that decodes and is not as its standard says
    return None


def _png_parts(data: bytes) -> Iterator[bytes]:
    at = len(_PNG)
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        name, end = data[at + 4 : at + 8], at + 12 + length
        if name in _PNG_KEPT:
            yield data[at:end]
        if name == b"IEND":
            return
        at = end


def _jpeg_parts(data: bytes, orientation: int) -> Iterator[bytes]:
    """Segments up to the first end mark: what comes after it (films, second pictures) is no part of the picture."""
    yield b"\xff\xd8" + _JFIF
    if orientation != 1:
        yield _held(orientation)
    at = 2
    while True:
        while data[at + 1] == 0xFF:  # filling
            at += 1
        if data[at] != 0xFF:
            raise IndexError
        mark = data[at + 1]
        if mark == _EOI:
            yield b"\xff\xd9"
            return
        (length,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + length
        if end > len(data):
            raise IndexError
        if _kept(mark, data[at + 4 : end]):
            yield data[at:end]
        if mark == _SOS:
            start, end = end, _scan_end(data, end)
            yield data[start:end]
        at = end


def _kept(mark: int, content: bytes) -> bool:
    if mark == 0xE2:
        return content.startswith(b"ICC_PROFILE\0")
    if mark == 0xEE:
        return content.startswith(b"Adobe") and len(content) == 12  # says how colours are written
    return mark not in _APPLICATION and mark != _COMMENT


def _scan_end(data: bytes, at: int) -> int:
    """Where the coded pixels that begin at a place end: at the next mark that is none of their own."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0:
            raise IndexError
        following = data[at + 1]
        if following != 0 and not 0xD0 <= following <= 0xD7 and following != 0xFF:
            return at
        at += 1 if following == 0xFF else 2


def _held(orientation: int) -> bytes:
    """An EXIF segment that says how the camera was held and nothing else."""
    tag = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    content = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + tag + b"\0\0\0\0"
    return b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content
