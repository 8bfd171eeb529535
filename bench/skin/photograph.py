"""One photograph of 12 megapixels from the bytes of its file to all observations, beside what it takes at least.

The photograph is a generated face with the marks of severe acne, enlarged to a telephone's size. "With scikit-image"
is the same work in that library's own functions: read, linear light, working picture, CIELAB, pigments, skin by
polygons and morphology, blobs on a* and L*, label and measure them, two bands of texture, a Laplacian for focus. Where
the face is comes from our own finder in both.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import resource
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import cv2
import numpy as np
from PIL import Image

from isocourse.simulate.faces import Person, course_series, photograph
from isocourse.skin.calibrate import Calibration
from isocourse.skin.face import FindFaces, face_finder
from isocourse.skin.face_model import load_face_model
from isocourse.skin.frame import framed
from isocourse.skin.measure import Look, Settings, look, measure
from isocourse.skin.picture import decode
from isocourse.skin.scale import scale_from_iris

AIM_SECONDS, AIM_TIMES = 0.6, 10.0
_SIZE = (3000, 4000)
_REPEATS = 7
_STREAMED = 12


@dataclass(frozen=True)
class Figures:
    """Seconds, each the median of repeats but `skimage`, which runs once; peak memory in megabytes."""

    megapixels: float
    file_mb: float
    marks: int
    decode: float
    stages: dict[str, float]
    whole: float
    whole_cpu: float
    skimage: float
    memory_before: float
    memory_one: float
    memory_many: float


def large_photograph() -> bytes:
    """A JPEG as a telephone writes it."""
    taken = photograph(Person(3, "intermediate"), course_series(3, "intermediate")[0], seed=2)
    large = cv2.resize(taken.rgb, _SIZE, interpolation=cv2.INTER_CUBIC).astype(np.float32)
    large += np.random.default_rng(1).normal(0, 2, large.shape).astype(np.float32)
    out = io.BytesIO()
    Image.fromarray(np.clip(large, 0, 255).astype(np.uint8)).save(out, "JPEG", quality=92, subsampling=0)
    return out.getvalue()


def figures() -> Figures:
    """Everything measured."""
    data, finder = large_photograph(), face_finder(load_face_model())
    seen = look(data, Calibration(), Settings(), finder)
    if seen.measurement.refused:
        raise RuntimeError(f"the benchmark's photograph was refused: {seen.measurement.refused}")
    whole, cpu = _seconds(lambda: measure(data, Calibration(), Settings(), finder))
    before, one, many = _memory(data)
    return Figures(
        megapixels=seen.measurement.width * seen.measurement.height / 1e6,
        file_mb=len(data) / 1e6,
        marks=len(seen.measurement.spots),
        decode=_seconds(lambda: cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR))[0],
        stages=_stages(data, seen, finder),
        whole=whole,
        whole_cpu=cpu,
        skimage=_once(lambda: with_skimage(data, finder)),
        memory_before=before,
        memory_one=one,
        memory_many=many,
    )


def _seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Median wall-clock and processor seconds."""
    work()
    walls, cpus = [], []
    for _ in range(_REPEATS):
        begun, used = perf_counter(), sum(os.times()[:2])
        work()
        walls.append(perf_counter() - begun)
        cpus.append(sum(os.times()[:2]) - used)
    return float(np.median(walls)), float(np.median(cpus))


