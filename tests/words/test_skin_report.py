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
from isocourse.skin.findings import Compared, Comparison, Gate, Measurement
from isocourse.skin.measure import Look, Settings, look
from isocourse.words.skin_report.html import change_section, foot, head, section, unread_section
from isocourse.words.skin_report.paper import Heading, compared_pdf, measured_pdf
from isocourse.words.skin_report.pictures import Shown, change_pictures, of_file, pair, pictures, shown
from isocourse.words.skin_report.sheet import NOT_VALIDATED, VERDICTS, change_sheet, number, sheet
from tests.skin.generated_visits import visit
from tests.skin.portraits import finder

AT = datetime(2026, 11, 28, tzinfo=UTC)
REFUSED = Measurement("2026.11-1", 10, 10, (Gate("focus", False, True, 0.5, 0.2, "mm", "Hold still."),), "Hold still.")
STATES = Comparison(
    says="Dark spots 31 to 22 (noise 4 either way): fewer, beyond what photographs alone would vary.",
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
    assert "± 4<" in page and "± 6.50, of other faces" in page.replace("6.5,", "6.50,") and "not known" in page
    assert STATES.says in page


def test_nothing_promises_or_explains() -> None:
    one, two = section(sheet(seen().measurement, "a"), ()), change_section(change_sheet(STATES), (), ())
    page = head("x") + one + two + foot()
    assert escape(NOT_VALIDATED) in page
    assert not re.search(r"percentile|because of|isotretinoin|thanks to|years? younger", page, re.IGNORECASE)


def test_what_is_typed_never_becomes_layout() -> None:
    page = head(TYPED) + section(sheet(seen().measurement, TYPED), ()) + unread_section(TYPED, TYPED)
    assert "<b>" not in page and page.count("&lt;b&gt;") == 5  # the title stands twice
    told = msgspec.structs.replace(STATES, says="#panic() *x* " + TYPED)
    made = compared_pdf(told, (), heading=Heading(person="#panic()"), at=AT)
    assert made.startswith(b"%PDF")


def test_a_refused_photograph_has_its_sentence_and_no_figure() -> None:
    page = section(sheet(REFUSED, "a"), ())
    assert "Not measured. Hold still." in page and "dark spots" not in page
    assert measured_pdf(REFUSED, (), heading=Heading(), at=AT).startswith(b"%PDF")
    assert "Not compared. Another face." in change_section(change_sheet(Comparison(refused="Another face.")), (), ())


def test_what_was_not_measured_is_no_zero() -> None:
    rows = {row.name: row for row in sheet(seen().measurement, "a").rows}
    angle = rows["individual typology angle"]
    assert angle.value == "not measured" and "chart" in angle.error
    assert rows["dark spots, number"].error == "not known"


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


def test_a_name_that_no_font_shows_is_refused_without_quoting_it() -> None:
    with pytest.raises(InputError) as caught:
        compared_pdf(STATES, (), heading=Heading(person="\U00012000"), at=AT)
    assert "\U00012000" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "says"), [(0.0, "0"), (12.0, "12"), (1234.4, "1234"), (0.30691, "0.307"), (-2.5, "−2.5")]
)
def test_numbers_have_three_digits(value: float, says: str) -> None:
    assert number(value) == says
