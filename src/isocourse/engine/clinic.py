"""A clinic's own settings: stricter than its programme as it likes, looser only where no regulation stands, and signed.

One YAML file, read strictly:

    clinic: Example Dermatology
    programme: uk
    settings:
      - {value: supply_limit, is: 28, from: 2026-03-01}                     # stricter: no more is asked
      - value: default_schedule                                            # a departure: signed, and shown
        is: delphi_2022
        from: 2026-03-01
        departs: {signed_by: Dr A. Example, on: 2026-02-20, reason: Healthy young patients, audited every year.}
    switched_off:                                                          # clinic policy alone, never a stop
      - rule: supply_too_early
        from: 2026-03-01
        departs: {signed_by: Dr A. Example, on: 2026-02-20, reason: The pharmacy checks the days in hand.}

A value that feeds an episode holds for all days once set; any other from its day on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from isocourse.engine import model as m
from isocourse.engine.documents import Fields, Part, parse_document
from isocourse.engine.steps import Steps
from isocourse.errors import InputError, ProtocolError
from isocourse.record.dates import iso
from isocourse.record.roles import NEVER_CLINICIANS

SETTABLE = ("days", "months", "number", "code", "codes")
# Rules that wait for something nobody could read or nobody answered. Off, the unknown would pass for harmless.
NEVER_OFF = (
    "category_unknown",
    "illness_unread",
    "latest_test_unclear",
    "medicine_unread",
    "questionnaire_incomplete",
    "result_ungraded",
    "self_harm_unanswered",
    "symptom_ungraded",
    "symptom_unread",
)


@dataclass(frozen=True)
class Departure:
    """Who signed that the clinic departs from its programme, on which day, and why."""

    signed_by: str
    on: int
    reason: str


@dataclass(frozen=True)
class Setting:
    """One value of the clinic's own, from a day on."""

    value: str
    content: Any
    from_day: int
    departs: Departure | None
    where: str


@dataclass(frozen=True)
class SwitchedOff:
    """A rule of clinic policy that this clinic does not have, from a day on."""

    rule: str
    from_day: int
    departs: Departure
    where: str


@dataclass(frozen=True)
class Clinic:
    """A clinic's settings for one programme, with the hash of their file."""

    name: str
    programme: str
    settings: tuple[Setting, ...]
    switched_off: tuple[SwitchedOff, ...]
    content: str


@dataclass(frozen=True)
class Departed:
    """A departure as it is shown: what is different from which day, what it departs from, and who signed it."""

    says: str
    strength: str
    from_day: int
    departure: Departure


def read_clinic(source: bytes, name: str, library: m.Library) -> Clinic:
    """A clinic's file, checked against the protocol it sets; `name` is how errors call it. Raises ProtocolError."""
    part = parse_document(source, name)
    fields = part.fields(needed=("clinic", "programme"), optional=("settings", "switched_off"))
    settings = tuple(_setting(item, library) for item in _listed(fields, "settings"))
    off = tuple(_switched_off(item, library) for item in _listed(fields, "switched_off"))
    _refuse_twice([(setting.value, setting.where) for setting in settings])
    _refuse_twice([(each.rule, each.where) for each in off])
    return Clinic(
        fields["clinic"].text(),
        fields["programme"].one_of(library.programmes),
        settings,
        off,
        hashlib.sha256(source.replace(b"\r\n", b"\n")).hexdigest()[:12],
    )


def _listed(fields: Fields, key: str) -> list[Part]:
    return fields[key].items() if key in fields else []


def _refuse_twice(named: Iterable[tuple[str, str]]) -> None:
    first: dict[str, str] = {}
    for name, where in named:
        if name in first:
            raise ProtocolError(f"{name!r} is set twice (first at {first[name]})", where=where, mend="delete one")
        first[name] = where


def _setting(part: Part, library: m.Library) -> Setting:
    fields = part.fields(needed=("value", "is", "from"), optional=("departs",))
    value = library.values[fields["value"].one_of(library.values)]
    if value.kind not in SETTABLE:
        raise part.error(
            f"{value.name!r} is a table ({value.kind}), which a clinic cannot set",
            allowed=f"values of kind {', '.join(SETTABLE)}",
            mend="ask for a change of the protocol",
        )
    content = _content(fields["is"], value.kind)
    if value.kind == "codes" and value.name.endswith("_roles") and (who := NEVER_CLINICIANS.intersection(content)):
        raise fields["is"].error(
            f"{value.name!r} cannot name {_shown(tuple(sorted(who)))}, signed or not",
            allowed="roles of clinicians",
            mend="leave out who is no clinician",
        )
    return Setting(value.name, content, fields["from"].day(), _departs(fields), part.where)


def _content(part: Part, kind: str) -> Any:
    match kind:
        case "code":
            return part.text()
        case "codes":
            return part.texts()
        case _:
            return part.number()


def _switched_off(part: Part, library: m.Library) -> SwitchedOff:
    fields = part.fields(needed=("rule", "from", "departs"))
    rule = fields["rule"].one_of(library.rules)
    departs = _departs(fields)
    assert departs is not None
    return SwitchedOff(rule, fields["from"].day(), departs, part.where)


def _departs(fields: Fields) -> Departure | None:
    if "departs" not in fields:
        return None
    told = fields["departs"].fields(needed=("signed_by", "on", "reason"))
    return Departure(told["signed_by"].text(), told["on"].day(), told["reason"].text())


