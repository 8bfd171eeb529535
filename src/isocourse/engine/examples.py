"""Reading the bundled examples: small stories with their expected answers, which run as tests.

A story lists events in short form (`on`, `kind` and the event's own fields; id, author and moment of recording are
filled in) and may extend another story. `expect` names days and what is to come out on each.

    - retells: mood.xx
      programme: yy
      except: [xx_first]
      instead: {rule_of_xx: rule_of_yy}

tells the stories of the file `mood.xx.yaml` again in programme yy, `xx` in their names becoming `yy`: the same events
and the same answers, but for the rules and tasks that stand there `instead`. `only` names the stories instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, cast

from isocourse.engine import model as m
from isocourse.engine.documents import Fields, Part, read_document
from isocourse.engine.extend import listed
from isocourse.engine.load import PROTOCOL
from isocourse.errors import InputError, ProtocolError
from isocourse.record.events import AnyEvent, Event
from isocourse.record.record import Record, check_record, event_from

EXPECT_MAY = (
    "says", "capsules", "withheld_by", "also", "window", "earliest", "requires", "tasks", "adopted", "known_at",
)  # fmt: skip


@dataclass(frozen=True)
class Expectation:
    """What is to come out on one day; None where the story does not say."""

    on: int
    says: str
    supply: str
    capsules: str | None
    withheld_by: frozenset[str] | None
    also: frozenset[str]
    window: tuple[int, int] | None
    earliest: int | None
    requires: bool | None
    tasks: frozenset[str]
    adopted: Mapping[str, int]
    known_at: str | None
    where: str


@dataclass(frozen=True)
class Story:
    """One example: a record and what is expected of it, in the topics it is about (None: all)."""

    name: str
    says: str
    programme: str
    topics: tuple[str, ...] | None
    record: Record
    expectations: tuple[Expectation, ...]
    where: str


def load_stories(library: m.Library, root: Path = PROTOCOL) -> dict[str, Story]:
    """Every story by name. Raises ProtocolError naming file and line."""
    raw: dict[str, tuple[Part, Fields]] = {}
    retold: list[Part] = []
    for path in sorted((root / "examples").glob("*.yaml")):
        for part in read_document(path, f"examples/{path.name}").items():
            if any(key.text() == "retells" for key, _ in part.pairs()):
                retold.append(part)
                continue
            fields = part.fields(
                needed=("story", "says", "programme", "events"), optional=("extends", "without", "topics", "expect")
            )
            name = fields["story"].text()
            if name in raw:
                raise part.error(f"the story {name!r} is told twice (first at {raw[name][0].where})")
            raw[name] = (part, fields)
    stories: dict[str, Story] = {}
    for name, (part, fields) in raw.items():
        events = _events(name, raw, ())
        record = Record(subject=name.replace("_", "-"), events=cast("tuple[AnyEvent, ...]", tuple(events.values())))
        try:
            check_record(record, where=f"story {name}")
        except InputError as error:
            raise part.error(str(error)) from None
        expected = [_expect(item, library) for item in fields["expect"].items()] if "expect" in fields else []
        programme = fields["programme"].one_of(library.programmes)
        topics = _topics(name, raw, library)
        stories[name] = Story(name, fields["says"].text(), programme, topics, record, tuple(expected), part.where)
    for part in retold:
        _retell(part, stories, library)
    return stories


def _retell(part: Part, stories: dict[str, Story], library: m.Library) -> None:
    """Add the stories that `part` tells again in another programme."""
    fields = part.fields(needed=("retells", "programme"), optional=("except", "only", "instead"))
    programme = fields["programme"].one_of(library.programmes)
    for first in _retold(fields, stories):
        words = first.name.split("_")
        if words.count(first.programme) != 1 or first.programme == programme:
            raise part.error(
                f"{first.name!r} cannot be told again for programme {programme!r}",
                mend="tell stories of another programme, which stands in their names once",
            )
        name = "_".join(programme if word == first.programme else word for word in words)
        if name in stories:
            raise part.error(f"the story {name!r} is told twice (first at {stories[name].where})", mend="leave one out")
        record = Record(subject=name.replace("_", "-"), events=first.record.events)
        stories[name] = replace(first, name=name, programme=programme, record=record, where=part.where)
    if "instead" in fields:
        _tell_instead(fields["instead"], part.where, stories, library)


def _retold(fields: Fields, stories: Mapping[str, Story]) -> list[Story]:
    """The stories of the file `retells`: all of them, all `except` some, or `only` some."""
    files = {name: story.where.split("/")[-1].split(".yaml")[0] for name, story in stories.items()}
    file = fields["retells"].one_of(dict.fromkeys(files.values()))
    told = [name for name in files if files[name] == file]
    if "except" in fields and "only" in fields:
        raise fields["only"].error("either some are left out, or only some are told", mend="leave out one of the two")
    if "only" in fields:
        return [stories[place.one_of(told)] for place in listed(fields["only"], "story")]
    gone = {place.one_of(told) for place in listed(fields["except"], "story")} if "except" in fields else set()
    return [stories[name] for name in told if name not in gone]


def _tell_instead(part: Part, where: str, stories: dict[str, Story], library: m.Library) -> None:
    """Put the programme's own rules and tasks in the place of others in the stories told again at `where`."""
    known = [*library.rules, *library.tasks]
    here = [name for name, story in stories.items() if story.where == where]
    for old, new in part.pairs():
        was, now = old.one_of(known), new.one_of(known)
        naming = [name for name in here if any(was in _names(each) for each in stories[name].expectations)]
        if not naming:
            raise old.error(f"none of these stories names {was!r}", mend="leave it out")
        for name in naming:
            changed = tuple(_instead(each, was, now) for each in stories[name].expectations)
            stories[name] = replace(stories[name], expectations=changed)


