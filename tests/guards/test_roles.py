"""Roles are named in one place: no module of the record compares a role with a word of its own."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import get_args

import isocourse.record
from isocourse.record import roles
from isocourse.record.terminology import Role

ROOM = Path(isocourse.record.__file__).parent


def compared(source: str) -> list[str]:
    """Comparisons of something's `role` with words, not with a named set."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare) and isinstance(node.left, ast.Attribute) and node.left.attr == "role":
            against = [word for side in node.comparators for word in ast.walk(side) if isinstance(word, ast.Constant)]
            found += [ast.unparse(node)] if against else []
    return found


def test_no_module_of_the_record_names_a_role_beside_this_one() -> None:
    told = {path.name: compared(path.read_text(encoding="utf-8")) for path in ROOM.glob("*.py")}
    assert len(told) > 30 and {name: found for name, found in told.items() if found} == {}
    assert compared("event.author.role == 'nurse'") and compared("e.author.role not in {'patient'}")
    assert not compared("event.author.role in PRESCRIBERS")


def test_every_role_is_a_clinician_or_never_one() -> None:
    assert set(get_args(Role)) == roles.CLINICIANS | roles.NEVER_CLINICIANS
    assert not roles.CLINICIANS & roles.NEVER_CLINICIANS
    assert roles.PRESCRIBERS <= roles.MEDICINE_CHECKERS <= roles.CLINICIANS
    assert roles.TELL_OF_THEMSELVES <= roles.NEVER_CLINICIANS and roles.PLANNER in roles.PRESCRIBERS
