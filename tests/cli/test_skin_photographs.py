"""`isocourse skin measure | compare`: folders, bad files, exit codes, the same again, and a process that dies."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pydicom
import pytest

from isocourse.doors.cli.skin_files import Asked, all_done, photographs_in
from isocourse.simulate.faces import Camera
from isocourse.skin.calibrate import Calibration
from isocourse.skin.measure import Settings
from tests.cli.test_cli import run
from tests.skin.generated import generated
from tests.skin.generated_visits import visit
from tests.skin.portraits import as_jpeg


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two good photographs, one of them in a folder of its own under the same name, and three bad files."""
    made = tmp_path_factory.mktemp("photographs")
    (made / "later").mkdir()
    (made / "face.jpg").write_bytes(visit())
    (made / "later" / "face.JPG").write_bytes(visit(5.0, seed=1))
    (made / "broken.jpg").write_bytes(visit()[:40_000])
    (made / "words.png").write_text("no photograph")
    (made / "empty.jpeg").write_bytes(b"")
    (made / "notes.txt").write_text("no photograph, and not named like one")
    return made


@pytest.fixture(scope="module")
def first(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, dict[str, Any], Path]]:
    """Exit code, JSON and everything that was written of one run over the folder on two processes."""
    out = tmp_path_factory.mktemp("out")
    done = run("skin", "measure", folder, "--processes", "2", "--out", out / "all.json", "--report", out / "page.html",
               "--fhir", out / "fhir", "--dicom", out / "dicom", "--patient", "P17")  # fmt: skip
    yield done.exit_code, json.loads((out / "all.json").read_text()), out


def test_bad_files_say_why_and_stop_nobody(first: tuple[int, dict[str, Any], Path]) -> None:
    code, found, _ = first
    by_name = {Path(each["file"]).name: each for each in found["photographs"]}
    assert code == 1
    assert list(by_name) == ["broken.jpg", "empty.jpeg", "face.jpg", "face.JPG", "words.png"]
    assert all("not_measured" not in by_name[name] for name in ("face.jpg", "face.JPG"))
    for name in ("broken.jpg", "empty.jpeg", "words.png"):
        assert by_name[name]["not_measured"].endswith(".")
        assert "figures" not in by_name[name]
    assert "damaged" in by_name["broken.jpg"]["not_measured"]


def test_figures_are_those_of_the_measurement(first: tuple[int, dict[str, Any], Path]) -> None:
    for each in first[1]["photographs"]:
        if "figures" in each:
            counts = {f["code"]: f["value"] for f in each["figures"] if not f["region"]}
            brown = [spot for spot in each["measurement"]["spots"] if spot["kind"] == "brown"]
            assert counts["dark-spots-count"] == len(brown) > 0


def test_alone_and_on_many_processes_the_json_is_the_same(
    first: tuple[int, dict[str, Any], Path], folder: Path
) -> None:
    done = run("skin", "measure", folder, "--processes", "1")
    assert json.loads(done.stdout) == first[1] and done.exit_code == 1


def test_other_systems_get_what_is_a_photograph(first: tuple[int, dict[str, Any], Path]) -> None:
    out = first[2]
    assert sorted(path.name for path in (out / "dicom").iterdir()) == ["face-2.dcm", "face.dcm"]
    assert sorted(path.name for path in (out / "fhir").iterdir()) == ["face-2.fhir.json", "face.fhir.json"]
    found = pydicom.dcmread(out / "dicom" / "face.dcm")
    bundle = json.loads((out / "fhir" / "face.fhir.json").read_text())
    media = bundle["entry"][1]["resource"]
    assert found.PatientID == "P17" and found.PatientIdentityRemoved == "YES"
    assert media["identifier"][0]["value"] == f"urn:oid:{found.SOPInstanceUID}"
    assert media["subject"]["reference"] == "Patient/P17"


