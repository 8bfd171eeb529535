"""A photograph as DICOM: Visible Light Photographic Image (PS3.3 A.32.4), as one file.

A baseline JPEG goes in as it is, so that nothing is lost, without what the file says about phone and place; any other
file goes in as uncompressed RGB. A face is somebody's whatever is removed around it, and the file says so.
"""

from __future__ import annotations

import io
import uuid
from datetime import date, datetime
from typing import Literal

import msgspec
import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian, JPEGBaseline8Bit, VLPhotographicImageStorage

import isocourse
from isocourse.errors import InputError
from isocourse.export.face_codes import FACE, LEFT, RIGHT, Code
from isocourse.export.jpeg_parts import Bare, bare_jpeg
from isocourse.export.person import Person
from isocourse.skin.picture import Picture, decode

Side = Literal["frontal", "right", "left"]
IMPLEMENTATION = UID("2.25.133219025990372784661431806791278111984")  # made once, for this program
# Which way the rows and columns of a picture run: to the person's left, right, front, back, feet.
_ORIENTATION = {"frontal": ["L", "F"], "right": ["AL", "F"], "left": ["PL", "F"]}
_LATERALITY = {"frontal": "U", "right": "R", "left": "L"}
_SAYS = {"frontal": "face from the front", "right": "face, right side", "left": "face, left side"}
_METHOD = "names, dates and file metadata left out; pixels as they are"
_SPACE = uuid.UUID("0b3f65d6-6a43-5b0e-9a44-7f6e0f5f6c52")


class Taken(msgspec.Struct, frozen=True):
    """How a photograph came about. `study`, `series` and `instance` are keys: equal keys give equal UIDs, and a key can
    be told from its UID only by guessing it. `side` is the side of the face towards the camera.

    `at` is the day alone where the time is not known. `px_per_mm` is that of the measurement and None where the scale
    is not known. `pseudonym` is what stands in place of the person in a file without names (`deidentified`), where
    dates are left out as well. `synthetic`: drawn, of nobody.
    """

    study: str
    series: str
    instance: str
    side: Side = "frontal"
    at: datetime | date | None = None
    px_per_mm: float | None = None
    scale_how: str = ""
    number: int = 1
    person: Person = Person()
    deidentified: bool = False
    pseudonym: str = ""
    synthetic: bool = False


def uid_of(*parts: str) -> UID:
    """A UID out of a key (PS3.5 B.2, by a name-based UUID)."""
    return UID(f"2.25.{uuid.uuid5(_SPACE, repr(parts)).int}")


def instance_uid(taken: Taken) -> UID:
    """The UID of the photograph itself."""
    return uid_of("instance", taken.study, taken.series, taken.instance)


def dicom(data: bytes, taken: Taken) -> bytes:
    """The file. Raises InputError for what is no photograph, as `skin.picture.decode` does, and for words that DICOM
    cannot hold."""
    picture = decode(data)
    dataset = Dataset()
    _person(dataset, taken)
    _study_and_series(dataset, taken)
    _image(dataset, taken)
    bare = bare_jpeg(data) if picture.orientation == 1 and _is_srgb(picture) and picture.jpeg is not None else None
    syntax = _encapsulated(dataset, bare, picture) if bare is not None else _plain(dataset, picture, len(data))
    dataset.file_meta = _file_meta(dataset, syntax)
    written = io.BytesIO()
    dataset.save_as(written, enforce_file_format=True)
    return written.getvalue()


def _is_srgb(picture: Picture) -> bool:
    return picture.profile.lower().startswith(("srgb", "none given"))


def _person(dataset: Dataset, taken: Taken) -> None:
    """Patient, or a pseudonym and the word that names were removed (PS3.15 E)."""
    who = taken.person
    if taken.deidentified:
        dataset.PatientName, dataset.PatientBirthDate, dataset.PatientSex = "", "", ""
        dataset.PatientID = _words(taken.pseudonym, 64, "the pseudonym")
        dataset.PatientIdentityRemoved, dataset.DeidentificationMethod = "YES", _METHOD
        dataset.LongitudinalTemporalInformationModified = "REMOVED"
        return
    names = (_words(name, 30, "a name", also="^=") for name in (who.family_name, who.given_name))
    dataset.PatientName = "^".join(names).rstrip("^")
    dataset.PatientID = _words(who.number, 64, "the patient's number")
    dataset.PatientBirthDate = who.born.replace("-", "")
    dataset.PatientSex = who.sex


def _words(text: str, most: int, what: str, *, also: str = "") -> str:
    """Text that DICOM can hold. The message does not quote it: it names somebody."""
    if len(text) > most or any(letter in "\\" + also or ord(letter) < 32 for letter in text):
        raise InputError(
            f"{what} cannot be written as DICOM",
            allowed=f"up to {most} characters, none of \\ {' '.join(also)}".rstrip(),
        )
    return text


