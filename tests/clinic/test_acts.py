"""Every act that care writes into the audit has words."""

from __future__ import annotations

import re
from pathlib import Path

from isocourse.doors.web.administration.acts import ACTS

CARE = Path(__file__).resolve().parents[2] / "src" / "isocourse" / "care"
WRITTEN = re.compile(r'(?:audit\.write\(\s*|\bact=|\bact: str = )"([a-z_]+)"')


def test_every_act_has_words() -> None:
    acts = {act for path in CARE.glob("*.py") for act in WRITTEN.findall(path.read_text())}
    assert len(acts) > 30
    assert acts - set(ACTS) == set()
