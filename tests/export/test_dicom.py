"""Photographs as DICOM: read back by pydicom, held against the standard's own tables of modules (in highdicom), and
nothing of what a telephone writes into a file left.
"""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import highdicom
import msgspec
import numpy as np
import pydicom
import pytest
from PIL import Image, ImageCms
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.uid import JPEGBaseline8Bit, VLPhotographicImageStorage

from isocourse.errors import InputError
from isocourse.export.dicom import Taken, dicom, instance_uid, uid_of
from isocourse.export.jpeg_parts import bare_jpeg
from isocourse.export.person import Person
from isocourse.skin.picture import decode

AT = datetime(2026, 11, 28, 10, 30, tzinfo=UTC)
TAKEN = Taken("study", "series", "photograph", at=AT, px_per_mm=8.0, scale_how="irises", number=2,
              person=Person("17", "Müller", "Éva", "1999-01-02", "F"))  # fmt: skip
TABLES = Path(highdicom.__file__).parent / "_standard"
# Conditional elements whose condition holds for our photographs.
CONDITIONAL = {"PlanarConfiguration", "PixelData", "AnatomicRegionSequence", "SpecificCharacterSet",
               "PatientOrientation"}  # fmt: skip


def picture(width: int = 64, height: int = 48) -> np.ndarray[Any, np.dtype[np.uint8]]:
    dice = np.random.default_rng(7)
    small = dice.integers(0, 255, (6, 8, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def jpeg(rgb: Any = None, **options: Any) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture() if rgb is None else rgb).save(out, "JPEG", **{"quality": 92, **options})
    return out.getvalue()


def png() -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture(63, 47)).save(out, "PNG")  # an odd number of bytes
    return out.getvalue()


def exif(orientation: int = 1) -> bytes:
    found = Image.Exif()
    found[0x0112], found[0x010F], found[0x9286] = orientation, "PHONEMAKER", "a remark about Eva"
    return found.tobytes()


def read(data: bytes, taken: Taken = TAKEN) -> Dataset:
    return pydicom.dcmread(io.BytesIO(dicom(data, taken)))


def missing(dataset: Dataset) -> list[str]:
    """Elements that the modules of this SOP class require and that are not there, or empty where they may not be."""
    iod = json.loads((TABLES / "sop_class_iod_map.json").read_text())[dataset.SOPClassUID]
    modules = json.loads((TABLES / "iod_module_map.json").read_text())[iod]
    attributes = json.loads((TABLES / "module_attribute_map.json").read_text())
    wrong = []
    for module in (each["key"] for each in modules if each["usage"] == "M"):
        for each in attributes[module]:
            if each["path"]:
                continue
            kind, word = each["type"], each["keyword"]
            asked = kind in ("1", "2") or (kind in ("1C", "2C") and word in CONDITIONAL)
            if asked and word not in dataset:
                wrong.append(f"{module}: {word} is not there")
            elif asked and kind.startswith("1") and dataset[word].is_empty:
                wrong.append(f"{module}: {word} is empty")
    return wrong


@pytest.mark.parametrize("data", [jpeg(), png(), jpeg(progressive=True), jpeg(exif=exif(6))])
@pytest.mark.parametrize("deidentified", [False, True])
def test_every_required_element_is_there(data: bytes, deidentified: bool) -> None:
    found = read(data, msgspec.structs.replace(TAKEN, deidentified=deidentified, pseudonym="P1"))
    assert found.SOPClassUID == VLPhotographicImageStorage and found.Modality == "XC"
    assert missing(found) == []
    broken = Dataset(found)
    del broken.AcquisitionContextSequence
    broken.StudyInstanceUID = ""
    assert len(missing(broken)) == 2


@pytest.mark.parametrize("subsampling", [0, 1, 2])
def test_a_baseline_jpeg_goes_in_without_loss(subsampling: int) -> None:
    data = jpeg(subsampling=subsampling, exif=exif())
    found = read(data)
    assert found.file_meta.TransferSyntaxUID == JPEGBaseline8Bit
    (inside,) = generate_frames(found.PixelData, number_of_frames=1)
    seen = np.asarray(Image.open(io.BytesIO(data)))
    assert (np.asarray(Image.open(io.BytesIO(inside))) == seen).all()
    # pydicom spreads thinned colours by another filter than Pillow.
    assert np.abs(found.pixel_array.astype(int) - seen).mean() < 3
    assert found.LossyImageCompression == "01" and found.LossyImageCompressionRatio > 1


