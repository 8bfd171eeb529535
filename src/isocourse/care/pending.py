"""What waits for a person beside the decision: a second signature, a signed override not used yet, a supply to look at.

The list of work is written anew with each decision; these are written again with it, until they are settled.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_noop

from isocourse.store.models import Override, Patient, SupplyAlert, WorkItem
from isocourse.store.models.record import of_person
from isocourse.words.work import ACT_NOW, KNOW, PENDING, TODAY

KINDS = SIGNATURE, SIGNED, SUPPLIED = PENDING
WHAT_TO_DO = {
    SupplyAlert.Kind.OUTSIDE: gettext_noop(
        "Capsules came from elsewhere. Speak with the patient, and decide if they are taken."
    ),
    SupplyAlert.Kind.VOIDED: gettext_noop(
        "A voided prescription was dispensed. Speak with pharmacy and patient, and decide."
    ),
    SupplyAlert.Kind.WITHHELD: gettext_noop(
        "Capsules were supplied that were to be withheld. Speak with the patient, and decide."
    ),
}

WHY = {
    SupplyAlert.Kind.OUTSIDE: gettext_noop("Supplied outside the clinic's prescriptions."),
    SupplyAlert.Kind.VOIDED: gettext_noop("Supplied on a prescription that was voided."),
    SupplyAlert.Kind.WITHHELD: gettext_noop("Supplied although it was to be withheld."),
}


def unused_overrides(patient: Patient) -> list[Override]:
    """Overrides that still wait: for the second signature, or for the prescription that they are for."""
    rows = Override.objects.filter(patient=patient, needs_second=True, withdrawn_at=None, document=None)
    return list(rows.select_related("by", "second_by"))


def items(patient: Patient) -> list[WorkItem]:
    """The rows of what waits about a patient."""
    found = []
    for override in unused_overrides(patient):
        if override.second_at is None:
            says = gettext_noop("An override waits for a second signature. Look at it, and sign or refuse.")
            found.append(_item(patient, SIGNATURE, TODAY, says, f"Asked for by {override.by.shown_name}."))
        else:
            says = gettext_noop("The override is signed. Write the prescription, or withdraw it.")
            found.append(_item(patient, SIGNED, TODAY, says, ""))
    for alert in SupplyAlert.objects.filter(of_person(patient), settled_at=None):
        says = WHAT_TO_DO[SupplyAlert.Kind(alert.kind)]
        found.append(_item(patient, SUPPLIED, ACT_NOW, says, WHY[SupplyAlert.Kind(alert.kind)]))
    return found


def _item(patient: Patient, kind: str, risk: int, says: str, why: str) -> WorkItem:
    return WorkItem(
        clinic_id=patient.clinic_id,
        patient=patient,
        state=patient.state,
        kind=kind,
        place="now" if risk == ACT_NOW else "waiting",
        risk=risk,
        says=says,
        why=why,
        who="prescriber",
    )


def ranked(rows: Iterable[WorkItem]) -> list[WorkItem]:
    """The rows of one patient with their places among each other: what is to be acted on now first, and then what waits
    for a signature; the rest in the order it had."""
    ordered = sorted(rows, key=lambda row: (row.risk != ACT_NOW, row.kind not in KINDS, row.rank))
    for rank, row in enumerate(ordered):
        row.rank = rank
    return ordered


def refresh(patient: Patient) -> None:
    """Write what waits again, without a new decision. Only while the patient's row is locked."""
    rest = list(WorkItem.objects.filter(patient=patient).exclude(kind__in=KINDS))
    WorkItem.objects.filter(patient=patient).delete()
    for row in rest:
        row.pk = None
    rows = ranked([*rest, *items(patient)])
    WorkItem.objects.bulk_create(rows)
    patient.risk = min((row.risk for row in rows), default=KNOW)
    patient.save(update_fields=["risk"])
