"""What a clinic sets: who may change what, what needs a prescriber's signature, and the history of all of it.

How the clinic writes letters and signs in changes at once. What decides about patients (limits, schedule, rules,
versions adopted, the second signature) is proposed, and in force only when a prescriber of the clinic has signed it.
Everything is checked by the engine before it is kept, and everybody is decided about anew by the job.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import yaml
from django.db import IntegrityError, transaction

from isocourse.care import audit
from isocourse.care.deciding import today_in
from isocourse.care.editions import edition_for, library
from isocourse.care.permissions import Act, Denied, check, may
from isocourse.errors import InputError, ProtocolError
from isocourse.store.models import Clinic, ClinicSettingsVersion, OutboxMessage, Patient, SettingsProposal, User

# What changes at once. Nothing here changes a decision.
OF_THE_HOUSE = (
    "name",
    "letterhead",
    "phone",
    "language",
    "lab_units",
    "weight_units",
    "products",
    "second_factor_roles",
)
KEPT = ("programme", "settings", "adopted", "second_signature", *OF_THE_HOUSE)
SHORTEST_REASON = 10
AS_IT_BEGAN = "as it began"


@dataclass(frozen=True)
class Change:
    """A clinical change: of a value, a rule, an adoption, or the second signature. `content` None: as the programme
    says."""

    kind: str
    target: str
    content: Any
    from_day: date
    reason: str = ""


# --- what changes at once ---------------------------------------------------------------------------
@transaction.atomic
def change_house(*, by: User, now: datetime, fields: Mapping[str, Any]) -> list[str]:
    """Letter head, language, units, products, who needs a second factor. The names of what changed. Raises Denied."""
    check(by, "change_settings")
    assert by.clinic_id is not None
    clinic = _locked(by.clinic_id)
    changed = [name for name in OF_THE_HOUSE if name in fields and getattr(clinic, name) != fields[name]]
    if not changed:
        return []
    before = kept(clinic)
    for name in changed:
        setattr(clinic, name, fields[name])
    _put_in_force(clinic, before, by=by, signed_by=None, now=now, what=", ".join(changed))
    audit.write("change_settings", by=by, now=now, subject=clinic.key, detail={"fields": changed})
    return changed


@transaction.atomic
def choose_programme(*, by: User, now: datetime, programme: str) -> None:
    """Another programme, while the clinic has no patient. What was set for the one before is no longer set."""
    check(by, "change_settings")
    assert by.clinic_id is not None
    clinic = _locked(by.clinic_id)
    if Patient.objects.filter(clinic=clinic).exists():
        raise InputError(
            "the programme is fixed once the clinic has patients",
            where="programme",
            mend="make another clinic for another programme",
        )
    if programme not in library().programmes:
        raise InputError("there is no such programme", where="programme", allowed=", ".join(library().programmes))
    before = kept(clinic)
    clinic.programme, clinic.settings, clinic.adopted, clinic.products = programme, "", {}, []
    clinic.proposals.filter(state=SettingsProposal.State.WAITING).update(
        state=SettingsProposal.State.WITHDRAWN, closed_by=by, closed_at=now
    )
    _put_in_force(clinic, before, by=by, signed_by=None, now=now, what="programme")
    audit.write("choose_programme", by=by, now=now, subject=clinic.key, detail={"programme": programme})


# --- what a prescriber signs ------------------------------------------------------------------------
@transaction.atomic
def propose(*, by: User, now: datetime, change: Change) -> SettingsProposal:
    """Propose a clinical change. It is tried out now, so that a proposal that could never be in force is refused at
    once. Raises Denied, InputError or ProtocolError with what is allowed."""
    check(by, "change_settings")
    assert by.clinic_id is not None
    clinic = _locked(by.clinic_id)
    if change.from_day < today_in(clinic, now):
        raise InputError("a setting cannot begin in the past", where="from_day", mend="choose today or a later day")
    departs = weigh(clinic, change)
    if departs and len(change.reason.strip()) < SHORTEST_REASON:
        raise InputError(
            "this departs from the programme, and the reason is missing",
            where="reason",
            mend="write why; it stands in every answer that is made under it",
        )
    try:
        with transaction.atomic():
            proposal = SettingsProposal.objects.create(
                clinic=clinic,
                kind=change.kind,
                target=change.target,
                content=change.content,
                from_day=change.from_day,
                reason=change.reason.strip(),
                departs=departs,
                by=by,
                at=now,
            )
    except IntegrityError:
        raise InputError(
            "a change of this waits already", where=change.target, mend="have it signed, or withdraw it first"
        ) from None
    OutboxMessage.objects.create(clinic=clinic, kind="setting_proposed", not_before=now, created_at=now)
    audit.write("propose_setting", by=by, now=now, subject=proposal.key, detail=_told(proposal))
    return proposal


@transaction.atomic
def withdraw_proposal(*, by: User, now: datetime, proposal: SettingsProposal) -> None:
    """Take back a proposal, or (a prescriber) decline it."""
    held = _waiting(by, proposal, "change_settings", "sign_settings")
    _close(held, SettingsProposal.State.WITHDRAWN, by=by, now=now)
    audit.write("withdraw_setting", by=by, now=now, subject=held.key, detail=_told(held))


@transaction.atomic
def sign_proposal(*, by: User, now: datetime, proposal: SettingsProposal) -> ClinicSettingsVersion:
    """Sign a proposal: it is in force from now on, or from its day. The door has made sure just now that it is this
    person. Raises Denied, or an error where the settings have changed so that it no longer fits."""
    held = _waiting(by, proposal, "sign_settings")
    clinic = _locked(held.clinic_id)
    today = today_in(clinic, now)
    change = Change(held.kind, held.target, held.content, max(held.from_day, today), held.reason)
    if weigh(clinic, change) and not held.departs:
        raise InputError(
            "the programme has changed since, and this is a departure now", mend="withdraw it and propose it anew"
        )
    before = kept(clinic)
    _apply(clinic, change, signature(by, today, held.reason) if held.departs else None)
    version = _put_in_force(clinic, before, by=held.by, signed_by=by, now=now, what=held.target)
    _close(held, SettingsProposal.State.SIGNED, by=by, now=now)
    audit.write("sign_setting", by=by, now=now, subject=held.key, detail={**_told(held), "version": version.number})
    return version


def weigh(clinic: Clinic, change: Change) -> bool:
    """Whether a change departs from the programme, so that it needs a reason. Raises InputError or ProtocolError for
    what may not be at all: looser than a regulation, a rule that is more than clinic policy."""
    if change.kind == "second_signature":
        return False
    if change.kind == "rule" and change.content is not None:
        _tried(clinic, change, _TRIAL)
        return True
    try:
        _tried(clinic, change, None)
    except ProtocolError:
        _tried(clinic, change, _TRIAL)  # still refused: that error is the one to show
        return True
    return False


def signature(by: User, on: date, reason: str) -> dict[str, str]:
    """How a departure is signed."""
    title = f", {by.title}" if by.title else ""
    return {"signed_by": f"{by.shown_name}{title}", "on": on.isoformat(), "reason": reason.strip()}


_TRIAL = {"signed_by": "nobody yet", "on": "2026-01-01", "reason": "tried out"}


def _tried(clinic: Clinic, change: Change, departs: dict[str, str] | None) -> None:
    trial = Clinic(programme=clinic.programme, name=clinic.name, settings=clinic.settings, adopted=dict(clinic.adopted))
    _apply(trial, change, departs)
    edition_for(trial)


def _apply(clinic: Clinic, change: Change, departs: dict[str, str] | None) -> None:
    """Put a change into a clinic's fields, without saving."""
    day = change.from_day.isoformat()
    match change.kind:
        case "second_signature":
            clinic.second_signature = bool(change.content)
        case "adoption":
            rest = {name: told for name, told in clinic.adopted.items() if name != change.target}
            clinic.adopted = rest if change.content is None else {**rest, change.target: change.content}
        case "value":
            entry = {"value": change.target, "is": change.content, "from": day}
            _write(clinic, "settings", "value", change, entry, departs)
        case "rule":
            _write(clinic, "switched_off", "rule", change, {"rule": change.target, "from": day}, departs)
        case _:
            raise InputError("this cannot be set", where=change.kind)


