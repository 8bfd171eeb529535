"""Reading protocol files strictly: every key is known, every error names the file and the line.

YAML is only the notation. Scalars are taken as the text that was written and turned into what the field is
declared to be, so "no", "1_000" or "2026-01-01" never become something else on the way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml

from isocourse.errors import ProtocolError
from isocourse.record.dates import day_of

_T = TypeVar("_T")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LARGEST_BYTES = 2_000_000
LARGEST_NUMBER = 100_000
MOST_LISTED = 60
DEEPEST = 32
# PyYAML's C composer recurses without a guard, so a file that could be nested this deeply is measured first.
_MEASURE_FROM = 4000
_NUMBER = re.compile(r"[0-9]{1,6}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


class Part:
    """A node of a protocol file with its place. Accessors give typed values or raise ProtocolError."""

    def __init__(self, node: yaml.Node, file: str) -> None:
        self.node = node
        self.file = file

    @property
    def where(self) -> str:
        return f"{self.file}, line {self.node.start_mark.line + 1}"

    def error(self, found: str, *, allowed: str = "", mend: str = "") -> ProtocolError:
        return ProtocolError(found, where=self.where, allowed=allowed, mend=mend)

    # --- scalars
    def text(self) -> str:
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.error(
                "a piece of text is wanted here", mend="write plain text; put it in quotes if it holds : or ["
            )
        value = " ".join(self.node.value.split())
        if not value:
            raise self.error("it is empty", mend="write it, or leave the key out")
        return value

    def text_or_empty(self) -> str:
        return "" if isinstance(self.node, yaml.ScalarNode) and not self.node.value.strip() else self.text()

    def name(self) -> str:
        """The name of a fact, value, rule or task: it stands in conditions and in generated code."""
        value = self.text()
        if not _NAME.fullmatch(value) or "__" in value:
            raise self.error(f"{value[:40]!r} is no name", allowed="small letters, digits and single _, a letter first")
        return value

    def number(self) -> int:
        value = self.text()
        if not _NUMBER.fullmatch(value) or int(value) > LARGEST_NUMBER:
            raise self.error(f"{value[:40]!r} is not a whole number", allowed=f"0 to {LARGEST_NUMBER}, digits only")
        return int(value)

    def day(self) -> int:
        try:
            return day_of(self.text())
        except ValueError as error:
            raise self.error(str(error), mend="write the day as YYYY-MM-DD") from None

    def truth(self) -> bool:
        value = self.text()
        if value not in ("true", "false"):
            raise self.error(f"{value!r} is neither true nor false", allowed="true, false")
        return value == "true"

    def one_of(self, allowed: Iterable[str]) -> str:
        options = list(allowed)
        value = self.text()
        if value not in options:
            near = get_close_matches(value, options, n=1)
            raise self.error(
                f"{value!r} is not allowed here",
                allowed=_listed(options),
                mend=f"did you mean {near[0]!r}?" if near else "",
            )
        return value

    # --- lists and maps
    def is_map(self) -> bool:
        return isinstance(self.node, yaml.MappingNode)

    def items(self) -> list[Part]:
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.error("a list is wanted here", mend="write [a, b] or lines that begin with -")
        return [Part(node, self.file) for node in self.node.value]

    def texts(self) -> tuple[str, ...]:
        return tuple(item.text() for item in self.items())

    def pairs(self) -> Iterator[tuple[Part, Part]]:
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error("a map is wanted here", mend="write key: value lines")
        seen: dict[str, int] = {}
        for key, value in self.node.value:
            name = Part(key, self.file)
            if name.text() in seen:
                raise name.error(
                    f"the key {name.text()!r} stands twice (first on line {seen[name.text()]})",
                    mend="delete one of them",
                )
            seen[name.text()] = key.start_mark.line + 1
            yield name, Part(value, self.file)

    def fields(self, *, needed: Iterable[str], optional: Iterable[str] = ()) -> Fields:
        """A map with exactly these keys."""
        known = [*needed, *optional]
        found: dict[str, Part] = {}
        for key, value in self.pairs():
            name = key.text()
            if name not in known:
                near = get_close_matches(name, known, n=1)
                raise key.error(
                    f"the key {name!r} is not known here",
                    allowed=", ".join(known),
                    mend=f"did you mean {near[0]!r}?" if near else "",
                )
            found[name] = value
        missing = [name for name in needed if name not in found]
        if missing:
            raise self.error(f"the key {missing[0]!r} is missing", mend=f"add {missing[0]}:")
        return Fields(self, found)

    def plain(self) -> Any:
        """As plain Python, scalars as text; for examples, whose events are checked by the record room."""
        if isinstance(self.node, yaml.ScalarNode):
            return self.node.value
        if isinstance(self.node, yaml.SequenceNode):
            return [item.plain() for item in self.items()]
        return {key.text(): value.plain() for key, value in self.pairs()}


class Fields:
    """The checked keys of one map."""

    def __init__(self, part: Part, found: dict[str, Part]) -> None:
        self.part = part
        self._found = found

    def __getitem__(self, name: str) -> Part:
        return self._found[name]

    def __contains__(self, name: str) -> bool:
        return name in self._found

    def get(self, name: str, read: Callable[[Part], _T], default: _T) -> _T:
        return read(self._found[name]) if name in self._found else default


def _listed(options: list[str]) -> str:
    """What is allowed, as long as a person would read it."""
    if len(options) <= MOST_LISTED:
        return ", ".join(options)
    return f"{', '.join(options[:MOST_LISTED])}, ... ({len(options)} in all)"


def read_document(path: Path, name: str) -> Part:
    """One file of a protocol folder as a tree of parts; `name` is how errors call it. Raises ProtocolError."""
    try:
        source = path.read_bytes()
    except OSError as error:
        raise ProtocolError(
            f"the file cannot be read ({error.strerror})", where=f"{name}, line 1", mend="add it, or check the folder"
        ) from None
    return parse_document(source, name)


def parse_document(source: bytes, name: str) -> Part:
    """What a file holds as a tree of parts; `name` is how errors call it. Raises ProtocolError."""
    if len(source) > LARGEST_BYTES:
        raise ProtocolError(
            f"the file has {len(source)} bytes", where=f"{name}, line 1", allowed=f"at most {LARGEST_BYTES} bytes"
        )
    try:
        text = source.decode("utf-8")
        _refuse_depth(text, name)
        node = yaml.compose(text, Loader=_Loader)
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise ProtocolError("it is not UTF-8 text", where=f"{name}, line {line}", mend="save it as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        if "nesting depth" in str(error.problem):  # PyYAML from 6.0.4 on has a limit of its own, far beyond ours
            raise _too_deep(f"{name}, line {line}") from None
        raise ProtocolError(
            f"this is not YAML: {error.problem}",
            where=f"{name}, line {line}",
            mend="check indentation, colons and quotes",
        ) from None
    except yaml.YAMLError as error:
        line = _line_at(text, getattr(error, "position", 0))
        found = str(error).splitlines()[0][:80]
        raise ProtocolError(
            f"this is not YAML: {found}", where=f"{name}, line {line}", mend="delete the characters that are no text"
        ) from None
    if node is None:
        raise ProtocolError(
            "the file is empty", where=f"{name}, line 1", mend="delete it, or write what it should hold"
        )
    _refuse_aliases(node, name)
    return Part(node, name)


def _line_at(text: str, position: object) -> int:
    return text.count("\n", 0, position) + 1 if isinstance(position, int) else 1


def _refuse_depth(text: str, name: str) -> None:
    """Nesting is at most the brackets plus the columns; only where that is much are the events walked through."""
    longest = max(map(len, text.splitlines()), default=0)
    if text.count("[") + text.count("{") + 2 * longest < _MEASURE_FROM:
        return
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            line = event.start_mark.line + 1 if event.start_mark is not None else 1
            raise _too_deep(f"{name}, line {line}")


def _too_deep(where: str) -> ProtocolError:
    return ProtocolError(
        f"it is nested more than {DEEPEST} deep", where=where, mend="check the brackets and the indentation"
    )


def _refuse_aliases(node: yaml.Node, name: str) -> None:
    """An alias would let one text stand in two places, and a chain of them grow without end. Deep nesting too."""
    seen: set[int] = set()
    waiting = [(node, 0)]
    while waiting:
        current, depth = waiting.pop()
        where = f"{name}, line {current.start_mark.line + 1}"
        if id(current) in seen:
            raise ProtocolError("aliases (*name) are not allowed", where=where, mend="write it out where it is needed")
        if depth > DEEPEST:
            raise _too_deep(where)
        seen.add(id(current))
        if isinstance(current, yaml.SequenceNode):
            waiting.extend((part, depth + 1) for part in current.value)
        elif isinstance(current, yaml.MappingNode):
            waiting.extend((part, depth + 1) for pair in current.value for part in pair)
