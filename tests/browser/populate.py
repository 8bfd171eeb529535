"""What the pages are shown with, made beside the server in its database (`site.run`): a person for each thing to be
seen, whatever day it is. Nobody in it exists.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

NUMBER = iter(range(1, 10_000))
TABLE = "mrn,surname,forename,test,result,units,collected\n"


def now() -> datetime:
    return datetime.now(UTC)


def user(name: str) -> Any:
    from isocourse.store.models import User

    return User.objects.get(username=name)


def patient_where(**query: Any) -> Any:
    """The patient with most to show among those of a query; they have not changed hands."""
    from django.db.models import Count

    from isocourse.store.models import Patient

    clinic = user("nurse").clinic
    found = Patient.objects.filter(clinic=clinic, merged_into=None, **query).annotate(many=Count("events"))
    return found.order_by("-many", "pk").first()


def write(patient: Any, *events: dict[str, Any], by: str = "nurse", days_ago: int = 0) -> Any:
    """Write events down, of a day some days ago where they have none."""
    from isocourse.care.recording import record_events

    day = (now().date() - timedelta(days=days_ago)).isoformat()
    return record_events(
        by=user(by), patient=patient, events=[{"happened_on": day, **event} for event in events], now=now()
    )


def new_patient(given: str = "Rosa", family: str = "New", **more: Any) -> Any:
    from isocourse.care.patients import register

    number = f"n{next(NUMBER)}-{datetime.now(UTC):%H%M%S%f}"
    who = {"number": number, "given_name": given, "family_name": family, "born": date(2005, 5, 6), **more}
    return register(by=user("nurse"), now=now(), who=who)


def prescribable(*, proceeds: bool, potential: str = "", product: str = "isotretinoin_uk") -> Any:
    """A synthetic patient whose prescription of today (`forty`) would proceed, or be withheld by what may be departed
    from; `potential`: only one who "can" or "cannot" become pregnant. They are drawn until there is one: who can
    proceed on a day depends on the day."""
    from isocourse.care.demonstration import _enter, renamed
    from isocourse.care.editions import edition_for
    from isocourse.care.judging import judge
    from isocourse.engine.decide import decide
    from isocourse.record.record import Record
    from isocourse.simulate.clinic import clinic_of
    from isocourse.simulate.course import course

    doctor, moment = user("doctor"), now()
    edition, today = edition_for(doctor.clinic), moment.date().toordinal()
    for weeks in range(6, 30):
        first = today - 7 * weeks
        for number in range(1, 60):
            events = course(clinic_of(edition, first), number, seed=7, first_day=first - 60).record.events
            events = [event for event in events if event.recorded_at <= moment]
            if potential and not any(getattr(event, "potential", "") == potential for event in events):
                continue
            if (
                not events
                or (decide(edition, Record(subject="p", events=tuple(events)), today).supply == "proceed") != proceeds
            ):
                continue
            name = f"rx{weeks}-{number}"
            who = {"number": name, "given_name": "Rosa", "family_name": "Paper", "born": date(2003, 2, 1)}
            patient = _enter(doctor.clinic, who, renamed(events, name), moment)
            judged = judge(patient, forty(product=product), by=doctor, now=moment)
            if judged.may_proceed if proceeds else judged.may_be_overridden and len(judged.in_the_way) < 4:
                return patient
    raise AssertionError("nobody can be prescribed for today")


def forty(days: int = 28, product: str = "isotretinoin_uk") -> Any:
    """Forty milligrams once a day."""
    from isocourse.words.prescription import Choice

    return Choice(product=product, mg="40", intakes=1, days=days)


def override_waiting() -> Any:
    """An override that waits for its second signature."""
    from isocourse.care import overriding
    from isocourse.care.judging import judge

    doctor, patient = user("doctor"), prescribable(proceeds=False)
    doctor.clinic.second_signature = True
    doctor.clinic.save()
    judged = judge(patient, forty(), by=doctor, now=now())
    marks = frozenset(each.mark for each in judged.in_the_way)
    reason = "Seen together with the liver clinic, whose letter is in the record."
    departure = overriding.Departure(marks=marks, ground="specialist_advice", reason=reason)
    return overriding.ask(
        by=doctor, patient=patient, choice=forty(), departure=departure, now=now(), seen_seq=patient.last_seq
    )


def everything() -> dict[str, str]:
    """The keys of one of each, for the addresses of the pages (`tests/browser/pages.py`)."""
    from isocourse.care import clinic_settings, inbox, prescribing, visits
    from isocourse.care.demonstration_reports import waiting_reports
    from isocourse.store.keys import new_key
    from isocourse.store.models import Clinic, InboxResult

    nurse, doctor = user("nurse"), user("doctor")
    treated = patient_where(state="treated", risk__gt=0) or patient_where(state="treated")
    stopped = new_patient("Nadia", "Stopped")
    write(stopped, {"kind": "pregnancy_test", "result": "positive"})
    weight = write(treated, {"kind": "weight", "value": "62.5", "unit": "kg"}).events[0]
    treated.refresh_from_db()
    answers = {"air": "dry", "dark_spots": "yes", "make_up": "yes", "outdoor_work": "no", "shaving": "blade"}
    write(treated, {"kind": "skin_profile", **answers})
    treated.refresh_from_db()
    sent = visits.save(
        by=nurse,
        patient=treated,
        typed={"visit.0.mode": ["in_person"], "symptoms_asked.0.found": ["none"]},
        token=new_key(),
        seen_seq=treated.last_seq,
        now=now(),
    )
    may = prescribable(proceeds=True)
    issued = prescribing.prescribe(by=doctor, patient=may, choice=forty(), now=now(), seen_seq=may.last_seq)
    waiting = override_waiting()
    if not InboxResult.objects.exists():
        waiting_reports(nurse.clinic, by=nurse, now=now())
    day = (now().date() - timedelta(days=1)).isoformat()
    odd = f"{treated.number},{treated.family_name},{treated.given_name},ALT,27,U/L,{day}\n"
    odd += f"{treated.number},{treated.family_name},{treated.given_name},Rhubarb,1,stalks,{day}\n"
    report = inbox.receive(by=nurse, raw=(TABLE + odd).encode(), now=now()).report
    filed = report.results.get()
    inbox.file_results(by=nurse, result=filed, patient=treated, now=now(), rows=[0], words="Known by sight")
    unknown = f"77,Winter,Noor,ALT,22,U/L,{day}\n"
    aside = inbox.receive(by=nurse, raw=(TABLE + unknown).encode(), now=now()).report.results.get()
    open_one = InboxResult.objects.filter(state="waiting").exclude(pk=aside.pk).first()
    inbox.put_aside(by=nurse, result=aside, now=now(), remark="Asked the laboratory who this is")
    today = now().date()
    clinic_settings.change_house(by=user("admin"), now=now(), fields={"phone": "555 0199"})
    change = clinic_settings.Change("second_signature", "second_signature", False, today, "Everybody is in one room.")
    proposal = clinic_settings.propose(by=user("admin"), now=now(), change=change)
    elsewhere = Clinic.objects.create(name="Hill Road Clinic", programme="uk", demonstration=True)
    other = new_patient("Olga", "Elsewhere")
    type(other).objects.filter(pk=other.pk).update(clinic=elsewhere)
    return {
        "KEY": treated.key,
        "NEW": new_patient().key,
        "STOPPED": stopped.key,
        "SKIN": very_dry().key,
        "ENDED": patient_where(state="ended").key,
        "EVENT": weight.id,
        "OTHER": new_patient(treated.given_name, treated.family_name, born=treated.born).key,
        "TOKEN": sent.token,
        "MAY": may.key,
        "DOCUMENT": issued.document.key,
        "WITHHELD": waiting.patient.key,
        "REPORT": report.key,
        "WAITING": open_one.key if open_one else filed.key,
        "ASIDE": aside.key,
        "FILED": filed.key,
        "NURSE": nurse.code,
        "PROPOSAL": proposal.key,
        "ELSEWHERE": other.key,
        **second_factors(),
        **faces(),
    }


def face(months: float, repeat: int = 0) -> bytes:
    """A drawn face of nobody at a visit, as small as can be measured."""
    from isocourse.simulate.faces import Camera, Person, course_series, photograph

    (look,) = course_series(5, "light", [months])
    camera = Camera(px_per_mm=5.0, width=980, height=1230, yaw=0.6 * repeat, jpeg=94)
    made = photograph(Person(5, "light"), look, camera, seed=repeat).jpeg
    assert made is not None
    return made


def very_dry() -> Any:
    """Somebody in treatment whose eyes and lips are bad, and of whom nobody has asked about skin care."""
    patient = new_patient("Dora", "Dry")
    write(patient, {"kind": "dispensing", "days": 30}, {"kind": "course_start"}, days_ago=20)
    lips = {"kind": "symptom", "text": "lips", "term": "cheilitis", "severity": "moderate"}
    write(patient, lips, {"kind": "symptom", "text": "dry eyes", "term": "dry_eye", "severity": "severe"}, days_ago=1)
    return patient


def faces() -> dict[str, str]:
    """Somebody with photographs of two visits, measured and compared, and one that cannot be measured."""
    from isocourse.care.photograph_comparing import compare_due
    from isocourse.care.photograph_jobs import analyse_due
    from isocourse.care.photographs import sign_consent, take

    nurse, patient, today = user("nurse"), new_patient("Fay", "Pictured"), now().date()
    write(patient, {"kind": "birth", "happened_on": "2000-05-06"})
    about: dict[str, Any] = {"by": nurse, "patient": patient, "now": now(), "synthetic": True}
    on = today - timedelta(days=80)
    sign_consent(by=nurse, patient=patient, signers=("patient",), on=on, now=now(), seen_seq=patient.last_seq)
    before, *_rest = [take(data=face(0, repeat), view="frontal", day=on, **about) for repeat in range(2)]
    after = take(data=face(3, 2), view="frontal", day=today, **about)
    refused = take(data=face(3), view="back", day=today, **about)
    analyse_due(now=now())
    compare_due(now=now())
    return {"FACE": patient.key, "BEFORE": before.key, "AFTER": after.key, "REFUSED": refused.key}


def second_factors() -> dict[str, str]:
    """Somebody with an app, recovery codes and a passkey ("doctor3")."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from isocourse.store.models import User

    clinic = user("doctor").clinic
    third = User.objects.create_user(
        "doctor3",
        password="a long password for tests",
        clinic=clinic,
        role="prescriber",
        first_name="Ada",
        last_name="Ray",
    )
    # Signs in with an app: the passkey of the other is only to be looked at.
    fourth = User.objects.create_user(
        "doctor4", password="a long password for tests", clinic=clinic, role="prescriber", last_name="Lim"
    )
    TOTP.activate(fourth, generate_totp_secret())
    TOTP.activate(third, generate_totp_secret())
    RecoveryCodes.activate(third)
    data = {"name": "my telephone", "credential": {}}
    passkey = Authenticator.objects.create(user=third, type=Authenticator.Type.WEBAUTHN, data=data)
    return {"PASSKEY": str(passkey.pk)}


def session_of(name: str) -> str:
    """The cookie of somebody who has signed in, and has shown for the next hours that it is them: pages that change
    how one signs in ask for that again and again."""
    import time

    from django.test import Client

    client = Client()
    client.force_login(user(name), backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["account_authentication_methods_user"] = str(user(name).pk)
    session["account_authentication_methods"] = [
        {"method": "password", "reauthenticated": True, "at": time.time() + 6 * 3600}
    ]
    session.save()
    return client.cookies["sessionid"].value
