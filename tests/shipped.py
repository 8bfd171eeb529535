"""The protocol that is shipped, read once for all tests of a process: its library, its stories, its editions.

To load it and to compile a programme takes a good part of a second, and every file of tests is read at collection.
What a test changes it changes in a copy (`dataclasses.replace`) or in a folder of its own.
"""

from __future__ import annotations

from functools import cache

from isocourse.engine.edition import Edition, edition_of
from isocourse.engine.examples import Story, load_stories
from isocourse.engine.load import load_library

LIBRARY = load_library()


@cache
def stories() -> dict[str, Story]:
    """Every story, by name."""
    return load_stories(LIBRARY)


@cache
def edition(
    programme: str, topics: tuple[str, ...] | None = None, adopted: tuple[tuple[str, int], ...] = ()
) -> Edition:
    """A programme in some topics (None: in all), under these adoptions: versions, each with its day."""
    return edition_of(LIBRARY, programme, dict(adopted), topics)
