"""Ten rules from FHIR JSON, by isocourse and by cql-execution: the same answers, and how long each takes.

isocourse reads `bench/protocol`, CQL reads `bench/cql/ten_rules.cql`. An answer is 0 false, 1 true, 2 unknown.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from isocourse.engine.decide import evaluate, prepare
from isocourse.engine.edition import Edition, edition_of
from isocourse.engine.load import load_library
from isocourse.exchange.fhir import record_from_fhir

HERE = Path(__file__).resolve().parent
CQL = HERE / "cql"
WARM_UP = 20
States = tuple[int, ...]


class Skipped(Exception):
    """The comparison cannot be made here; the text says why."""


@dataclass(frozen=True)
class CqlRun:
    """What the Node script printed."""

    translate_ms: float
    open_ms: float
    us: list[float]
    rules_us: list[float]
    states: list[States]


def ten_rules() -> Edition:
    """The benchmark's own protocol, through the real loader."""
    return edition_of(load_library(HERE / "protocol"), "bench")


def noon(day: date) -> datetime:
    """The moment of import that both sides are given."""
    return datetime.combine(day, time(12), UTC)


def states_of(edition: Edition, bundle: bytes, as_of: date) -> States:
    """From one patient's Bundle to the ten answers."""
    imported = record_from_fhir([("bundle", bundle)], imported_at=noon(as_of))
    (patient,) = imported.patients
    return evaluate(edition, prepare(patient.record), as_of.toordinal()).states


def run_cql(bundles: Sequence[bytes], as_of: date, rules: Sequence[str]) -> CqlRun:
    """Run the same rules with cql-execution. Raises Skipped where Node or its packages cannot be had."""
    node = _node()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundles.ndjson"
        path.write_bytes(b"\n".join(bundles) + b"\n")
        command = [node, "run.mjs", str(path), as_of.isoformat(), ",".join(rules), str(WARM_UP)]
        done = subprocess.run(command, cwd=CQL, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode != 0:
        raise RuntimeError(f"the CQL run failed:\n{done.stderr}")
    found = json.loads(done.stdout)
    states = [tuple(state) for state in found["states"]]
    return CqlRun(found["translate_ms"], found["open_ms"], found["us"], found["rules_us"], states)


def _node() -> str:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise Skipped("Node and npm are not installed")
    lock, done = CQL / "package-lock.json", CQL / "node_modules" / ".package-lock.json"
    if not done.exists() or done.stat().st_mtime < lock.stat().st_mtime:
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        installed = subprocess.run(command, cwd=CQL, capture_output=True, text=True, check=False, timeout=300)
        if installed.returncode != 0:
            last = (installed.stderr.strip().splitlines() or ["no message"])[-1]
            raise Skipped(f"npm ci failed ({last[:100]})")
    return node


def differences(ours: Sequence[States], theirs: Sequence[States]) -> int:
    """How many of the answers are not equal."""
    if len(ours) != len(theirs):
        raise RuntimeError(f"{len(ours)} patients by isocourse, {len(theirs)} by CQL")
    return sum(a != b for mine, other in zip(ours, theirs, strict=True) for a, b in zip(mine, other, strict=True))


def blind_rules(edition: Edition, states: Sequence[States]) -> list[str]:
    """Rules that are not true for somebody and false for somebody: they would compare nothing."""
    columns = zip(*states, strict=True)
    return [rule.id for rule, column in zip(edition.rules, columns, strict=True) if not {0, 1} <= set(column)]
