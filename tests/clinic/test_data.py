"""The JSON addresses: they give what the schemas say, and nothing that is sent makes them fail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings

from isocourse.care.recording import record_events
from isocourse.doors.web.data.openapi import description
from isocourse.store.models import Patient
from isocourse.words.schemas import schemas
from tests.clinic.conftest import NOW, House
from tests.clinic.test_recording import WEIGHT

pytestmark = pytest.mark.django_db
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture
def doctor(ours: House) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(ours.prescriber, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("name", ["record", "answer", "plan"])
def test_what_is_given_is_what_the_schema_says(doctor: Client, ours: House, patient: Patient, name: str) -> None:
    record_events(by=ours.nurse, patient=patient, events=[WEIGHT], now=NOW)
    given = json.loads(doctor.get(f"/patients/{patient.key}/{name}.json").content)
    jsonschema.validate(given, schemas()[name])
    assert given["subject"] == patient.key


def test_an_example_record_is_assessed_and_not_kept(doctor: Client) -> None:
    source = next(iter(sorted(EXAMPLES.glob("uk_*.json")))).read_bytes()
    response = doctor.post("/data/assess", source, content_type="application/json")
    assert response.status_code == 200
    jsonschema.validate(json.loads(response.content), schemas()["answer"])
    assert not Patient.objects.exists()


def test_a_wrong_record_gets_an_error_that_says_how_to_mend_it(doctor: Client) -> None:
    response = doctor.post("/data/assess", b'{"isocourse_record": "1"}', content_type="application/json")
    assert response.status_code == 422
    assert json.loads(response.content)["found"]


schema = schemathesis.openapi.from_dict(description())


@dataclass
class Session:
    """A signed-in person's cookies, and what was answered to them."""

    cookies: dict[str, str]
    statuses: set[int] = field(default_factory=set)


@pytest.fixture
def session(doctor: Client) -> Iterator[Session]:
    # What is sent twice, in the cookie and beside it, is not forged.
    found = Session({"sessionid": doctor.cookies["sessionid"].value, "csrftoken": "x" * 32})
    # A server closes its connection after a request; here it is the test's own, with everything in it.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield found
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    assert found.statuses & {200, 422}, "nothing got past the door"


@schema.parametrize()
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
def test_nothing_that_is_sent_makes_the_server_fail(case: Any, session: Session, patient: Patient) -> None:
    if "patient" in case.path_parameters and len(case.path_parameters["patient"]) % 2:
        case.path_parameters["patient"] = patient.key
    headers = {"X-CSRFToken": session.cookies["csrftoken"]}
    response = case.call(app=get_wsgi_application(), headers=headers, cookies=session.cookies)
    session.statuses.add(response.status_code)
    assert response.status_code < 500
