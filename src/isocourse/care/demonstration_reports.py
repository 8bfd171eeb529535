"""Laboratory reports for the demonstration clinic's inbox: what a morning brings, easy ones and others."""

from __future__ import annotations

from datetime import datetime, timedelta

from isocourse.care.inbox import receive
from isocourse.store.models import Clinic, Patient, User


def waiting_reports(clinic: Clinic, *, by: User, now: datetime) -> None:
    """Five reports that wait: a high triglyceride, a table of three people, a birth date that differs, a remark with a
    preliminary result, and somebody whom the clinic does not know. Nothing is filed."""
    people = list(
        Patient.objects.filter(clinic=clinic, state="treated").exclude(born=None).order_by("pk")[:6]  # fewer are enough
    )
    if len(people) < 6:
        return
    day = (now - timedelta(days=1)).strftime("%Y%m%d")
    high, differs, remarked, *three = people
    lipids = ["OBX|1|NM|2571-8^Triglycerides^LN||6.8|mmol/L|<1.7|HH|||F", _ALT.format(31, "", "F"), _CHOL]
    receive(by=by, raw=_message(1, day, _pid(high), lipids), now=now)
    swapped = f"{differs.number}||{differs.family_name}^{differs.given_name}||19990909"
    receive(by=by, raw=_message(2, day, swapped, [_ALT.format(22, "", "F")]), now=now)
    preliminary = [_ALT.format(58, "H", "P"), "NTE|1||Haemolysed. Repeat advised.", _CHOL]
    receive(by=by, raw=_message(3, day, _pid(remarked), preliminary), now=now)
    receive(by=by, raw=_message(4, day, "77120||Winter^Noor||20030117", [_ALT.format(19, "", "F")]), now=now)
    receive(by=by, raw=_table(day, three), now=now)


_ALT = "OBX|2|NM|1742-6^ALT^LN||{0}|U/L|0-40|{1}|||{2}"
_CHOL = "OBX|3|NM|2093-3^Cholesterol^LN||4.6|mmol/L|<5.0||||F"


def _pid(patient: Patient) -> str:
    return f"{patient.number}||{patient.family_name}^{patient.given_name}||{patient.born:%Y%m%d}"


def _message(number: int, day: str, who: str, results: list[str]) -> bytes:
    head = f"MSH|^~\\&|LIMS|NORTHLAB|CLINIC|DERM|{day}1415||ORU^R01^ORU_R01|DEMO{number}|P|2.5.1"
    order = f"OBR|1|||LFTLIP^Liver and lipids^L|||{day}0830||||||||SER^Serum"
    return "\r".join((head, f"PID|1||{who}", order, *results)).encode()


def _table(day: str, patients: list[Patient]) -> bytes:
    on = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    lines = ["Patient number,Surname,Forename,Date of birth,Test,Result,Units,Reference range,Collected,Status"]
    for place, one in enumerate(patients):
        who = f"{one.number},{one.family_name},{one.given_name},{one.born}"
        lines.append(f"{who},Triglycerides,{1 + place / 10:.1f},mmol/L,< 1.7,{on},Final")
        lines.append(f"{who},AST,{20 + place},U/L,0-40,{on},Final")
    return "\n".join((*lines, "")).encode()
