"""What the tests of the five programmes share: the library, its stories, and a decision by story and day."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from isocourse.engine.decide import Decision, decide_prepared, prepare
from isocourse.engine.edition import Edition
from isocourse.engine.examples import Story
from isocourse.record.tables import Rows
from tests import shipped

STORIES = shipped.stories()
TOPICS = ("pregnancy", "contraception", "supply", "consent", "aftercare")
FIVE = ("de", "fr", "it", "ca", "au")
INHERITING = ("de", "fr", "it")
ALONE = ("ca", "au")
ADDED = ("mood", "medicines", "bloods", "dose")


def within(programme: str, topics: tuple[str, ...]) -> Edition:
    """The programme in some topics."""
    return shipped.edition(programme, topics)


def edition(programme: str) -> Edition:
    """The programme in the topics of the spine."""
    return within(programme, TOPICS)


def whole(programme: str) -> Edition:
    """The programme in every topic that is loaded."""
    return shipped.edition(programme)


@cache
def rows(story: str) -> Rows:
    return prepare(STORIES[story].record)


def of(programme: str) -> list[Story]:
    return [story for story in STORIES.values() if story.programme == programme]


def told_in(story: Story) -> Edition:
    """The edition a story is about: its programme, in its topics."""
    assert story.topics is not None
    return within(story.programme, story.topics)


def on(story: str, day: date) -> Decision:
    return decide_prepared(told_in(STORIES[story]), rows(story), day.toordinal())


def open_days(story: str, first: date, last: date) -> list[date]:
    """The days from `first` to `last` on which supply proceeds."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [day for day in days if on(story, day).supply == "proceed"]


def span(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def withheld_by(decision: Decision) -> set[str]:
    return {finding.rule.id for finding in decision.findings if finding.withholds}