def _write(
    clinic: Clinic, part: str, key: str, change: Change, entry: dict[str, Any], departs: dict[str, str] | None
) -> None:
    written = yaml.safe_load(clinic.settings) or {}
    entries = [each for each in written.get(part, []) if each[key] != change.target]
    if change.content is not None:
        entries.append({**entry, "departs": departs} if departs is not None else entry)
    parts = {name: written.get(name, []) for name in ("settings", "switched_off")} | {part: entries}
    if not any(parts.values()):
        clinic.settings = ""
        return
    whole = {"clinic": clinic.name, "programme": clinic.programme, **{name: got for name, got in parts.items() if got}}
    clinic.settings = yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=10_000)


# --- keeping it -------------------------------------------------------------------------------------
def kept(clinic: Clinic) -> dict[str, Any]:
    """Everything that is set, as the history keeps it."""
    return {name: getattr(clinic, name) for name in KEPT}


def _put_in_force(
    clinic: Clinic, before: Mapping[str, Any], *, by: User, signed_by: User | None, now: datetime, what: str
) -> ClinicSettingsVersion:
    edition = edition_for(clinic).name  # raises for what may not be
    last = clinic.settings_versions.first()
    if last is None:  # what was so far, so that decisions made under it can be understood
        was = Clinic(**{name: before[name] for name in ("programme", "name", "settings", "adopted")})
        last = ClinicSettingsVersion.objects.create(
            clinic=clinic,
            number=1,
            at=clinic.created_at,
            what=AS_IT_BEGAN,
            edition=edition_for(was).name,
            content=dict(before),
        )
    version = ClinicSettingsVersion.objects.create(
        clinic=clinic,
        number=last.number + 1,
        at=now,
        by=by,
        signed_by=signed_by,
        what=what,
        edition=edition,
        content=kept(clinic),
    )
    clinic.save(update_fields=list(KEPT))
    if edition != last.edition:
        # The decisions no longer stand; the job makes new ones, and whoever opens a page before gets a fresh one.
        Patient.objects.filter(clinic=clinic, merged_into=None).update(valid_until=now)
    return version


def _locked(pk: int) -> Clinic:
    # Without the key: rows of other tables that name the clinic may be written meanwhile.
    return Clinic.objects.select_for_update(no_key=True).get(pk=pk)


def _waiting(by: User, proposal: SettingsProposal, *acts: Act) -> SettingsProposal:
    held = SettingsProposal.objects.select_for_update().get(pk=proposal.pk)
    if held.clinic_id != by.clinic_id:
        raise Denied(acts[0])
    if not any(may(by, act) for act in acts):
        raise Denied(acts[0])
    if held.state != SettingsProposal.State.WAITING:
        raise InputError("this is settled already", mend="look at the history of the settings")
    return held


def _close(held: SettingsProposal, state: str, *, by: User, now: datetime) -> None:
    held.state, held.closed_by, held.closed_at = state, by, now
    held.save(update_fields=["state", "closed_by", "closed_at"])


def _told(proposal: SettingsProposal) -> dict[str, Any]:
    return {"kind": proposal.kind, "target": proposal.target, "departs": proposal.departs}
