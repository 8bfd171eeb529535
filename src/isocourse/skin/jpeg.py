"""What a JPEG file lost when it was written: its quality and how far colour was thinned, read from its own tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

# The luminance table of the JPEG standard (ITU-T T.81, K.1), row by row, at quality 50.
_LUMINANCE = np.array(
    """16 11 10 16 24 40 51 61 12 12 14 19 26 58 60 55 14 13 16 24 40 57 69 56 14 17 22 29 51 87 80 62
    18 22 37 56 68 109 103 77 24 35 55 64 81 104 113 92 49 64 78 87 103 121 120 101
    72 92 95 98 112 100 103 99""".split(),
    dtype=np.float64,
)


class Jpeg(msgspec.Struct, frozen=True):
    """`quality` is 1 to 100 as libjpeg counts, the nearest for tables of its own kind; `subsampling` as in 4:2:0."""

    quality: int
    subsampling: str


def standard_table(quality: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The luminance table that libjpeg writes at a quality."""
    scale = 5000 / quality if quality < 50 else 200 - 2 * quality
    return np.clip(np.floor((_LUMINANCE * scale + 50) / 100), 1, 255)


_TABLES = np.stack([standard_table(quality) for quality in range(1, 101)])


def described(tables: Mapping[int, Sequence[int]], layers: Sequence[Sequence[int]]) -> Jpeg:
    """From the quantization tables (row by row) and the layers (name, horizontal and vertical factor, table)."""
    distance = np.abs(_TABLES - np.asarray(tables[0], dtype=np.float64)).sum(axis=1)
    return Jpeg(quality=int(np.argmin(distance)) + 1, subsampling=_subsampling(layers))


_NAMES = {(1, 1): "4:4:4", (2, 1): "4:2:2", (2, 2): "4:2:0", (4, 1): "4:1:1", (1, 2): "4:4:0"}


def _subsampling(layers: Sequence[Sequence[int]]) -> str:
    if len(layers) < 3:
        return "none"
    across, down = layers[0][1] / layers[1][1], layers[0][2] / layers[1][2]
    return _NAMES.get((int(across), int(down)), f"{across:g}x{down:g}")