def _names(expected: Expectation) -> frozenset[str]:
    return (expected.withheld_by or frozenset()) | expected.also | expected.tasks


def _instead(expected: Expectation, was: str, now: str) -> Expectation:
    def there(names: frozenset[str]) -> frozenset[str]:
        return names - {was} | {now} if was in names else names

    withheld_by = there(expected.withheld_by) if expected.withheld_by is not None else None
    return replace(expected, withheld_by=withheld_by, also=there(expected.also), tasks=there(expected.tasks))


def _events(name: str, raw: Mapping[str, tuple[Part, Fields]], path: tuple[str, ...]) -> dict[str, Event]:
    part, fields = raw[name]
    if name in path:
        raise part.error("stories extend each other in a circle")
    found: dict[str, Event] = {}
    if "extends" in fields:
        found = dict(_events(fields["extends"].one_of(raw), raw, (*path, name)))
    for gone in fields["without"].texts() if "without" in fields else ():
        if gone not in found:
            raise fields["without"].error(f"there is no event {gone!r} to leave out", allowed=", ".join(found))
        del found[gone]
    for item in fields["events"].items():
        event = _event(item, next(f"e{n}" for n in count(1) if f"e{n}" not in found))
        if event.id in found:
            raise item.error(f"the id {event.id!r} is taken", mend="give it another id")
        found[event.id] = event
    return found


def _topics(name: str, raw: Mapping[str, tuple[Part, Fields]], library: m.Library) -> tuple[str, ...] | None:
    """The topics a story is about: its own, or those of the story it extends."""
    _, fields = raw[name]
    if "topics" in fields:
        return tuple(item.one_of(library.topics) for item in fields["topics"].items())
    return _topics(fields["extends"].text(), raw, library) if "extends" in fields else None


def _event(part: Part, unused_id: str) -> Event:
    plain = part.plain()
    if not isinstance(plain, dict) or not {"on", "kind"} <= set(plain):
        raise part.error("an event needs `on` and `kind`")
    on = plain.pop("on")
    recorded = plain.pop("recorded", f"{(on + '-28')[:10] if len(on) == 7 else on[:10]}T12:00:00Z")
    fields: dict[str, Any] = {
        "id": plain.pop("id", unused_id),
        "happened_on": on,
        "recorded_at": recorded if "T" in recorded else f"{recorded}T12:00:00Z",
        "author": {"id": "example", "role": plain.pop("by", "prescriber")},
        **{key: _typed(value) for key, value in plain.items()},
    }
    try:
        return event_from(fields)
    except InputError as error:
        raise part.error(str(error)) from None


def _typed(value: Any) -> Any:
    if value in ("true", "false"):
        return value == "true"
    if value == "null":
        return None
    if isinstance(value, str) and value.isdigit():
        return int(value)
    if isinstance(value, list):
        return [_typed(item) for item in value]
    if isinstance(value, dict):
        return {key: _typed(item) for key, item in value.items()}
    return value


def _expect(part: Part, library: m.Library) -> Expectation:
    fields = part.fields(needed=("on", "supply"), optional=EXPECT_MAY)
    window = fields.get("window", lambda given: [item.day() for item in given.items()], None)
    if window is not None and len(window) != 2:
        raise fields["window"].error("a window is [first day, last day]")
    return Expectation(
        on=fields["on"].day(),
        says=fields.get("says", Part.text, ""),
        supply=fields["supply"].one_of(m.SUPPLY),
        capsules=fields.get("capsules", lambda given: given.one_of(m.CAPSULES), None),
        withheld_by=fields.get("withheld_by", lambda given: _rules(given, library), None),
        also=fields.get("also", lambda given: _rules(given, library), frozenset()),
        window=(window[0], window[1]) if window is not None else None,
        earliest=fields.get("earliest", Part.day, None),
        requires=fields.get("requires", Part.truth, None),
        tasks=fields.get("tasks", lambda given: frozenset(given.texts()), frozenset()),
        adopted=fields.get("adopted", lambda given: {k.text(): v.day() for k, v in given.pairs()}, {}),
        known_at=fields.get("known_at", Part.text, None),
        where=part.where,
    )


def _rules(part: Part, library: m.Library) -> frozenset[str]:
    return frozenset(item.one_of(library.rules) for item in part.items())


def story_of(stories: Mapping[str, Story], name: str) -> Story:
    """One story. Raises ProtocolError when there is none of that name."""
    if name not in stories:
        raise ProtocolError(f"there is no story {name!r}", allowed=", ".join(stories))
    return stories[name]
