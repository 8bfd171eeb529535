"""A thousand photographs by `isocourse skin measure FOLDER`: how fast, and whether memory grows with their number.

Ten generated faces as JPEG, one of each tone and then other people, copied until there are a thousand files. Memory is
that of the command and all its processes together (`VmRSS` of Linux, looked at five times a second), so pages that they
share count once for each. Run alone: `python bench/skin/thousand.py [HOW MANY]`; not part of `make bench`.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from isocourse.simulate.faces import TONES, Camera, Person, course_series, photograph

MANY, EARLY = 1000, 0.1  # early: a hundred of a thousand
MOST_GROWTH = 1.10  # of the early peak: more would mean that something is kept of each photograph
_DIFFERENT = 10
_CAMERA = Camera(width=1300, height=1720, px_per_mm=6.5, jpeg=92)
_EVERY = 0.2


@dataclass(frozen=True)
class Figures:
    """Peaks in megabytes until the first `few` photographs were measured and until all were; photographs a second after
    these, so without starting; `refused` of them were not measured."""

    photographs: int
    few: int
    processes: int
    early: float
    whole: float
    per_second: float
    refused: int

    @property
    def bounded(self) -> bool:
        return self.whole <= MOST_GROWTH * self.early


def figures(many: int = MANY) -> Figures:
    """Everything measured. Raises RuntimeError where the command ends early, and OSError without /proc."""
    with TemporaryDirectory() as folder:
        _written(Path(folder), many)
        return _watched(Path(folder), many)


def _written(folder: Path, many: int) -> None:
    tones = list(TONES)
    for number in range(min(_DIFFERENT, many)):
        tone = tones[number % len(tones)]
        taken = photograph(Person(number, tone), course_series(number, tone)[0], _CAMERA, seed=number)
        for copy in range(number, many, _DIFFERENT):
            (folder / f"{copy:04}.jpg").write_bytes(taken.jpeg or b"")


def _watched(folder: Path, many: int) -> Figures:
    command = [str(Path(sys.executable).with_name("isocourse")), "skin", "measure", str(folder)]
    few = max(round(EARLY * many), 1)
    done, refused, early, begun = 0, 0, 0.0, 0.0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as running:
        assert running.stdout is not None
        memory = _Memory(running.pid)
        for line in running.stdout:  # one photograph on each, as it comes
            if not line.startswith(b'{"file"'):
                continue
            done += 1
            refused += b'"not_measured"' in line
            if done == few:
                early, begun = memory.peak, perf_counter()
        ended = perf_counter()
        memory.stop()
    if done != many:
        raise RuntimeError(f"{done} of {many} photographs came back")
    rate = (many - few) / max(ended - begun, 1e-9)
    return Figures(many, few, memory.processes, early, memory.peak, rate, refused)


class _Memory:
    """Looks at a process and all that it started, until it is stopped."""

    def __init__(self, pid: int) -> None:
        self.peak = 0.0
        self.processes = 0
        self._over = Event()
        self._thread = Thread(target=self._watch, args=(pid,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self, pid: int) -> None:
        while not self._over.wait(_EVERY):
            found = [_megabytes(each) for each in _family(pid)]
            self.peak = max(self.peak, sum(found))
            self.processes = max(self.processes, len(found))


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue  # it ended meanwhile
        for child in children:
            yield from _family(int(child))


def _megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(float(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def main() -> int:
    found = figures(int(sys.argv[1]) if len(sys.argv) > 1 else MANY)
    print(f"{found.photographs} photographs of {_CAMERA.width * _CAMERA.height / 1e6:.1f} megapixels, "
          f"{found.processes} processes, {found.refused} not measured")  # fmt: skip
    print(f"peak memory until {found.few}: {found.early:,.0f} MB; until {found.photographs}: {found.whole:,.0f} MB "
          f"(allowed {MOST_GROWTH:.2f} times): {'bounded' if found.bounded else 'GROWS'}")  # fmt: skip
    print(f"{found.per_second:.2f} a second after the first {found.few}")
    return 0 if found.bounded else 1


if __name__ == "__main__":
    raise SystemExit(main())
