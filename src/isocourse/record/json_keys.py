"""Whether a key stands twice in an object of a JSON text, which readers resolve each in a way of their own."""

from __future__ import annotations

from typing import Any

import msgspec

_ENCODER = msgspec.json.Encoder()


def every_key_once(source: bytes, decoded: Any) -> bool:
    """Whether certainly no object has a key twice; False when that has to be looked at pair by pair. `decoded` is what
    the text was read to, in plain values.

    Every pair has one colon outside of text. Written again from what was read, a repeated key is gone with its colon
    and with those in its value; no other colon can come or go, but one that is escaped in the source.
    """
    return b"\\u003" not in source and _ENCODER.encode(decoded).count(b":") == source.count(b":")