def test_the_page_stands_by_itself(first: tuple[int, dict[str, Any], Path]) -> None:
    page = (first[2] / "page.html").read_text()
    assert page.count("<section>") == 5 and page.endswith("</html>\n")
    assert page.count('src="data:image/jpeg') == page.count("<img") == 8
    assert "http" not in page.replace("http-equiv", "") and "<script" not in page


def test_one_photograph_alone_is_measured(folder: Path) -> None:
    done = run("skin", "measure", folder / "face.jpg")
    assert done.exit_code == 0 and len(json.loads(done.stdout)["photographs"]) == 1


def test_a_refused_photograph_is_told_by_its_exit_code(folder: Path) -> None:
    done = run("skin", "measure", folder / "face.jpg", "--view", "right")
    (found,) = json.loads(done.stdout)["photographs"]
    assert done.exit_code == 1 and "head" in found["not_measured"].lower()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("--grey-card", "1,2,3"), "--grey-card"),
        (("--grey-card", "1,2,0,4"), "--grey-card"),
        (("--length", "12"), "--length"),
        (("--chart", "--grey-card", "1,2,3,4"), "chart"),
        (("--chart-pitch", "9.6"), "--chart-pitch"),
        (("--chart", "--chart-pitch", "9.6", "--length", "65=10"), "--length"),
    ],
)
def test_options_that_cannot_be_read(folder: Path, wrong: tuple[str, ...], told: str) -> None:
    done = run("skin", "measure", folder / "face.jpg", *wrong)
    assert done.exit_code == 2 and told in done.stderr and not done.stdout


def test_a_length_sets_the_scale(folder: Path) -> None:
    done = run("skin", "measure", folder / "face.jpg", "--length", "65=10")
    assert json.loads(done.stdout)["photographs"][0]["measurement"]["px_per_mm"] == 6.5


def test_a_chart_of_known_measure_sets_the_scale(tmp_path: Path) -> None:
    taken = generated("light", camera=Camera(chart=True))
    (tmp_path / "face.jpg").write_bytes(as_jpeg(taken.rgb))
    done = run("skin", "measure", tmp_path / "face.jpg", "--chart", "--chart-pitch", "9.6")
    (found,) = json.loads(done.stdout)["photographs"]
    assert found["measurement"]["px_per_mm"] == pytest.approx(taken.truth.px_per_mm, rel=0.01)
    assert found["measurement"]["scale_how"] == "given" and found["measurement"]["scale_error"] < 0.02


