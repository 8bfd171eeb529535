"""What is decoded, and the one sentence for what is not."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from isocourse.errors import InputError
from isocourse.skin.jpeg import standard_table
from isocourse.skin.picture import decode
from tests.skin.files import claimed_png, written

DICE = np.random.default_rng(3)
SMOOTH = np.asarray(
    Image.fromarray(DICE.integers(60, 220, (6, 8, 3), dtype=np.uint8)).resize((160, 120), Image.Resampling.BICUBIC)
)


SMALL = Image.fromarray(SMOOTH)
JPEG = written(SMALL, "JPEG", quality=95)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_what_was_written_without_loss_is_read_to_the_byte(form: str) -> None:
    found = decode(written(SMALL, form, lossless=True))
    assert np.array_equal(found.rgb, SMOOTH) and found.jpeg is None and (found.width, found.height) == (160, 120)


def test_red_is_red_in_a_jpeg() -> None:
    found = decode(written(Image.new("RGB", (64, 64), (200, 40, 30)), "JPEG", quality=95)).rgb
    assert np.abs(found[32, 32].astype(int) - [200, 40, 30]).max() <= 2


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_to_hold_a_camera(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    for form in ("PNG", "JPEG"):
        data = written(SMALL, form, exif=exif)
        expected = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
        assert np.abs(decode(data).rgb.astype(int) - np.asarray(expected).astype(int)).max() <= 2


def test_an_orientation_that_is_none_is_left_alone() -> None:
    exif = Image.Exif()
    exif[0x0112] = 99
    assert decode(written(SMALL, "PNG", exif=exif)).orientation == 1


def test_a_profile_of_its_own_is_converted() -> None:
    """A profile whose red and blue are swapped: read rightly, the colours come out swapped."""
    xyz = {b"rXYZ": (0.1431, 0.0606, 0.7139), b"gXYZ": (0.3851, 0.7169, 0.0971), b"bXYZ": (0.4360, 0.2225, 0.0139)}
    plain = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for index in range(struct.unpack(">I", plain[128:132])[0]):
        name, offset, _ = struct.unpack(">4sII", plain[132 + 12 * index : 144 + 12 * index])
        if name in xyz:
            plain[offset + 8 : offset + 20] = struct.pack(">3i", *(round(v * 65536) for v in xyz[name]))
        if name == b"desc":
            plain[offset + 12 : offset + 12 + 40] = plain[offset + 12 : offset + 12 + 40].replace(b"s", b"t")
    name = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(bytes(plain)))).strip()
    assert not name.lower().startswith("srgb"), name
    found = decode(written(SMALL, "PNG", icc_profile=bytes(plain)))
    assert found.profile == name
    assert np.abs(found.rgb.astype(int) - SMOOTH[:, :, ::-1].astype(int)).max() <= 4


def test_the_profile_of_srgb_changes_nothing() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    found = decode(written(SMALL, "PNG", icc_profile=profile))
    assert np.array_equal(found.rgb, SMOOTH) and found.profile.startswith("sRGB")


@pytest.mark.parametrize("quality", [5, 30, 50, 60, 75, 85, 90, 95, 100])
@pytest.mark.parametrize(("thinned", "name"), [(0, "4:4:4"), (1, "4:2:2"), (2, "4:2:0")])
def test_the_tables_tell_quality_and_thinned_colour(quality: int, thinned: int, name: str) -> None:
    found = decode(written(SMALL, "JPEG", quality=quality, subsampling=thinned)).jpeg
    assert found is not None and found.subsampling == name
    assert np.array_equal(standard_table(found.quality), standard_table(quality))


MOVING = [Image.new("RGB", (32, 32), (200, 150, shade)) for shade in (100, 130)]
BAD = {
    "nothing": (b"", "not a photograph"),
    "text": (b"Dear clinic, here is my face." * 9, "not a photograph"),
    "a page": (b"%PDF-1.7\n" + b"x" * 200, "not a photograph"),
    "a gif": (written(SMALL, "GIF"), "not a photograph"),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 90, "HEIC"),
    "half a jpeg": (JPEG[: len(JPEG) // 2], "not complete"),
    "a jpeg's first bytes": (JPEG[:40], "not complete"),
    "half a png": (written(SMALL, "PNG")[:3000], "not complete"),
    "200 megapixels": (claimed_png(14_200), "larger than any camera"),
    "110 megapixels": (claimed_png(10_500), "larger than any camera"),
    "16 bits": (claimed_png(4, depth=16), "16 bits"),
    "printing colours": (written(SMALL.convert("CMYK"), "JPEG"), "printing colours"),
    "grey": (written(SMALL.convert("L"), "JPEG"), "grey"),
    "grey png": (written(SMALL.convert("L"), "PNG"), "grey"),
    "a palette": (written(SMALL.convert("P"), "PNG"), "drawing"),
    "transparent": (written(Image.new("RGBA", (40, 40), (200, 150, 120, 90)), "PNG"), "transparent"),
    "animated": (written(MOVING[0], "PNG", save_all=True, append_images=MOVING[1:]), "animation"),
    "animated webp": (written(MOVING[0], "WEBP", save_all=True, append_images=MOVING[1:]), "animation"),
    "no profile": (written(SMALL, "PNG", icc_profile=b"no profile at all"), "colour profile"),
}


@pytest.mark.parametrize("name", BAD)
def test_one_clear_sentence_for_what_cannot_be_read(name: str) -> None:
    data, says = BAD[name]
    with pytest.raises(InputError, match=says) as refused:
        decode(data)
    assert "\n" not in refused.value.found and refused.value.mend


def test_a_jpeg_cut_anywhere_is_refused_or_whole() -> None:
    """Wherever the file ends early nothing is measured: what is missing would be painted grey."""
    for end in range(0, len(JPEG) - 2, 37):
        with pytest.raises(InputError):
            decode(JPEG[:end])
    assert decode(JPEG + b"what a phone writes behind the picture").width == 160


def test_a_picture_that_is_opaque_may_say_so() -> None:
    assert decode(written(SMALL.convert("RGBA"), "PNG")).rgb.shape == (120, 160, 3)
