"""Where the outside data lies: beside the project, or where ISOCOURSE_SHARED says. Tests that use it do without."""

from __future__ import annotations

import os
from pathlib import Path

SHARED = Path(os.environ.get("ISOCOURSE_SHARED", Path(__file__).resolve().parents[2] / "shared"))
NOT_HERE = "not beside the project; ISOCOURSE_SHARED names another folder"
