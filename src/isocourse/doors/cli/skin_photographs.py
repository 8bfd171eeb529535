"""`isocourse skin measure | compare`: photographs to figures, as JSON, as a page to read, and in foreign shapes.

Nothing is kept but what is asked for. The same photographs give the same JSON.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from isocourse.doors.cli.options import in_one_message
from isocourse.doors.cli.printing import console, say
from isocourse.errors import InputError
from isocourse.skin.calibrate import Calibration
from isocourse.skin.measure import METHOD, Settings

MANY = 12  # photographs in one report from which on each has one small picture


class ViewName(StrEnum):
    FRONTAL = "frontal"
    RIGHT = "right"
    LEFT = "left"


Out = Annotated[
    Path | None, typer.Option("--out", help="Write the JSON to this file. Default: standard output.", metavar="FILE")
]
Report = Annotated[
    Path | None,
    typer.Option("--report", help="Write a page with the pictures to this file.", metavar="FILE.html"),
]
Chart = Annotated[bool, typer.Option("--chart", help="There is a chart of 24 patches in the photograph.")]
Pitch = Annotated[
    float | None,
    typer.Option("--chart-pitch", min=1, max=100, metavar="MM",
                 help="From the middle of one patch of the chart to the next: the scale, where it is beside the face."),
]  # fmt: skip
Card = Annotated[
    str | None,
    typer.Option("--grey-card", help="Where a grey card is, in pixels of the upright picture.",
                 metavar="LEFT,TOP,WIDTH,HEIGHT"),
]  # fmt: skip
Length = Annotated[
    str | None,
    typer.Option("--length", help="A known length in the plane of the skin, in place of the irises.",
                 metavar="PIXELS=MILLIMETRES"),
]  # fmt: skip
Side = Annotated[ViewName, typer.Option("--view", help="The side of the face that is meant to be seen.")]
Smallest = Annotated[
    float, typer.Option("--smallest", min=0.1, max=20, help="Count marks from this diameter on, in millimetres.")
]


@in_one_message
def measure(
    images: Annotated[list[Path], typer.Argument(help="Photographs, or folders of them.", metavar="IMAGE...")],
    out: Out = None,
    report: Report = None,
    chart: Chart = False,
    chart_pitch: Pitch = None,
    grey_card: Card = None,
    length: Length = None,
    view: Side = ViewName.FRONTAL,
    smallest: Smallest = 1.0,
    fhir: Annotated[
        Path | None, typer.Option("--fhir", help="Write a FHIR R4 Bundle for each to this folder.", metavar="FOLDER")
    ] = None,
    dicom: Annotated[
        Path | None, typer.Option("--dicom", help="Write each as DICOM to this folder.", metavar="FOLDER")
    ] = None,
    patient: Annotated[
        str | None, typer.Option("--patient", help="A pseudonym, for FHIR and DICOM. No name.", metavar="ID")
    ] = None,
    taken: Annotated[
        datetime | None,
        typer.Option(
            "--taken",
            help="When they were taken, with time zone; for FHIR. Never read from the file.",
            formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"],
        ),
    ] = None,
    processes: Annotated[
        int | None, typer.Option("--processes", min=1, max=256, help="Default: one for each core.")
    ] = None,
) -> None:
    """Measure what photographs of a face show; exit code 1 where one was not measured. Not validated."""
    from isocourse.doors.cli.skin_files import Asked, all_done, photographs_in
    from isocourse.doors.cli.skin_writing import Abroad

    pseudonym = _pseudonym(patient or "")
    paths = photographs_in(images)
    many = len(paths) > MANY
    asked = Asked(_calibration(chart, chart_pitch, grey_card, length), Settings(view=view.value, smallest=smallest),
                  drawn=report is not None, many=many, width=420 if many else 860)  # fmt: skip
    abroad = Abroad(fhir, dicom, pseudonym, taken, view.value)
    bad = 0
    with _json(out) as write, _page(report, "Photographs of the skin") as show, _bar(len(paths)) as step:
        write(b'{"method": ' + msgspec.json.encode(METHOD) + b', "photographs": [')
        for at, found in enumerate(all_done(paths, asked, processes=processes)):
            write((b",\n" if at else b"\n") + msgspec.json.encode(_entry(found)))
            show(partial(_shown, found))
            abroad.write(found)
            bad += not found.good
            step()
        write(b"\n]}\n")
    if bad:
        say(f"{bad} of {len(paths)} {'was' if bad == 1 else 'were'} not measured; each says why", error=True)
        raise typer.Exit(1)


@in_one_message
def compare(
    baseline: Annotated[Path, typer.Argument(help="The earlier photograph.", metavar="BASELINE")],
    follow_up: Annotated[Path, typer.Argument(help="The later photograph.", metavar="FOLLOWUP")],
    repeat: Annotated[
        list[Path] | None,
        typer.Option("--repeat", help="Another photograph of the first visit, for the noise.", metavar="IMAGE"),
    ] = None,
    out: Out = None,
    report: Report = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Write a paper of it.", metavar="FILE.pdf")] = None,
    chart: Chart = False,
    chart_pitch: Pitch = None,
    view: Side = ViewName.FRONTAL,
    smallest: Smallest = 1.0,
) -> None:
    """Compare two photographs of one face; exit code 1 where they cannot be compared. Not validated."""
    from isocourse.doors.cli.skin_files import Asked, look_at, placed
    from isocourse.skin.change import laid, taken_again
    from isocourse.words.skin_report.html import change_section
    from isocourse.words.skin_report.pictures import change_pictures, pair
    from isocourse.words.skin_report.sheet import change_sheet

    asked = Asked(_calibration(chart, chart_pitch, None, None), Settings(view=view.value, smallest=smallest))
    first, second = look_at(baseline, asked), look_at(follow_up, asked)
    _refuse_the_same(first, second, follow_up)
    repeats = [taken_again(first, look_at(path, asked)) for path in repeat or ()]
    for path, again in zip(repeat or (), repeats, strict=True):
        if again.refused:
            say(f"{path}: not used for the noise. {again.refused}", error=True)
    found = laid(first, second, repeats)
    sheet = change_sheet(found.comparison)
    with _json(out) as write:
        told = msgspec.to_builtins(found.comparison) | {
            "says": sheet.says, "notes": [str(each) for each in found.comparison.notes]
        }  # fmt: skip
        # The pairs of a comparison are places in these lists of marks.
        two = [{"file": str(path), "frame": placed(seen), "measurement": seen.measurement}
               for path, seen in ((baseline, first), (follow_up, second))]  # fmt: skip
        whole = {"method": METHOD, "baseline": two[0], "follow_up": two[1], "comparison": told}
        write(msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n")
    with _page(report, "What changed on the skin") as show:
        show(lambda: change_section(sheet, pair(first, second), change_pictures(first, second, found)))
    if pdf is not None:
        from isocourse.words.skin_report.paper import Heading, compared_pdf

        now = datetime.now().astimezone()
        pdf.write_bytes(compared_pdf(found.comparison, pair(first, second), heading=Heading(), at=now))
    if found.comparison.refused:
        say(found.comparison.refused, error=True)
        raise typer.Exit(1)


COMMANDS = (measure, compare)


def _calibration(chart: bool, pitch: float | None, card: str | None, length: str | None) -> Calibration:
    if pitch is not None and not chart:
        raise InputError("the chart's measure is named and no chart", where="--chart-pitch", mend="add --chart")
    if pitch is not None and length is not None:
        raise InputError("two lengths are named", where="--length", mend="leave out --chart-pitch or --length")
    if chart and card is not None:
        raise InputError("a chart and a grey card are both named", mend="leave out --grey-card: a chart is better")
    place = _numbers(card, ",", 4, "--grey-card", "--grey-card 100,200,80,60") if card is not None else None
    known = _numbers(length, "=", 2, "--length", "--length 120=10") if length is not None else None
    return Calibration(
        chart=chart,
        card=None if place is None else (place[0], place[1], place[2], place[3]),
        length_px=known[0] if known else None,
        length_mm=known[1] if known else None,
        chart_mm=pitch,
    )


def _pseudonym(typed: str) -> str:
    """As FHIR allows it in a reference, and so no name with a space in it."""
    if not re.fullmatch(r"[A-Za-z0-9.-]{0,64}", typed):
        raise InputError(
            "this is no pseudonym",
            where="--patient",
            allowed="letters, digits, points and hyphens, 64 at most",
            mend="name a number that the clinic gave, and no name",
        )
    return typed


def _numbers(text: str, between: str, many: int, where: str, example: str) -> list[float]:
    try:
        found = [float(part) for part in text.split(between)]
    except ValueError:
        found = []
    if len(found) != many or not all(0 <= number < 1e6 for number in found) or not all(found[-2:]):
        raise InputError(f"{text[:40]!r} cannot be read", where=where, mend=f"write it like {example}")
    return found


def _refuse_the_same(first: Any, second: Any, follow_up: Path) -> None:
    """One photograph named twice would say that nothing changed."""
    if first.picture and second.picture and first.picture.rgb.tobytes() == second.picture.rgb.tobytes():
        raise InputError(
            "this is the same photograph as the first", where=str(follow_up), mend="name one of a later visit"
        )


def _entry(found: Any) -> dict[str, Any]:
    from isocourse.skin.figures import figures

    if found.measurement is None:
        return {"file": str(found.path), "not_measured": found.failed}
    entry: dict[str, Any] = {"file": str(found.path)}
    if found.measurement.refused:
        entry["not_measured"] = found.measurement.refused
    else:
        entry["figures"] = figures(found.measurement)
    return {**entry, "frame": found.frame, "measurement": found.measurement}


def _shown(found: Any) -> str:
    from isocourse.words.skin_report.html import section, unread_section
    from isocourse.words.skin_report.sheet import sheet

    if found.measurement is None:
        return unread_section(found.path.name, found.failed)
    return section(sheet(found.measurement, found.path.name), found.pictures)


@contextmanager
def _json(out: Path | None) -> Iterator[Callable[[bytes], Any]]:
    if out is None:
        yield lambda data: sys.stdout.write(data.decode())
        return
    with out.open("wb") as file:
        yield file.write


@contextmanager
def _page(path: Path | None, title: str) -> Iterator[Callable[[Callable[[], str]], Any]]:
    """A report that is written as it grows; what it would show is not made where nobody asked for it."""
    from isocourse.words.skin_report.html import foot, head

    if path is None:
        yield lambda make: None
        return
    with path.open("w", encoding="utf-8") as file:
        file.write(head(title))
        yield lambda make: file.write(make())
        file.write(foot())


@contextmanager
def _bar(many: int) -> Iterator[Callable[[], None]]:
    """A bar on standard error, where somebody is there to see it."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    out = console(error=True)
    columns = (TextColumn("measuring"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=out, disable=many < 2 or not out.is_terminal) as progress:
        task = progress.add_task("", total=many)
        yield lambda: progress.advance(task)
