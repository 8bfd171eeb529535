"""Whose results are these? What a report says of a person beside what the clinic knows, and a suggestion.

Nothing here files anything: a suggestion is shown to a person, who compares and confirms.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from isocourse.exchange.lab_reports import Named
from isocourse.store.models import Clinic, Patient

# Two identifiers have to agree before a result is filed without a word; the name counts as one.
ENOUGH = 2
Field = Literal["number", "name", "born"]


@dataclass(frozen=True)
class Compared:
    """One identifier: what the report says (`theirs`), what the clinic knows (`ours`), whether they agree; None where
    one of them says nothing."""

    field: Field
    theirs: str
    ours: str
    same: bool | None


def compare(named: Named, patient: Patient) -> tuple[Compared, ...]:
    """Number, name and birth date, side by side."""
    return _number(named, patient), _name(named, patient), _born(named, patient)


def needs_words(compared: Sequence[Compared]) -> bool:
    """Whether filing needs a sentence: something differs, or fewer than two identifiers agree."""
    return any(one.same is False for one in compared) or sum(one.same is True for one in compared) < ENOUGH


def _number(named: Named, patient: Patient) -> Compared:
    """A number that is nobody's here is the laboratory's own and says nothing; another patient's is a difference."""
    theirs = ", ".join(named.numbers)
    if any(_same_number(number, patient.number) for number in named.numbers):
        return Compared("number", theirs, patient.number, True)
    other = Patient.objects.filter(clinic=patient.clinic, number__in=named.numbers).exclude(pk=patient.pk)
    taken = bool(named.numbers) and other.exclude(merged_into=patient).exists()
    return Compared("number", theirs, patient.number, False if taken else None)


def _same_number(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _name(named: Named, patient: Patient) -> Compared:
    ours = patient.list_name
    if named.full_name:
        orders = {_folded(f"{patient.given_name} {patient.family_name}"), _folded(ours)}
        return Compared("name", named.full_name, ours, _folded(named.full_name) in orders)
    theirs = f"{named.family_name}, {named.given_name}".strip(", ")
    if not named.family_name or not named.given_name:
        partly = not theirs or _agree_in_part(named, patient)
        return Compared("name", theirs, ours, None if partly else False)
    same = _folded(named.family_name) == _folded(patient.family_name) and _begins(named.given_name, patient.given_name)
    return Compared("name", theirs, ours, same)


def _agree_in_part(named: Named, patient: Patient) -> bool:
    """Whether the one name that is given is that of the patient."""
    if named.family_name:
        return _folded(named.family_name) == _folded(patient.family_name)
    return _begins(named.given_name, patient.given_name)


def _begins(one: str, other: str) -> bool:
    """Whether the given names of one are the beginning of the other's: laboratories leave second names out."""
    first, second = _folded(one).split(), _folded(other).split()
    shorter = min(len(first), len(second))
    return shorter > 0 and first[:shorter] == second[:shorter]


def _born(named: Named, patient: Patient) -> Compared:
    ours = patient.born.isoformat() if patient.born is not None else ""
    same = named.born == ours if named.born and ours else None
    return Compared("born", named.born, ours, same)


def _folded(text: str) -> str:
    """A name for comparing: no case, no accents, no hyphens, in any script."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


def suggestions(clinic: Clinic, people: Sequence[Named]) -> list[Patient | None]:
    """For each person whom a report names: the one patient who has the number, else the one of this name and birth
    date, else nobody. A record that was merged counts as the one it was merged into."""
    numbers = {number for named in people for number in named.numbers}
    days = {named.born for named in people if named.born}
    ours = Patient.objects.filter(clinic=clinic).select_related("merged_into")
    by_number: dict[str, set[Patient]] = {}
    for patient in ours.filter(number__in=numbers):
        by_number.setdefault(patient.number, set()).add(patient.merged_into or patient)
    by_day: dict[str, list[Patient]] = {}
    for patient in ours.filter(born__in=days, merged_into=None):
        by_day.setdefault(str(patient.born), []).append(patient)
    return [_one(named, by_number, by_day) for named in people]


def _one(named: Named, by_number: dict[str, set[Patient]], by_day: dict[str, list[Patient]]) -> Patient | None:
    numbered = {patient for number in named.numbers for patient in by_number.get(number, ())}
    if numbered:
        return next(iter(numbered)) if len(numbered) == 1 else None
    alike = [patient for patient in by_day.get(named.born, ()) if _name(named, patient).same]
    return alike[0] if len(alike) == 1 else None
