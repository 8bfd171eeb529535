"""The report: nothing typed becomes layout, the same bytes again, refusals and unknowns told as what they are."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from functools import cache
from html import escape

import msgspec
import numpy as np
import pytest
from PIL import Image

from isocourse.errors import InputError
from isocourse.skin.calibrate import Calibration
from isocourse.skin.change import Laid, laid
from isocourse.skin.figures import NOT_LOOKED_FOR
from isocourse.skin.findings import Compared, Comparison, Gate, Measurement, Relief
from isocourse.skin.measure import Look, Settings, look
from isocourse.words.skin_report.html import change_section, foot, head, section, unread_section
from isocourse.words.skin_report.paper import Heading, compared_pdf, measured_pdf
from isocourse.words.skin_report.pictures import (
    Place,
    Shown,
    change_pictures,
    of_file,
    of_marks,
    of_states,
    pair,
    pictures,
    shown,
)
from isocourse.words.skin_report.sheet import NOT_KNOWN, NOT_VALIDATED, VERDICTS, change_sheet, number, sheet
from tests.skin.generated_visits import visit
from tests.skin.portraits import finder

AT = datetime(2026, 11, 28, tzinfo=UTC)
REFUSED = Measurement("2026.11-1", 10, 10, (Gate("focus", False, True, 0.5, 0.2, "mm", "Hold still."),), "Hold still.")
STATES = Comparison(
    notes=("Nothing else was compared.",),
    seen=0.9,
    numbers=(
        Compared("dark spots", "", 31, 22, 4.0, True, "improved"),
        Compared("red marks", "", 5, 7, 6.5, False, "within noise"),
        Compared("area of red marks", "mm2", 20, 90.5, 12.0, True, "worse"),
        Compared("roughness of 1 to 6 mm", "L*", 1, 1.1, None, False, "not known"),
    ),
)
TYPED = '<b>&"#(read)'


@cache
def seen(month: float = 0.0, seed: int = 0) -> Look:
    return look(visit(month, seed=seed), Calibration(), Settings(), finder())


@cache
def compared() -> Laid:
    return laid(seen(), seen(5.0, 1), [seen(0.0, 2).measurement])


def drawn() -> tuple[Shown, ...]:
    return pair(seen(), seen(5.0, 1))


def test_the_three_states_and_the_unknown_are_told_with_their_noise() -> None:
    page = change_section(change_sheet(STATES), (), ())
    for row in STATES.numbers:
        assert VERDICTS[row.verdict] in page
    assert "± 4<" in page and "± 6.5 by chance alone" in page and "not known" in page
    differ = "wo photographs of the same skin can differ by"
    assert f"Dark spots: 31 before, 22 now. That is fewer. T{differ} 4, and this is more than that." in page
    assert f"Red marks: 5 before, 7 now. That can be chance: t{differ} 6.5." in page


def test_a_sentence_says_more_where_it_is_more_and_not_known_where_it_is_not_known() -> None:
    told = msgspec.structs.replace(
        STATES,
        numbers=(
            Compared("dark spots", "", 5, 31, 4.0, True, "worse"),
            Compared("red marks", "", 9, 1, None, False, "not known"),
        ),
    )
    says = change_sheet(told).says
    assert "Dark spots: 5 before, 31 now. That is more. Two photographs" in says
    assert says.endswith("Whether two photographs of the same skin would differ as much is not known yet.")
    assert change_sheet(msgspec.structs.replace(STATES, numbers=())).says == STATES.notes[0]
    assert change_sheet(Comparison(refused="Another person.")).says == "Another person."
    none = msgspec.structs.replace(told, numbers=(Compared("red marks", "", 0, 0, None, False, "not known"),))
    assert change_sheet(none).says == "Red marks: none before, none now."


def test_nothing_promises_or_explains() -> None:
    one, two = section(sheet(seen().measurement, "a"), ()), change_section(change_sheet(STATES), (), ())
    page = head("x") + one + two + foot()
    assert escape(NOT_VALIDATED) in page
    assert not re.search(r"percentile|because of|isotretinoin|thanks to|years? younger", page, re.IGNORECASE)


def test_what_is_typed_never_becomes_layout() -> None:
    page = head(TYPED) + section(sheet(seen().measurement, TYPED), ()) + unread_section(TYPED, TYPED)
    assert "<b>" not in page and page.count("&lt;b&gt;") == 5  # the title stands twice
    told = msgspec.structs.replace(STATES, notes=("#panic() *x* " + TYPED,))
    made = compared_pdf(told, (), heading=Heading(person="#panic()"), at=AT)
    assert made.startswith(b"%PDF")


def test_a_refused_photograph_has_its_sentence_and_no_figure() -> None:
    page = section(sheet(REFUSED, "a"), ())
    assert "Not measured. Hold still." in page and "dark spots" not in page
    assert measured_pdf(REFUSED, (), heading=Heading(), at=AT).startswith(b"%PDF")
    assert "Not compared. Another face." in change_section(change_sheet(Comparison(refused="Another face.")), (), ())


def test_what_was_not_measured_is_no_zero() -> None:
    rows = {row.name: row for row in sheet(seen().measurement, "a").rows}
    angle = rows["Individual typology angle"]
    assert angle.value == "not measured" and "chart" in angle.error
    assert rows["Dark spots, number"].error == NOT_KNOWN
    assert rows["Dark spots, area"].error.endswith("within this photograph")


def test_a_figure_has_the_spread_of_photographs_of_one_visit_where_they_differ() -> None:
    found = seen().measurement
    spots = found.of("brown")
    assert len(spots) > 2
    shots = [msgspec.structs.replace(found, spots=spots[:number]) for number in (1, 3)]
    old = msgspec.structs.replace(found, spots=(), method="an older one")
    rows = {row.name: row for row in sheet(found, "a", [*shots, old, REFUSED]).rows}
    assert rows["Dark spots, number"].error == "± 1.4 between 2 photographs"  # of 1 and 3: the root of 2
    assert rows["Red marks, number"].error == NOT_KNOWN  # the same in both: no spread seen is none known
    assert sheet(found, "a", [found, found]).rows == sheet(found, "a").rows


def test_marks_that_were_not_looked_for_are_no_zero() -> None:
    """Of two photographs with light from either side nothing but the hollows is known."""
    relief = Relief("raking light", 0.0412, 3, 5.0, "A relative index.")
    told = sheet(Measurement("1", 3000, 4000, (), relief=relief), "a")
    rows = {row.name: (row.value, row.error) for row in told.rows}
    assert rows["Dark spots, number"] == ("not measured", NOT_LOOKED_FOR)
    assert rows["Red marks, area"][0] == "not measured" and rows["Depth of hollows, relative"][0] == "0.0412"
    assert "dark spot" not in told.says and "depth of hollows is 0.041" in told.says


def test_the_table_of_regions_adds_up() -> None:
    told = sheet(seen().measurement, "a")
    at = told.region_heads.index("dark spots")
    assert sum(int(row[at]) for row in told.regions if row[at] != "–") == len(seen().measurement.of("brown"))


def test_pictures_are_small_and_bare() -> None:
    found = [*pictures(seen()), *drawn(), *change_pictures(seen(), seen(5.0, 1), compared())]
    assert len(found) == 8
    for each in found:
        opened = Image.open(io.BytesIO(each.jpeg))
        assert opened.size == (each.width, each.height) and each.width <= 860 and each.alt and each.caption
        assert not opened.getexif()
    assert len(pictures(seen(), many=True)) == 1
    tall = shown(np.zeros((4000, 10, 3), np.uint8), "a", "b")
    assert tall.height <= 2 * 860


def test_a_mark_is_drawn_where_it_was_measured() -> None:
    """Around the middle of every mark something is drawn that the photograph does not hold."""
    marked, plain = (
        np.asarray(Image.open(io.BytesIO(each.jpeg))).astype(int)
        for each in (pictures(seen(), width=4000)[0], pair(_bare(), _bare(), width=4000)[0])
    )
    for spot in seen().measurement.spots:
        y, x = round(spot.y), round(spot.x)
        around = (slice(max(y - 30, 0), y + 30), slice(max(x - 30, 0), x + 30))
        assert np.abs(marked[around] - plain[around]).max() > 60


def _bare() -> Look:
    without = msgspec.structs.replace(seen().measurement, spots=())
    return Look(without, seen().picture, seen().face, seen().scale, seen().frame, seen().regions, seen().calibrated)


def test_the_paper_is_tagged_and_the_same_again() -> None:
    found = compared().comparison
    made = [compared_pdf(found, drawn(), heading=Heading(synthetic=True), at=AT) for _ in range(2)]
    assert made[0] == made[1] and b"/StructTreeRoot" in made[0] and b"/Alt" in made[0]
    assert made[0].count(b"/DCTDecode") == 2  # the two photographs
    one = measured_pdf(seen().measurement, pictures(seen())[:1], heading=Heading(), at=AT)
    assert one.count(b"/DCTDecode") == 1


def test_a_paper_needs_no_more_than_the_files_of_the_photographs() -> None:
    files = [of_file(visit(month), name, name) for month, name in ((0.0, "Baseline"), (5.0, "Follow-up"))]
    assert compared_pdf(compared().comparison, files, heading=Heading(), at=AT).count(b"/DCTDecode") == 2


@pytest.mark.parametrize("known", [True, False], ids=["frame", "whole"])
def test_a_mark_of_a_file_is_drawn_where_it_was_measured(known: bool) -> None:
    """From the photograph's file alone, with what is stored beside the figures."""
    whole, frame = seen(), seen().frame
    assert frame is not None and whole.picture is not None
    height, width = frame.linear.shape[:2]
    place = Place(frame.step, frame.origin, (width, height) if known else (0, 0))
    spots = whole.measurement.spots
    marked, plain = (
        np.asarray(Image.open(io.BytesIO(of_marks(visit(), each, place, width=4000).jpeg))).astype(int)
        for each in (spots, ())
    )
    changed = np.abs(marked - plain).max(axis=2) > 60
    if known:
        assert abs(marked.shape[0] - height) <= 1 and abs(marked.shape[1] - width) <= 1
        left, top = 0.0, 0.0
    else:
        left, top = (round(-at / frame.step) for at in frame.origin)
    elsewhere = changed.copy()
    for spot in spots:
        points = np.array(spot.outline) - [left, top]
        low, high = points.min(axis=0), points.max(axis=0)
        (x0, y0), (x1, y1) = ((low + high) / 2 + sign * ((high - low).sum() / 2 + 20) for sign in (-1, 1))
        here = (slice(max(int(y0), 0), int(y1)), slice(max(int(x0), 0), int(x1)))
        assert changed[here].any()
        elsewhere[here] = False
    assert not elsewhere.any()


