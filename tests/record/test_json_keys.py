"""Keys that stand twice are never taken for sound, however the text is written."""

import json
from random import Random
from typing import Any

import msgspec
import pytest

from isocourse.record import json_keys
from isocourse.record.json_keys import every_key_once

KEYS = ("a", "b", "a:b", '"', "kind", "é")
TEXTS = ("", ":", "10:20:00+00:00", '":"', "\\", "\\u003a", "{", "2026-03-09")


def written(dice: Random, depth: int = 0) -> str:
    """An arbitrary JSON text, spaced and escaped at will, with keys that may repeat."""
    kind = dice.randint(0, 5 if depth < 3 else 3)
    if kind == 0:
        return dice.choice(("1", "-2.50", "1e9", "true", "null"))
    if kind < 4:
        return json.dumps(dice.choice(TEXTS), ensure_ascii=dice.random() < 0.5)
    parts = [written(dice, depth + 1) for _ in range(dice.randint(0, 4))]
    if kind == 4:
        return f"[{', '.join(parts)}]"
    space = dice.choice(("", " ", "\n"))
    pairs = [f"{json.dumps(dice.choice(KEYS))}{space}:{space}{part}" for part in parts]
    return "{" + f"{space},".join(pairs) + "}"


def twice(text: str) -> bool:
    """By the standard reader, pair by pair."""
    found = []
    json.loads(text, object_pairs_hook=lambda pairs: found.append(len(dict(pairs)) < len(pairs)))
    return any(found)


def wrong(texts: list[str]) -> int:
    return sum(every_key_once(text.encode(), msgspec.json.decode(text)) is twice(text) for text in texts)


TEXTS_WRITTEN = [written(Random(seed)) for seed in range(4000)]


def test_a_repeated_key_is_found_and_sound_text_passes() -> None:
    texts = [text for text in TEXTS_WRITTEN if "\\u003" not in text]
    assert sum(twice(text) for text in texts) > 150
    assert wrong(texts) == 0


@pytest.mark.parametrize("text", ['{"a": 1, "a": "\\u003a"}', '{"a": 1, "a": "\\u003A"}', '{"a": ":", "a": ""}'])
def test_an_escaped_colon_hides_nothing(text: str) -> None:
    assert not every_key_once(text.encode(), msgspec.json.decode(text))


def test_counting_other_marks_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    class Commas:
        def encode(self, value: Any) -> bytes:
            return b":" * sum(1 for _ in msgspec.json.encode(value).split(b","))

    monkeypatch.setattr(json_keys, "_ENCODER", Commas())
    assert wrong(TEXTS_WRITTEN) > 0
