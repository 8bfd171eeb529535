"""What a clinic can set: each value of its programme with its meaning, source and current content, and each rule of
clinic policy that can be switched off. Reads only; `clinic_settings` writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from isocourse.care.editions import edition_for, library
from isocourse.engine import model as m
from isocourse.engine.clinic import NEVER_OFF, SETTABLE, SwitchedOff
from isocourse.engine.documents import LARGEST_NUMBER
from isocourse.engine.edition import Edition, edition_of
from isocourse.errors import InputError
from isocourse.record.code_words import CODE_WORDS
from isocourse.record.dates import day_of
from isocourse.record.roles import NEVER_CLINICIANS
from isocourse.record.terminology import MonitoringSchedule
from isocourse.store.models import Clinic

_SCHEDULES: tuple[str, ...] = get_args(MonitoringSchedule)
# Values that name one code out of a list which the protocol itself does not spell out in full.
_CODES = {"default_schedule": _SCHEDULES, "escalated_schedule": _SCHEDULES, "ctcae_edition": ("v5", "v6")}
SCHEDULES = ("default_schedule", "escalated_schedule")


@dataclass(frozen=True)
class Settable:
    """One value: what the programme says today, and what the clinic says instead. `choices` are the codes it can take,
    empty for numbers."""

    name: str
    topic: str
    says: str
    kind: str
    stricter: str
    step: m.ValueStep
    own: Any | None
    own_from: int | None
    choices: tuple[str, ...]

    @property
    def shipped(self) -> Any:
        """What the programme says."""
        return self.step.value


@dataclass(frozen=True)
class PolicyRule:
    """A rule of clinic policy that can be switched off, and what the clinic did about it."""

    rule: m.Rule
    off: SwitchedOff | None


def shipped(clinic: Clinic) -> Edition:
    """The clinic's programme with its adoptions, without its own settings."""
    return edition_of(library(), clinic.programme, {name: day_of(day) for name, day in clinic.adopted.items()})


def settables(clinic: Clinic, today: date) -> Iterator[Settable]:
    """Every value that the clinic can set, in the order of the protocol."""
    found = edition_for(clinic)
    own = {setting.value: setting for setting in found.clinic.settings} if found.clinic is not None else {}
    for name, steps in shipped(clinic).dated_values.items():
        value = library().values[name]
        if value.kind not in SETTABLE:
            continue
        step = next((step for begins, step in reversed(steps) if begins <= today.toordinal()), steps[0][1])
        set_here = own.get(name)
        yield Settable(
            name,
            value.topic,
            value.says,
            value.kind,
            value.stricter,
            step,
            set_here.content if set_here is not None else None,
            set_here.from_day if set_here is not None else None,
            _choices(value),
        )


def settable(clinic: Clinic, name: str, today: date) -> Settable | None:
    """One value by its name."""
    return next((each for each in settables(clinic, today) if each.name == name), None)


def _choices(value: m.Value) -> tuple[str, ...]:
    if value.kind not in ("code", "codes"):
        return ()
    known = list(_CODES.get(value.name, ()))
    for step in value.steps:
        known += step.value if value.kind == "codes" else [step.value]
    never: frozenset[str] = frozenset(NEVER_CLINICIANS) if value.name.endswith("_roles") else frozenset()
    return tuple(code for code in dict.fromkeys(known) if code not in never)


def policy_rules(clinic: Clinic) -> Iterator[PolicyRule]:
    """Every rule that the clinic can switch off, in the order of the protocol."""
    found = edition_for(clinic)
    off = {each.rule: each for each in found.clinic.switched_off} if found.clinic is not None else {}
    for rule in shipped(clinic).rules:
        stops = "stop_now" in (rule.then.capsules, rule.if_unknown.capsules)
        if rule.strength == "clinic_policy" and not stops and rule.id not in NEVER_OFF:
            yield PolicyRule(rule, off.get(rule.id))


def policy_rule(clinic: Clinic, name: str) -> PolicyRule | None:
    """One of those rules by its name."""
    return next((each for each in policy_rules(clinic) if each.rule.id == name), None)


def waiting_versions(clinic: Clinic) -> tuple[m.Version, ...]:
    """Versions of the programme whose go-live is not confirmed, which the clinic can adopt."""
    return tuple(each for each in library().programmes[clinic.programme].versions if each.status == "unconfirmed")


def content_of(value: Settable, given: Sequence[str]) -> Any:
    """What was typed or ticked, as the content of a value. Raises InputError."""
    if value.kind == "codes":
        return [_code(value, code) for code in given]
    text = given[0].strip() if given else ""
    return _code(value, text) if value.kind == "code" else _number(value, text)


def _code(value: Settable, code: str) -> str:
    if code not in value.choices:
        allowed = ", ".join(CODE_WORDS.get(each, each) for each in value.choices)
        raise InputError("choose one of the list", where=value.name, allowed=allowed)
    return code


def _number(value: Settable, text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise InputError("this is no whole number", where=value.name, mend="write digits only, such as 28")
    if len(text) > 6 or int(text) > LARGEST_NUMBER:
        raise InputError("this number is too large", where=value.name, allowed=f"0 to {LARGEST_NUMBER}")
    return int(text)
