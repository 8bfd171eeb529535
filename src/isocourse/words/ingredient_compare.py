"""Two products side by side, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from isocourse.skincare.compare import Compared, Why
from isocourse.skincare.judge import Judged
from isocourse.skincare.table import Table
from isocourse.words.ingredient_check import NOT_SIGNED, VERDICT_WORDS, as_data, headline
from isocourse.words.page import Line
from isocourse.words.sentence import Sentence, Word, said

BY: Mapping[Why, Word] = {
    "verdict": Word("its verdict is milder"),
    "avoid": Word("it has less to avoid"),
    "take_care": Word("it has less to take care with"),
    "unknown": Word("less of it is unknown"),
    "nothing": Word(""),
}
NO_RECOMMENDATION = Word("This compares lists of ingredients. It says nothing of how well a product works or feels.")


def compared_says(compared: Compared, names: tuple[str, str]) -> Sentence:
    """Which of the two asks less of the skin, and by what that was decided."""
    if not compared.first.judged and not compared.second.judged:
        return said("No ingredients were found in either text")
    if compared.better == "same":
        return said("Both ask the same of the skin during the course, as far as their lists tell")
    name = names[0] if compared.better == "first" else names[1]
    return said("{0} asks less of the skin during the course: {1}", name, BY[compared.by])


def compared_lines(compared: Compared, names: tuple[str, str]) -> Iterator[Line]:
    """The comparison as lines."""
    yield Line("headline", 0, str(compared_says(compared, names)))
    for name, checked, only in (
        (names[0], compared.first, compared.only_first),
        (names[1], compared.second, compared.only_second),
    ):
        yield Line("section", 0, name)
        yield Line("item", 1, str(headline(checked)))
        for one in only:
            yield Line("detail", 2, str(_told(one)))
    if compared.shared:
        yield Line("section", 0, "In both")
        for one in compared.shared:
            yield Line("detail", 1, str(_told(one)))
    yield Line("quiet", 0, "")
    yield Line("quiet", 0, NO_RECOMMENDATION)
    yield Line("quiet", 0, NOT_SIGNED)


def _told(one: Judged) -> Sentence:
    if one.group is None:
        return said("{0}: {1}", one.name, VERDICT_WORDS[one.verdict])
    return said("{0}: {1} ({2})", one.name, VERDICT_WORDS[one.verdict], Word(one.group.title))


def compared_data(compared: Compared, table: Table) -> dict[str, Any]:
    """The comparison as plain data."""
    return {
        "better": compared.better,
        "by": compared.by,
        "first": as_data(compared.first, table),
        "second": as_data(compared.second, table),
        "only_first": [one.name for one in compared.only_first],
        "only_second": [one.name for one in compared.only_second],
        "shared": [one.name for one in compared.shared],
    }
