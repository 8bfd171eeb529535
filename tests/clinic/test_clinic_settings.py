"""What a clinic sets: signed where it decides about patients, kept for ever, and everybody decided about anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from isocourse.care import clinic_settings as care
from isocourse.care.clinic_settings import (
    Change,
    change_house,
    choose_programme,
    propose,
    sign_proposal,
    withdraw_proposal,
)
from isocourse.care.deciding import current, decide_again, mark_outdated, outdated
from isocourse.care.editions import edition_for, library
from isocourse.care.permissions import Denied
from isocourse.care.settable import content_of, policy_rules, settables
from isocourse.errors import InputError, ProtocolError
from isocourse.store.models import AuditEntry, Clinic, ClinicSettingsVersion, Patient, SettingsProposal
from tests.clinic.conftest import NOW, TODAY, House, house

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
REASON = "Healthy young patients, audited every year."


def schedule(content: str | None = "monthly_traditional", reason: str = REASON) -> Change:
    return Change("value", "default_schedule", content, TODAY, reason)


def stricter() -> Change:
    return Change("value", "supply_limit", 28, TODAY)


def sent(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


# --- signed -----------------------------------------------------------------------------------------
def test_a_proposal_changes_nothing_before_a_prescriber_signed_it(ours: House, patient: Patient) -> None:
    before = edition_for(ours.clinic).name
    row = propose(by=ours.administrator, now=NOW, change=schedule())
    assert row.departs
    ours.clinic.refresh_from_db()
    assert edition_for(ours.clinic).name == before
    assert current(patient, now=LATER).edition == before
    for who in (ours.nurse, ours.administrator, ours.patient):
        with pytest.raises(Denied):
            sign_proposal(by=who, now=LATER, proposal=row)
    sign_proposal(by=ours.prescriber, now=LATER, proposal=row)
    ours.clinic.refresh_from_db()
    edition = edition_for(ours.clinic)
    assert edition.name != before
    (departed,) = edition.departures_on(TODAY.toordinal())
    assert departed.departure.signed_by == ours.prescriber.shown_name
    assert departed.departure.reason == REASON
    assert [entry.act for entry in AuditEntry.objects.filter(subject=row.key)] == ["propose_setting", "sign_setting"]


def test_a_prescriber_of_another_clinic_signs_nothing_here(ours: House, theirs: House) -> None:
    row = propose(by=ours.administrator, now=NOW, change=schedule())
    with pytest.raises(Denied):
        sign_proposal(by=theirs.prescriber, now=LATER, proposal=row)
    assert sent(theirs.prescriber).get(reverse("settings_proposal", args=[row.key])).status_code == 404


@pytest.mark.parametrize("role", ["nurse", "prescriber", "patient"])
def test_only_an_administrator_proposes(ours: House, role: str) -> None:
    with pytest.raises(Denied):
        propose(by=getattr(ours, role), now=NOW, change=schedule())


def test_stricter_needs_no_reason_looser_does(ours: House) -> None:
    assert not propose(by=ours.administrator, now=NOW, change=stricter()).departs
    with pytest.raises(InputError, match="reason is missing"):
        propose(by=ours.administrator, now=NOW, change=schedule(reason=""))


def test_never_looser_than_a_regulation_with_whatever_reason(db: Any) -> None:
    us = house("An American clinic", "us")
    with pytest.raises(ProtocolError, match="looser than a regulation"):
        propose(by=us.administrator, now=NOW, change=Change("value", "supply_limit", 60, TODAY, REASON))


def test_a_rule_that_is_more_than_clinic_policy_cannot_be_switched_off(ours: House) -> None:
    fixed = next(
        rule.id
        for rule in edition_for(ours.clinic).rules
        if rule.strength == "regulation" or rule.then.capsules == "stop_now"
    )
    with pytest.raises(ProtocolError, match="cannot be switched off"):
        propose(by=ours.administrator, now=NOW, change=Change("rule", fixed, "off", TODAY, REASON))


def test_a_rule_is_switched_off_and_on_again(ours: House) -> None:
    rule = next(policy_rules(ours.clinic)).rule.id
    for content, off in (("off", True), (None, False)):
        row = propose(by=ours.administrator, now=NOW, change=Change("rule", rule, content, TODAY, REASON))
        sign_proposal(by=ours.prescriber, now=LATER, proposal=row)
        ours.clinic.refresh_from_db()
        each = next(each for each in policy_rules(ours.clinic) if each.rule.id == rule)
        assert (each.off is not None) is off
    assert ours.clinic.settings == "", "back at the programme, the edition has its plain name again"


def test_every_rule_and_value_that_is_offered_can_be_proposed(ours: House) -> None:
    for each in list(policy_rules(ours.clinic))[::9]:
        care.weigh(ours.clinic, Change("rule", each.rule.id, "off", TODAY, REASON))
    steps = edition_for(ours.clinic).dated_values
    for value in [each for each in settables(ours.clinic, TODAY) if len(steps[each.name]) == 1][::7]:
        content = list(value.shipped) if isinstance(value.shipped, tuple) else value.shipped
        assert care.weigh(ours.clinic, Change("value", value.name, content, TODAY)) is False


def test_what_the_programme_says_is_among_the_choices(db: Any) -> None:
    for programme in library().programmes:
        clinic = Clinic(name="Any", programme=programme)
        for value in settables(clinic, TODAY):
            if value.kind in ("code", "codes"):
                shipped = value.shipped if value.kind == "codes" else [value.shipped]
                assert set(shipped) <= set(value.choices), (programme, value.name)


def test_an_adopted_version_counts_from_its_day(db: Any) -> None:
    us = house("An American clinic", "us")
    change = Change("adoption", "ipledge-2026", "2026-11-01", TODAY)
    row = propose(by=us.administrator, now=NOW, change=change)
    sign_proposal(by=us.prescriber, now=LATER, proposal=row)
    us.clinic.refresh_from_db()
    assert edition_for(us.clinic).unconfirmed(TODAY.toordinal()) == ()
    with pytest.raises(InputError, match="before its scheduled day"):
        propose(by=us.administrator, now=NOW, change=Change("adoption", "ipledge-2026", "2020-01-01", TODAY))


def test_an_adoption_is_proposed_from_its_page(db: Any) -> None:
    us = house("An American clinic", "us")
    page = reverse("setting_change", args=["adoption", "ipledge-2026"])
    assert b"not adopted" in sent(us.administrator).get(page).content
    assert b"before its scheduled day" in sent(us.administrator).post(page, {"content": "2020-01-01"}).content
    assert sent(us.administrator).post(page, {"content": "2026-11-01"}).status_code == 302
    row = SettingsProposal.objects.get()
    assert (row.kind, row.content) == ("adoption", "2026-11-01")
    for name, args in (("setting_change", ["adoption", "made-up"]), ("setting_change", ["value", "made_up"])):
        assert sent(us.administrator).get(reverse(name, args=args)).status_code == 404


def test_two_proposals_of_one_thing_do_not_wait_at_once(ours: House) -> None:
    row = propose(by=ours.administrator, now=NOW, change=schedule())
    with pytest.raises(InputError, match="waits already"):
        propose(by=ours.administrator, now=NOW, change=schedule("aad_2016"))
    withdraw_proposal(by=ours.prescriber, now=LATER, proposal=row)
    propose(by=ours.administrator, now=NOW, change=schedule("aad_2016"))
    with pytest.raises(InputError, match="settled already"):
        sign_proposal(by=ours.prescriber, now=LATER, proposal=row)


def test_a_setting_begins_today_at_the_earliest_also_when_it_is_signed_late(ours: House) -> None:
    with pytest.raises(InputError, match="in the past"):
        propose(by=ours.administrator, now=NOW, change=Change("value", "supply_limit", 28, TODAY - timedelta(days=1)))
    row = propose(by=ours.administrator, now=NOW, change=stricter())
    sign_proposal(by=ours.prescriber, now=NOW + timedelta(days=3), proposal=row)
    ours.clinic.refresh_from_db()
    value = next(each for each in settables(ours.clinic, TODAY) if each.name == "supply_limit")
    assert value.own_from == (TODAY + timedelta(days=3)).toordinal()


@pytest.mark.parametrize("typed", ["", "soon", "-1", "1e9", "2.5", "NaN"])
def test_what_is_no_number_of_days_is_refused(ours: House, typed: str) -> None:
    value = next(each for each in settables(ours.clinic, TODAY) if each.kind == "days")
    with pytest.raises(InputError):
        content_of(value, [typed])


def test_a_code_that_is_not_offered_is_refused(ours: House) -> None:
    value = next(each for each in settables(ours.clinic, TODAY) if each.name == "default_schedule")
    with pytest.raises(InputError, match="choose one"):
        content_of(value, ["never"])


# --- the page asks for the password -----------------------------------------------------------------
def test_signing_asks_for_the_password(ours: House) -> None:
    row = propose(by=ours.administrator, now=NOW, change=stricter())
    page = reverse("settings_proposal", args=[row.key])
    client = sent(ours.prescriber)
    for wrong in ("", "something else", "correct horse 8"):
        assert b"The password is wrong" in client.post(page, {"act": "sign", "password": wrong}).content
        row.refresh_from_db()
        assert row.state == SettingsProposal.State.WAITING
    assert client.post(page, {"act": "sign", "password": "correct horse 9"}).status_code == 302
    row.refresh_from_db()
    assert row.state == SettingsProposal.State.SIGNED
    assert row.closed_by == ours.prescriber


def test_an_administrator_cannot_sign_with_any_password(ours: House) -> None:
    row = propose(by=ours.administrator, now=NOW, change=stricter())
    page = reverse("settings_proposal", args=[row.key])
    assert sent(ours.administrator).post(page, {"act": "sign", "password": "correct horse 9"}).status_code == 403


def test_the_page_keeps_what_was_typed_and_shows_what_is_allowed(db: Any) -> None:
    us = house("An American clinic", "us")
    page = reverse("setting_change", args=["value", "supply_limit"])
    told = sent(us.administrator).post(
        page, {"content": "60", "from_day": "2099-01-01", "reason": "because we want it"}
    )
    assert b"looser than a regulation" in told.content
    assert b'value="60"' in told.content
    assert b"because we want it" in told.content


# --- decided anew -----------------------------------------------------------------------------------
def test_everybody_is_decided_about_anew_by_the_job(ours: House, theirs: House, patient: Patient) -> None:
    old = patient.decision
    row = propose(by=ours.administrator, now=NOW, change=stricter())
    sign_proposal(by=ours.prescriber, now=LATER, proposal=row)
    ours.clinic.refresh_from_db()
    assert outdated(ours.clinic).count() == 1
    assert decide_again(now=LATER) == 1
    patient.refresh_from_db()
    assert patient.decision != old
    assert patient.decision is not None
    assert (patient.decision.trigger, patient.decision.edition) == ("edition", edition_for(ours.clinic).name)
    assert outdated(ours.clinic).count() == 0
    assert decide_again(now=LATER) == 0


def test_what_decides_nothing_leaves_the_decisions_alone(ours: House, patient: Patient) -> None:
    change_house(by=ours.administrator, now=LATER, fields={"phone": "555 0123", "language": "en-us"})
    assert decide_again(now=LATER) == 0
    assert current(patient, now=LATER) == patient.decision


def test_after_an_upgrade_the_first_round_of_the_job_finds_everybody(ours: House, patient: Patient) -> None:
    Clinic.objects.filter(pk=ours.clinic.pk).update(  # as another protocol would: another edition, nobody told
        settings="clinic: Our clinic\nprogramme: uk\nsettings:\n- {value: supply_limit, is: 28, from: 2026-11-23}\n"
    )
    assert decide_again(now=LATER) == 0
    assert mark_outdated(now=LATER) == 1
    assert decide_again(now=LATER) == 1


# --- history ----------------------------------------------------------------------------------------
def test_the_history_holds_the_beginning_and_every_state(ours: House) -> None:
    began = edition_for(ours.clinic).name
    change_house(by=ours.administrator, now=NOW, fields={"phone": "555 0123"})
    row = propose(by=ours.administrator, now=NOW, change=stricter())
    sign_proposal(by=ours.prescriber, now=LATER, proposal=row)
    versions = list(ClinicSettingsVersion.objects.order_by("number"))
    assert [each.number for each in versions] == [1, 2, 3]
    assert [each.content["phone"] for each in versions] == ["", "555 0123", "555 0123"]
    assert versions[0].edition == versions[1].edition == began != versions[2].edition
    assert (versions[2].by, versions[2].signed_by) == (ours.administrator, ours.prescriber)
    assert "supply_limit" in versions[2].content["settings"]
    assert change_house(by=ours.administrator, now=LATER, fields={"phone": "555 0123"}) == []
    assert ClinicSettingsVersion.objects.count() == 3


@pytest.mark.parametrize(
    "act", ["UPDATE store_clinicsettingsversion SET number = 9", "DELETE FROM store_clinicsettingsversion"]
)
def test_the_history_cannot_be_changed(ours: House, act: str) -> None:
    change_house(by=ours.administrator, now=NOW, fields={"phone": "555 0123"})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act)


def test_the_programme_is_fixed_once_there_are_patients(ours: House, theirs: House, patient: Patient) -> None:
    with pytest.raises(InputError, match="fixed"):
        choose_programme(by=ours.administrator, now=LATER, programme="us")
    choose_programme(by=theirs.administrator, now=LATER, programme="us")
    theirs.clinic.refresh_from_db()
    assert theirs.clinic.programme == "us"


@pytest.mark.parametrize("part", ["letters", "units", "products", "sign-in", "programme"])
def test_the_parts_that_change_at_once_are_saved_from_their_pages(ours: House, part: str) -> None:
    form = {
        "letters": {"name": "New name", "letterhead": "1 Road\r\nTown", "phone": "1"},
        "units": {"language": "en-us", "lab_units": "conventional", "weight_units": "[lb_av]"},
        "products": {"products": ["roaccutane_uk", "made_up"]},
        "sign-in": {"roles": ["nurse", "patient"]},
        "programme": {"programme": "eu"},
    }[part]
    kept = {
        "letters": {"name": "New name", "letterhead": "1 Road\nTown", "phone": "1"},
        "products": {"products": ["roaccutane_uk"]},
        "sign-in": {"second_factor_roles": ["nurse"]},
    }.get(part, form)
    assert sent(ours.administrator).post(reverse("settings_house", args=[part]), form).status_code == 302
    ours.clinic.refresh_from_db()
    assert {name: getattr(ours.clinic, name) for name in kept} == kept
    assert sent(ours.prescriber).post(reverse("settings_house", args=[part]), form).status_code == 403