# --- applying it ----------------------------------------------------------------------------------
def check_programme(clinic: Clinic, programme: str) -> None:
    """Raises InputError when the settings are for another programme."""
    if clinic.programme != programme:
        raise InputError(
            f"the settings of {clinic.name} are for programme {clinic.programme!r}, not {programme!r}",
            mend=f"decide under {clinic.programme!r}, or name that programme's settings",
        )


def set_values(
    clinic: Clinic, values: Mapping[str, m.Value], steps: Mapping[str, Steps]
) -> tuple[dict[str, Steps], tuple[Departed, ...]]:
    """The programme's steps with the clinic's own put in, and what departs. Raises ProtocolError for what may not be:
    looser than a regulation, or looser than anything else without a signature."""
    found, departed = dict(steps), []
    for setting in clinic.settings:
        value, old = values[setting.value], steps.get(setting.value)
        if not old:
            raise ProtocolError(
                f"programme {clinic.programme!r} has no {value.name!r} to set", where=setting.where, mend="leave it out"
            )
        all_days = bool(value.feeds)
        for index, (begins, step) in enumerate(old):
            ends = old[index + 1][0] if index + 1 < len(old) else None
            bound = all_days or ends is None or ends > setting.from_day
            if bound and (why := _against(value, step, setting, clinic)) is not None:
                departed.append(replace(why, from_day=max(begins, setting.from_day) if index else setting.from_day))
        own = _own_step(setting, clinic)
        before = [] if all_days else [(day, step) for day, step in old if day < setting.from_day]
        found[value.name] = [*before, (0 if all_days or not before else setting.from_day, own)]
    return found, tuple(departed)


def _against(value: m.Value, step: m.ValueStep, setting: Setting, clinic: Clinic) -> Departed | None:
    """What the setting is against one step of the programme: None where it is as strict, a departure, or an error."""
    if as_strict(value, step.value, setting.content):
        return None
    if step.strength == "regulation":
        raise ProtocolError(
            f"{value.name!r} would be looser than a regulation, which says {_shown(step.value)}",
            where=setting.where,
            allowed=_allowed(value, step.value),
            mend="a clinic may be stricter than a regulation, never looser",
        )
    if setting.departs is None:
        raise ProtocolError(
            f"{value.name!r} departs from {_called(step.strength)} ({_shown(step.value)}), and nobody signed it",
            where=setting.where,
            mend="add departs: {signed_by: ..., on: YYYY-MM-DD, reason: ...}",
        )
    says = f"{value.name} is {_shown(setting.content)} instead of {_shown(step.value)}"
    return Departed(says, step.strength, setting.from_day, setting.departs)


def as_strict(value: m.Value, old: Any, new: Any) -> bool:
    """Whether `new` protects at least as much as `old`, by what the value says is stricter. Where nothing says it, only
    the same is."""
    if old is None or new == old:
        return bool(new == old)
    match value.stricter:
        case "lower":
            return bool(new <= old)
        case "higher":
            return bool(new >= old)
        case "fewer":
            return set(new) <= set(old)
    return False


def rules_off(clinic: Clinic, rules: Iterable[m.Rule]) -> tuple[dict[str, int], tuple[Departed, ...]]:
    """The rules switched off, by the day from which they are; and what departs. Raises ProtocolError for a rule that
    is more than clinic policy, that stops capsules, or that waits for something unread."""
    governing = {rule.id: rule for rule in rules}
    until, departed = {}, []
    for off in clinic.switched_off:
        rule = governing.get(off.rule)
        if rule is None:
            raise ProtocolError(
                f"programme {clinic.programme!r} has no rule {off.rule!r}", where=off.where, mend="leave it out"
            )
        if rule.id in NEVER_OFF:
            raise ProtocolError(
                f"{rule.id!r} waits for what is not read or not known, and cannot be switched off for a clinic",
                where=off.where,
                allowed="rules of clinic policy that stop nothing and wait for nothing unread",
                mend="read the entry, or have it judged; a prescriber decides about it for one patient",
            )
        if rule.strength != "clinic_policy" or "stop_now" in (rule.then.capsules, rule.if_unknown.capsules):
            what = "stops the capsules" if rule.strength == "clinic_policy" else f"is {_called(rule.strength)}"
            raise ProtocolError(
                f"{rule.id!r} {what}, and cannot be switched off for a clinic",
                where=off.where,
                allowed="rules of clinic policy that stop nothing",
                mend="a prescriber decides about it for one patient",
            )
        until[rule.id] = off.from_day
        departed.append(Departed(f"the rule {rule.id} is switched off", rule.strength, off.from_day, off.departs))
    return until, tuple(departed)


def _own_step(setting: Setting, clinic: Clinic) -> m.ValueStep:
    remark = f"Set by {clinic.name} from {iso(setting.from_day)}."
    return m.ValueStep(clinic.programme, "clinic", setting.content, "clinic_policy", "high", (), remark, setting.where)


def _allowed(value: m.Value, regulated: Any) -> str:
    words = {"lower": "at most ", "higher": "at least ", "fewer": "some of "}
    return f"{words.get(value.stricter, '')}{_shown(regulated)}"


def _shown(content: Any) -> str:
    return ", ".join(content) if isinstance(content, tuple) else str(content)


def _called(strength: str) -> str:
    return {
        "regulation": "a regulation",
        "label": "the label",
        "guideline": "a guideline",
        "consensus": "a consensus",
        "clinic_policy": "shipped clinic policy",
    }[strength]