def test_what_the_telephone_wrote_is_gone() -> None:
    data = jpeg(exif=exif(), comment=b"taken at home")
    assert b"PHONEMAKER" in data and b"Eva" in data
    written = dicom(data, msgspec.structs.replace(TAKEN, deidentified=True))
    for word in (b"PHONEMAKER", b"Eva", b"Exif", b"taken at home"):
        assert word not in written
    again = dicom(jpeg(exif=exif(6)), TAKEN)
    assert b"PHONEMAKER" not in again


def test_what_lies_behind_the_picture_is_gone() -> None:
    found = bare_jpeg(jpeg() + b"\xff\xd8 a second picture")
    assert found is not None and found.content.endswith(b"\xff\xd9") and b"second" not in found.content


@pytest.mark.parametrize("orientation", [3, 6])
def test_a_turned_photograph_stands_upright(orientation: int) -> None:
    data = jpeg(exif=exif(orientation))
    found = read(data)
    assert (found.pixel_array == decode(data).rgb).all() and found.PhotometricInterpretation == "RGB"
    assert found.ImageType[0] == "DERIVED" and found.LossyImageCompression == "01"


def test_what_lost_nothing_says_so() -> None:
    found = read(png())
    assert found.LossyImageCompression == "00" and "LossyImageCompressionRatio" not in found
    assert found.pixel_array.shape == (47, 63, 3) and found.ImageType[0] == "ORIGINAL"


def test_other_colours_are_converted_to_srgb() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert bare_jpeg(jpeg(icc_profile=profile)) is not None  # as a file it could go in
    wide = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    wide = wide.replace("sRGB".encode("utf-16-be"), "wide".encode("utf-16-be"))
    assert read(jpeg(icc_profile=wide)).PhotometricInterpretation == "RGB"


def test_rgb_inside_a_jpeg_is_said() -> None:
    data = jpeg(keep_rgb=True)
    found = read(data)
    assert found.PhotometricInterpretation == "RGB"
    assert (found.pixel_array == np.asarray(Image.open(io.BytesIO(data)))).all()


def test_a_size_is_said_only_where_it_is_known() -> None:
    assert [float(step) for step in read(jpeg()).PixelSpacing] == [0.125, 0.125]
    assert "PixelSpacing" not in read(jpeg(), msgspec.structs.replace(TAKEN, px_per_mm=None))


def test_part_and_side_of_the_face() -> None:
    (region,) = read(jpeg()).AnatomicRegionSequence
    assert (region.CodeValue, region.CodingSchemeDesignator, region.CodeMeaning) == ("89545001", "SCT", "Face")
    right = read(jpeg(), msgspec.structs.replace(TAKEN, side="right"))
    assert right.ImageLaterality == "R"
    assert right.AnatomicRegionSequence[0].AnatomicRegionModifierSequence[0].CodeMeaning == "Right"


def test_person_and_time() -> None:
    found = read(jpeg())
    assert (str(found.PatientName), found.PatientID, found.PatientBirthDate) == ("Müller^Éva", "17", "19990102")
    assert (found.StudyDate, found.StudyTime, found.TimezoneOffsetFromUTC) == ("20261128", "103000", "+0000")


def test_without_names() -> None:
    found = read(jpeg(), msgspec.structs.replace(TAKEN, deidentified=True, pseudonym="P1"))
    text = str(found)
    assert "Müller" not in text and "1999" not in text and "2026" not in text
    assert found.PatientID == "P1" and found.PatientIdentityRemoved == "YES"
    assert found.RecognizableVisualFeatures == "YES"  # a face is somebody's


def test_the_same_again_is_the_same_file_and_another_has_another_uid() -> None:
    assert dicom(jpeg(), TAKEN) == dicom(jpeg(), TAKEN)
    other = msgspec.structs.replace(TAKEN, instance="another")
    assert instance_uid(other) != instance_uid(TAKEN) == read(jpeg()).SOPInstanceUID
    assert read(jpeg(), other).StudyInstanceUID == read(jpeg()).StudyInstanceUID
    assert all(uid_of("a", str(n)).is_valid for n in range(200))
    assert uid_of("a|b", "c") != uid_of("a", "b|c")


@pytest.mark.parametrize("field", [{"number": "1\\2"}, {"family_name": "x" * 31}, {"given_name": "Eva^Maria"}])
def test_what_dicom_cannot_hold_is_refused_without_quoting_it(field: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        dicom(jpeg(), msgspec.structs.replace(TAKEN, person=Person(**field)))
    assert next(iter(field.values())) not in str(caught.value)


def test_what_is_no_photograph_is_refused() -> None:
    with pytest.raises(InputError):
        dicom(b"no photograph", TAKEN)
