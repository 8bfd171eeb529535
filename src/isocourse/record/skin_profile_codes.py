"""The codes of a skin profile: what the choice of a skin care routine depends on. The words people see stand here."""

from __future__ import annotations

from typing import Literal

Known = Literal["yes", "no", "unknown"]
# The air the person lives in, and how warm it is there in this season.
Air = Literal["dry", "humid", "neither", "unknown"]
Warmth = Literal["hot", "cold", "neither", "unknown"]
Shaving = Literal["blade", "electric", "no", "unknown"]
Budget = Literal["low", "any", "unknown"]

WORDS: dict[str, str] = {
    "blade": "with a blade",
    "electric": "with an electric razor",
}
# Answers whose words fit only beside their question; `ungraded` is a symptom of which nobody said how bad it is.
ANSWERS: dict[str, str] = {
    "low": "little",
    "any": "enough",
    "not_asked": "not asked",
    "ungraded": "there, not said how bad",
}