def _once(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def _stages(data: bytes, seen: Look, finder: FindFaces) -> dict[str, float]:
    from isocourse.skin.colour import lab
    from isocourse.skin.quality import gates
    from isocourse.skin.regions import regions
    from isocourse.skin.spots import find_spots
    from isocourse.skin.texture import band_maps, bands

    picture, face, scale, frame, where = seen.picture, seen.face, seen.scale, seen.frame, seen.regions
    assert picture and face and scale and frame and where and seen.calibrated and seen.spotless is not None
    linear, spotless = seen.calibrated.linear, seen.spotless
    work: dict[str, Callable[[], object]] = {
        "decode and check the file": lambda: decode(data),
        "face and 478 points": lambda: finder(picture.rgb),
        "working picture": lambda: framed(picture.rgb, face, scale),
        "regions": lambda: regions(frame),
        "quality": lambda: gates(picture, face, scale, frame, where, "frontal"),
        "marks": lambda: find_spots(linear, where.skin, where.labels),
        "texture": lambda: bands(band_maps(lab(linear)[..., 0], spotless, blur=0.1), spotless),
    }
    return {name: _seconds(each)[0] for name, each in work.items()}


# --- with scikit-image ------------------------------------------------------------------------------
def with_skimage(data: bytes, finder: FindFaces) -> tuple[int, float]:
    """The same observations: how many blobs, and the finer texture."""
    from skimage import color, draw, feature, filters, morphology, transform
    from skimage import io as reader
    from skimage import measure as measuring

    rgb = reader.imread(io.BytesIO(data))
    (face,) = finder(rgb)
    frame = framed(rgb, face, scale_from_iris(face))
    light = np.where(rgb / 255 <= 0.04045, rgb / 255 / 12.92, ((rgb / 255 + 0.055) / 1.055) ** 2.4)
    x0, y0 = (max(int(at), 0) for at in frame.origin)
    height, width = frame.linear.shape[:2]
    cut = light[y0 : y0 + int(height * frame.step), x0 : x0 + int(width * frame.step)]
    work = transform.resize(cut, (height, width), anti_aliasing=True)
    lab = color.rgb2lab(np.where(work <= 0.0031308, work * 12.92, 1.055 * np.maximum(work, 0) ** (1 / 2.4) - 0.055))
    dense = -np.log(np.maximum(work, 1e-4)) @ np.linalg.inv([[0.41, 0.30, 1], [0.36, 0.68, 1], [0.84, 0.67, 1]]).T
    hull = cv2.convexHull(frame.points.astype(np.float32))[:, 0]
    skin = np.zeros((height, width), bool)
    skin[draw.polygon(hull[:, 1], hull[:, 0], (height, width))] = True
    skin = morphology.erosion(skin, morphology.disk(16))
    smooth = np.stack([filters.gaussian(lab[..., channel], 12) for channel in range(3)], axis=-1)
    strange = np.abs(smooth - np.median(smooth[skin], axis=0)).max(axis=-1) > 25
    skin &= ~morphology.opening(strange, morphology.disk(20))
    found = 0
    for channel, sign in ((1, 1.0), (0, -1.0)):
        values = np.where(skin, sign * (lab[..., channel] - smooth[..., channel]), 0.0)
        found += len(feature.blob_log(values, min_sigma=3, max_sigma=20, num_sigma=7, threshold=0.5))
        marks = measuring.label(filters.gaussian(values, 2) > 2)
        measuring.regionprops_table(marks, lab[..., 0], properties=("area", "centroid", "mean_intensity"))
    fine = filters.difference_of_gaussians(lab[..., 0], 1.4, 3.4)
    wide = filters.difference_of_gaussians(lab[..., 0], 3.4, 20)
    sharp = float(filters.laplace(lab[..., 0])[skin].var())
    return found, float(np.median(np.abs(fine[skin])) + np.median(np.abs(wide[skin])) + sharp + dense[0, 0, 0])


# --- memory -----------------------------------------------------------------------------------------
def _memory(data: bytes) -> tuple[float, float, float]:
    """Peak megabytes of a process of its own: started, after one photograph, after twelve."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_peaks, (data,))


def _peaks(data: bytes) -> tuple[float, float, float]:
    finder = face_finder(load_face_model())
    found = [_peak()]
    for number in range(_STREAMED):
        measure(data, Calibration(), Settings(), finder)
        if number in (0, _STREAMED - 1):
            found.append(_peak())
    return found[0], found[1], found[2]


def _peak() -> float:
    """Of this process alone where Linux tells it: the other figure begins with the parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        return (
            float(next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM"))) / 1024
        )
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
