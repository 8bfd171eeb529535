"""`isocourse demo`: the bundled examples as a clinic would see them, and one of them in full."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from isocourse.doors.cli.printing import console, print_answer
from isocourse.engine import model as m
from isocourse.engine.examples import Story, load_stories, story_of
from isocourse.plan.examples import Editions
from isocourse.record.dates import iso
from isocourse.words.answer import Answer, assess

SHOWN = (
    ("us_whole_start", 0), ("us_whole_start", 1), ("us_whole_month_2", 0), ("us_whole_month_2", 2),
    ("us_whole_doxycycline", 0), ("us_whole_item_9", 0), ("uk_whole_start", 0), ("us_month_2", 0),
    ("us_missed_period", 0),
    ("us_positive", 1), ("us_positive_resolved", 0), ("us_man", 2), ("us_category_unknown", 0), ("us_after_course", 1),
    ("uk_ready", 1), ("uk_prescribed", 1), ("uk_no_risk_agreed", 0), ("uk_seventeen_in_january", 0),
    ("uk_seventeen_in_january", 1), ("uk_coil_back", 0), ("eu_prescribed", 0), ("eu_remote_test", 0),
)  # fmt: skip
IN_FULL = ("us_whole_doxycycline", 0)


def show_examples(library: m.Library) -> None:
    """A table of example decisions, then one page in full."""
    stories, editions = load_stories(library), Editions(library)
    out = console()
    out.print("isocourse: may isotretinoin be supplied today, and if not, why not?", style="bold")
    out.print("Bundled example records, each decided for one day. Synthetic people; not clinically signed off.\n")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Example", "Day", "Supply", "Capsules", "Earliest supply"):
        table.add_column(heading, no_wrap=True)
    table.add_column("What it shows", overflow="fold")
    for name, index in SHOWN:
        story = story_of(stories, name)
        answer = _answer(editions, story, index)
        earliest = answer.earliest_supply.on if answer.supply == "withhold" else None
        before = "after " if answer.earliest_supply.requires and earliest else ""
        table.add_row(
            name,
            answer.as_of,
            Text(*_supply(answer)),
            Text(
                answer.capsules_in_hand.replace("_", " "), style="red" if answer.capsules_in_hand == "stop_now" else ""
            ),
            f"{before}{earliest}" if earliest else "",
            story.expectations[index].says or story.says,
        )
    out.print(table)
    story = story_of(stories, IN_FULL[0])
    out.print(f"\n{'─' * 100}\nIn full: {IN_FULL[0]} on {iso(story.expectations[IN_FULL[1]].on)}\n")
    print_answer(_answer(editions, story, IN_FULL[1]))
    out.print("\nNext: .venv/bin/isocourse assess examples/us_whole_month_2.json --on 2026-03-04", style="dim")


def _supply(answer: Answer) -> tuple[str, str]:
    """Never a bare proceed while a topic is missing."""
    if answer.supply == "withhold":
        return "withhold", "red"
    return ("proceed" if answer.complete else "these rules met"), "green"


def _answer(editions: Editions, story: Story, index: int) -> Answer:
    expectation = story.expectations[index]
    return assess(editions.of(story, expectation), story.record, expectation.on)