def _study_and_series(dataset: Dataset, taken: Taken) -> None:
    at = None if taken.deidentified else taken.at
    day = at.strftime("%Y%m%d") if at is not None else ""
    hour = at.strftime("%H%M%S") if isinstance(at, datetime) else ""
    dataset.StudyInstanceUID = uid_of("study", taken.study)
    dataset.SeriesInstanceUID = uid_of("series", taken.study, taken.series)
    dataset.StudyDate, dataset.StudyTime = day, hour
    if at is not None:
        dataset.ContentDate, dataset.ContentTime = day, hour
        zone = at.strftime("%z") if isinstance(at, datetime) else ""
        dataset.AcquisitionDateTime = f"{day}{hour}{zone}"
        if zone:
            dataset.TimezoneOffsetFromUTC = zone
    dataset.AccessionNumber, dataset.ReferringPhysicianName, dataset.StudyID = "", "", ""
    dataset.Modality = "XC"
    dataset.SeriesNumber = 1
    dataset.SeriesDescription = _SAYS[taken.side]
    dataset.Manufacturer = ""  # of the camera, which nobody asked
    dataset.AcquisitionContextSequence = Sequence()


def _image(dataset: Dataset, taken: Taken) -> None:
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID = VLPhotographicImageStorage
    dataset.SOPInstanceUID = instance_uid(taken)
    dataset.InstanceNumber = taken.number
    dataset.PatientOrientation = _ORIENTATION[taken.side]
    dataset.ImageLaterality = _LATERALITY[taken.side]
    region = _coded(FACE)
    if taken.side != "frontal":
        region.AnatomicRegionModifierSequence = Sequence([_coded(RIGHT if taken.side == "right" else LEFT)])
    dataset.AnatomicRegionSequence = Sequence([region])
    dataset.RecognizableVisualFeatures = "YES"
    dataset.SyntheticData = "YES" if taken.synthetic else "NO"
    if taken.px_per_mm is not None:
        step = f"{1 / taken.px_per_mm:.7f}"
        dataset.PixelSpacing = [step, step]
        dataset.PixelSpacingCalibrationType = "FIDUCIAL"
        dataset.PixelSpacingCalibrationDescription = _words(taken.scale_how, 64, "how the scale was found")


def _coded(code: Code) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code.value, "SCT", code.meaning
    return item


def _encapsulated(dataset: Dataset, bare: Bare, picture: Picture) -> UID:
    """A JPEG as it came. DICOM has one word for all the ways to thin colours (PS3.5 8.2.1); the JPEG tells which."""
    _pixel_module(dataset, picture, "YBR_FULL_422" if bare.ycc else "RGB")
    dataset.ImageType = ["ORIGINAL", "PRIMARY"]
    _lossy(dataset, picture, len(bare.content))
    dataset.PixelData = encapsulate([bare.content])
    return JPEGBaseline8Bit


def _plain(dataset: Dataset, picture: Picture, size: int) -> UID:
    """Upright sRGB pixels, uncompressed."""
    _pixel_module(dataset, picture, "RGB")
    changed = picture.orientation != 1 or not _is_srgb(picture)
    dataset.ImageType = ["DERIVED" if changed else "ORIGINAL", "PRIMARY"]
    if changed:
        dataset.DerivationDescription = "turned upright and converted to sRGB where the file asked for it"
    if picture.jpeg is not None:
        _lossy(dataset, picture, size)
    else:
        dataset.LossyImageCompression = "00"
    content = np.ascontiguousarray(picture.rgb).tobytes()
    dataset.PixelData = content + b"\0" * (len(content) % 2)
    return ExplicitVRLittleEndian


def _pixel_module(dataset: Dataset, picture: Picture, colours: str) -> None:
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation, dataset.PlanarConfiguration = 3, colours, 0
    dataset.Rows, dataset.Columns = picture.height, picture.width
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 8, 8, 7, 0


def _lossy(dataset: Dataset, picture: Picture, size: int) -> None:
    dataset.LossyImageCompression, dataset.LossyImageCompressionMethod = "01", "ISO_10918_1"
    dataset.LossyImageCompressionRatio = f"{picture.rgb.size / size:.2f}"


def _file_meta(dataset: Dataset, syntax: UID) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = dataset.SOPClassUID, dataset.SOPInstanceUID
    meta.TransferSyntaxUID = syntax
    meta.ImplementationClassUID = IMPLEMENTATION
    meta.ImplementationVersionName = f"ISOCOURSE {isocourse.__version__}"[:16]
    return meta