def test_nothing_to_measure(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("")
    done = run("skin", "measure", tmp_path)
    assert done.exit_code == 2 and "no photograph was found" in done.stderr
    missing = run("skin", "measure", tmp_path / "missing.jpg")
    assert missing.exit_code == 1 and "cannot be read" in json.loads(missing.stdout)["photographs"][0]["not_measured"]


def test_a_process_that_dies_takes_no_photograph_with_it(folder: Path) -> None:
    paths = photographs_in([folder])
    asked = Asked(Calibration(), Settings())
    found = all_done(paths, asked, processes=2)
    results = [next(found)]
    for child in multiprocessing.active_children():
        child.kill()
    results += found
    assert [each.path for each in results] == paths
    assert [each.path.name for each in results if each.good] == ["face.jpg", "face.JPG"]


def test_compare(folder: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.jpg"
    again.write_bytes(visit(seed=2))
    done = run("skin", "compare", folder / "face.jpg", folder / "later" / "face.JPG", "--repeat", again,
               "--report", tmp_path / "page.html", "--pdf", tmp_path / "paper.pdf")  # fmt: skip
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)["comparison"]
    states = {each["verdict"] for each in found["numbers"]}
    assert states <= {"improved", "within noise", "worse", "not known"} and found["pairs"]
    page = (tmp_path / "page.html").read_text()
    dark = next(each for each in found["numbers"] if each["what"] == "dark spots")
    assert found["says"].startswith(f"Dark spots: {dark['before']:.0f} before, {dark['after']:.0f} now.")
    assert found["says"] in page and page.count("<img") == 4
    assert (tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF")


def test_a_mark_is_where_it_is_in_the_photograph(tmp_path: Path) -> None:
    """What was put on the face is under what was found, in pixels of the file, and what was found is under that."""
    taken = generated("light", marks=True)
    (tmp_path / "face.jpg").write_bytes(as_jpeg(taken.rgb))
    (found,) = json.loads(run("skin", "measure", tmp_path / "face.jpg").stdout)["photographs"]
    frame, spots = found["frame"], found["measurement"]["spots"]
    truth = [np.array(mark.outline, np.float32) for mark in taken.truth.marks]
    places = [np.array([each["x"], each["y"]]) * frame["step"] + [frame["left"], frame["top"]] for each in spots]
    on = [min(-cv2.pointPolygonTest(mark, tuple(map(float, at)), True) for mark in truth) for at in places]
    assert len(spots) > 20 and np.percentile(on, 95) < 9  # a millimetre, of marks that run together


def test_pairs_of_a_comparison_are_told_by_the_marks_in_it(folder: Path) -> None:
    done = run("skin", "compare", folder / "face.jpg", folder / "later" / "face.JPG")
    found = json.loads(done.stdout)
    before, after = (found[name]["measurement"]["spots"] for name in ("baseline", "follow_up"))
    assert found["baseline"]["frame"]["step"] > 0 and found["comparison"]["pairs"]
    for pair in found["comparison"]["pairs"]:
        assert pair["before"] is None or before[pair["before"]]["outline"]
        assert pair["after"] is None or after[pair["after"]]["outline"]


def test_somebody_elses_photograph_is_no_repeat(folder: Path, tmp_path: Path) -> None:
    other, again = tmp_path / "other.jpg", tmp_path / "again.jpg"
    other.write_bytes(as_jpeg(generated("light", seed=4).rgb))
    again.write_bytes(visit(seed=2))
    two = (folder / "face.jpg", folder / "later" / "face.JPG")
    alone = json.loads(run("skin", "compare", *two, "--repeat", again).stdout)["comparison"]
    done = run("skin", "compare", *two, "--repeat", other, "--repeat", again)
    mixed = json.loads(done.stdout)["comparison"]
    assert mixed["numbers"] == alone["numbers"] and done.exit_code == 0
    assert "other.jpg: not used for the noise." in done.stderr and "again.jpg" not in done.stderr
    assert any("taken again" in note and "could not be used" in note for note in mixed["notes"])


def test_one_photograph_is_not_compared_with_itself(folder: Path) -> None:
    done = run("skin", "compare", folder / "face.jpg", folder / "face.jpg")
    assert done.exit_code == 2 and "the same photograph" in done.stderr and not done.stdout


@pytest.mark.parametrize("name", ["Ada Example", "../17", "P17/etc", "ä"])
def test_a_name_is_no_pseudonym(folder: Path, name: str) -> None:
    done = run("skin", "measure", folder / "face.jpg", "--patient", name)
    assert done.exit_code == 2 and "--patient" in done.stderr and name not in done.stderr


def test_a_place_that_is_not_there_is_named(folder: Path, tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "all.json"
    done = run("skin", "measure", folder / "face.jpg", "--out", missing)
    assert done.exit_code == 2 and str(missing) in done.stderr.replace("\n", "") and "To mend" in done.stderr


def test_what_cannot_be_compared_says_why(folder: Path, tmp_path: Path) -> None:
    done = run("skin", "compare", folder / "face.jpg", folder / "broken.jpg", "--report", tmp_path / "page.html")
    assert done.exit_code == 1 and "damaged" in json.loads(done.stdout)["comparison"]["refused"]
    assert "Not compared." in (tmp_path / "page.html").read_text()
