"""From the bytes of a file to an upright sRGB picture, or one sentence that says why not.

Everything is read from the header before a pixel is decoded: what the file is, how large, how many colours. A
photograph with a colour profile of its own (phones write Display P3) is converted by Little CMS.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageCms, UnidentifiedImageError

from isocourse.errors import InputError
from isocourse.skin.jpeg import Jpeg, described
from isocourse.skin.light import Bytes

LARGEST_PIXELS = 100_000_000
_FORMATS = ("JPEG", "PNG", "WEBP")
_JPEGS = ("JPEG", "MPO")  # MPO: the JPEG of some phones, with a second picture behind the first
_ALLOWED = "a colour photograph as JPEG, PNG or WebP, 8 bits for each colour"
_RESEND = "send the photograph as the camera wrote it"


@dataclass(frozen=True, eq=False)
class Picture:
    """`rgb` is upright sRGB, 8 bits; `jpeg` is None where the file is none; `profile` names the file's colours."""

    rgb: Bytes
    jpeg: Jpeg | None
    profile: str
    orientation: int

    @property
    def height(self) -> int:
        return int(self.rgb.shape[0])

    @property
    def width(self) -> int:
        return int(self.rgb.shape[1])


def decode(data: bytes) -> Picture:
    """The picture in a file. Raises InputError with one sentence for the person who sent it."""
    header = _header(data)
    _refuse_what_cannot_be_measured(header, data)
    profile = header.info.get("icc_profile")
    jpeg = None
    if header.format in _JPEGS:
        jpeg = described(header.quantization, header.layer)  # type: ignore[attr-defined]  # of JpegImageFile
    orientation = _orientation(header)
    name, needs_conversion = _profile(profile)
    rgb = _converted(header, profile) if needs_conversion and profile else _pixels(header, data)
    return Picture(_upright(rgb, orientation), jpeg, name, orientation)


def _header(data: bytes) -> Image.Image:
    if data[4:8] == b"ftyp":
        raise InputError("this is a HEIC or AVIF file or a film", allowed=_ALLOWED, mend="set the camera to JPEG")
    try:
        return Image.open(io.BytesIO(data), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except UnidentifiedImageError:
        raise InputError("this is not a photograph that can be read", allowed=_ALLOWED, mend=_RESEND) from None
    except (OSError, ValueError, SyntaxError, struct.error, EOFError):
        raise _damaged() from None


def _too_large() -> InputError:
    return InputError(
        "this picture is larger than any camera's",
        allowed=f"up to {LARGEST_PIXELS // 1_000_000} megapixels",
        mend=_RESEND,
    )


def _damaged() -> InputError:
    return InputError("this file is damaged or not complete", allowed=_ALLOWED, mend="send it again")


def _refuse_what_cannot_be_measured(header: Image.Image, data: bytes) -> None:
    if header.width * header.height > LARGEST_PIXELS:
        raise _too_large()
    if getattr(header, "is_animated", False) and header.format != "MPO":
        raise InputError("this is an animation", allowed=_ALLOWED, mend="send one photograph")
    if header.format == "PNG" and data[24] > 8:
        raise InputError("this picture has 16 bits for each colour", allowed=_ALLOWED, mend=_RESEND)
    if header.mode in ("1", "L", "LA", "I", "I;16", "F"):
        raise InputError("this picture is grey; skin is measured by its colour", allowed=_ALLOWED, mend=_RESEND)
    if header.mode == "CMYK":
        raise InputError("this picture is in printing colours (CMYK)", allowed=_ALLOWED, mend=_RESEND)
    if header.mode != "RGB" and not (header.mode == "RGBA" and _opaque(header)):
        raise InputError("this picture is a drawing or is transparent in places", allowed=_ALLOWED, mend=_RESEND)


def _opaque(header: Image.Image) -> bool:
    try:
        return bool(header.getchannel("A").getextrema()[0] == 255)
    except (OSError, SyntaxError, ValueError):
        raise _damaged() from None


def _orientation(header: Image.Image) -> int:
    try:
        found = header.getexif().get(0x0112, 1)
    except (OSError, ValueError, SyntaxError, struct.error, KeyError, TypeError):
        return 1  # an unreadable note beside a readable picture
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _profile(profile: bytes | None) -> tuple[str, bool]:
    """The profile's name, and whether colours have to be converted from it."""
    if not profile:
        return "none given, taken as sRGB", False
    try:
        name = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile))).strip()
    except (ImageCms.PyCMSError, OSError):
        raise InputError("the colour profile in this file cannot be read", allowed=_ALLOWED, mend=_RESEND) from None
    return name, not name.lower().startswith("srgb")


def _converted(header: Image.Image, profile: bytes) -> Bytes:
    source, target = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
    try:
        found = ImageCms.profileToProfile(
            header.convert("RGB"), source, target, ImageCms.Intent.RELATIVE_COLORIMETRIC, outputMode="RGB"
        )
    except ImageCms.PyCMSError:
        raise InputError("the colour profile in this file cannot be used", allowed=_ALLOWED, mend=_RESEND) from None
    except (OSError, SyntaxError, ValueError):
        raise _damaged() from None
    assert found is not None  # only with inPlace
    return np.asarray(found, dtype=np.uint8)


def _pixels(header: Image.Image, data: bytes) -> Bytes:
    if header.format not in _JPEGS:
        try:
            return np.asarray(header.convert("RGB"), dtype=np.uint8)
        except (OSError, SyntaxError, ValueError):
            raise _damaged() from None
    # OpenCV decodes in two thirds of Pillow's time but paints what is missing grey, so the end has to be there. The two
    # bytes of the end mark cannot stand inside the picture's own data.
    if data.find(b"\xff\xd9", max(data.find(b"\xff\xda"), 0)) < 0:
        raise _damaged()
    found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION)
    if found is None or found.shape[:2] != (header.height, header.width):
        raise _damaged()
    return np.asarray(found, dtype=np.uint8)


def _upright(rgb: Bytes, orientation: int) -> Bytes:
    """EXIF's eight ways to hold a camera, undone."""
    if orientation in (2, 4, 5, 7):
        rgb = cv2.flip(rgb, 1) if orientation in (2, 5, 7) else cv2.flip(rgb, 0)  # type: ignore[assignment]
    turn = {3: cv2.ROTATE_180, 5: cv2.ROTATE_90_COUNTERCLOCKWISE, 6: cv2.ROTATE_90_CLOCKWISE,
            7: cv2.ROTATE_90_CLOCKWISE, 8: cv2.ROTATE_90_COUNTERCLOCKWISE}.get(orientation)  # fmt: skip
    return np.asarray(rgb if turn is None else cv2.rotate(rgb, turn), dtype=np.uint8)
