"""Photographs from files, measured on all cores: in order, a bounded number at a time, none stopping another."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import msgspec

from isocourse.doors.cli.files import read_bytes
from isocourse.errors import InputError, IsocourseError
from isocourse.skin.calibrate import Calibration
from isocourse.skin.face import FindFaces, face_finder
from isocourse.skin.face_model import load_face_model
from isocourse.skin.findings import Measurement
from isocourse.skin.measure import Look, Settings, look
from isocourse.words.skin_report.pictures import Shown, pictures

ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp"})
FAILED = "The program failed on this photograph ({0}). The other photographs are not affected."
_AHEAD = 2  # photographs waiting for each core


@dataclass(frozen=True)
class Asked:
    """What is done with each photograph. `drawn`: pictures for a report, `many` where there are so many that each has
    one."""

    calibration: Calibration
    settings: Settings
    drawn: bool = False
    many: bool = False
    width: int = 860


class Placed(msgspec.Struct, frozen=True):
    """Where the frame lies, in which marks have their places: a place of it, times `step`, plus `left` and `top`, is a
    pixel of the upright photograph."""

    left: float
    top: float
    step: float


def placed(seen: Look) -> Placed | None:
    """None where nothing was measured."""
    if seen.frame is None:
        return None
    left, top = seen.frame.origin
    return Placed(round(left, 4), round(top, 4), round(seen.frame.step, 6))


@dataclass(frozen=True)
class Done:
    """One photograph. `failed` is not empty where there is no measurement at all."""

    path: Path
    measurement: Measurement | None
    frame: Placed | None = None
    pictures: tuple[Shown, ...] = ()
    failed: str = ""

    @property
    def good(self) -> bool:
        return self.measurement is not None and not self.measurement.refused


def photographs_in(paths: Iterable[Path]) -> list[Path]:
    """The files named, and every photograph in the folders named, in a fixed order. Raises InputError where none is."""
    found: list[Path] = []
    for path in paths:
        try:
            inside = sorted(each for each in path.rglob("*") if each.suffix.lower() in ENDINGS and each.is_file())
            found += inside if path.is_dir() else [path]
        except OSError as error:
            raise InputError(f"it cannot be read ({error.strerror or 'unknown reason'})", where=str(path)) from None
    if not found:
        raise InputError(
            "no photograph was found",
            where=", ".join(map(str, paths)),
            allowed=", ".join(sorted(ENDINGS)),
            mend="name a photograph, or a folder that holds some",
        )
    return list(dict.fromkeys(found))


@lru_cache(maxsize=1)
def finder() -> FindFaces:
    """The face model, loaded once in each process."""
    return face_finder(load_face_model())


def look_at(path: Path, asked: Asked) -> Look:
    """Every stage of one photograph. Raises InputError where the file cannot be read."""
    content = read_bytes(path, too_large="send the photograph as the camera wrote it")
    return look(content, asked.calibration, asked.settings, finder())


def done(path: Path, asked: Asked) -> Done:
    """One photograph; what goes wrong with it is told, not raised."""
    try:
        seen = look_at(path, asked)
        drawn = pictures(seen, width=asked.width, many=asked.many) if asked.drawn else ()
        return Done(path, seen.measurement, placed(seen), drawn)
    except InputError as error:
        return Done(path, None, failed=one_line(error))
    except IsocourseError:
        raise  # the face model is missing: nothing would be measured
    except Exception as error:  # a batch of a thousand does not end at the one that nobody thought of
        return Done(path, None, failed=FAILED.format(type(error).__name__))


def one_line(error: InputError) -> str:
    """What is wrong with a file, and how to mend it."""
    return f"{error.found[:1].upper()}{error.found[1:]}: {error.mend or 'check the file'}."


def all_done(paths: Sequence[Path], asked: Asked, *, processes: int | None = None) -> Iterator[Done]:
    """Each photograph in the order given. One alone is measured here, more of them by one process for each core."""
    finder()  # says here, once, if the model is missing
    many = min(processes or os.cpu_count() or 1, len(paths))
    if many < 2:
        for path in paths:
            yield done(path, asked)
        return
    waiting = deque(paths)
    while waiting:
        yield from _in_processes(waiting, asked, many)
        if waiting:  # a process died: this one alone in a process of its own, then on with the others
            yield _alone(waiting.popleft(), asked)


def _pool(many: int) -> ProcessPoolExecutor:
    # Not forked: OpenCV's threads do not survive that.
    return ProcessPoolExecutor(many, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)


def _begin() -> None:
    """One thread for each process, as there is one process for each core."""
    import cv2

    cv2.setNumThreads(1)


def _in_processes(waiting: deque[Path], asked: Asked, many: int) -> Iterator[Done]:
    """Takes from the left of `waiting` what is done. Ends early where a process dies; its file is then the first."""
    with _pool(many) as pool:
        started: deque[Future[Done]] = deque()
        upcoming = iter(list(waiting))
        _fill(started, upcoming, lambda path: pool.submit(done, path, asked), many * _AHEAD)
        while started:
            try:
                found = started.popleft().result()
            except BrokenProcessPool:
                return
            waiting.popleft()
            yield found
            try:
                _fill(started, upcoming, lambda path: pool.submit(done, path, asked), many * _AHEAD)
            except BrokenProcessPool:
                continue  # what is finished is still taken


def _fill(
    started: deque[Future[Done]], upcoming: Iterator[Path], start: Callable[[Path], Future[Done]], most: int
) -> None:
    while len(started) < most:
        path = next(upcoming, None)
        if path is None:
            return
        started.append(start(path))


def _alone(path: Path, asked: Asked) -> Done:
    with _pool(1) as pool:
        try:
            return pool.submit(done, path, asked).result()
        except BrokenProcessPool:
            return Done(path, None, failed=FAILED.format("its process ended"))