def test_what_became_of_marks_is_drawn_and_told() -> None:
    square = ((100.0, 100.0), (110.0, 100.0), (110.0, 110.0), (100.0, 110.0))
    marks = [("faded", square), ("persistent", tuple((x + 100, y) for x, y in square))]
    plain = io.BytesIO()
    Image.new("RGB", (300, 300), (120, 90, 80)).save(plain, "JPEG")
    found = of_states(plain.getvalue(), marks, "17 June 2026")  # type: ignore[arg-type]
    assert (
        found.caption == "17 June 2026. Still there (circles): 1. Gone (diamonds): 1." and "17 June 2026" in found.alt
    )
    drawn_on = np.asarray(Image.open(io.BytesIO(found.jpeg))).astype(int)
    assert np.abs(drawn_on[90:120, 85:125] - [120, 90, 80]).max() > 60
    assert np.abs(drawn_on[150:] - [120, 90, 80]).max() < 20


def test_a_name_that_no_font_shows_is_refused_without_quoting_it() -> None:
    with pytest.raises(InputError) as caught:
        compared_pdf(STATES, (), heading=Heading(person="\U00012000"), at=AT)
    assert "\U00012000" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "says"), [(0.0, "0"), (12.0, "12"), (1234.4, "1234"), (0.30691, "0.307"), (-2.5, "−2.5")]
)
def test_numbers_have_three_digits(value: float, says: str) -> None:
    assert number(value) == says
