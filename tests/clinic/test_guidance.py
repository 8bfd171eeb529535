"""The pages of guidance: what is asked finds its claim, choices narrow down, no search word is in an address."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from isocourse.doors.web.guidance.views import shelves
from isocourse.store.models import User
from tests.clinic.conftest import House

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def nurse(ours: House) -> Client:
    return signed_in(ours.nurse)


def claims_on(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/guidance/evidence/(\w+)/"', page)


def sent(client: Client, **fields: str) -> str:
    return client.post(reverse("evidence"), fields).content.decode()


def test_every_claim_is_in_the_list_and_each_has_its_page(nurse: Client) -> None:
    listed = claims_on(nurse.get(reverse("evidence")).content.decode())
    assert sorted(listed) == sorted(shelves().claims)
    for name, claim in shelves().claims.items():
        page = nurse.get(reverse("evidence_claim", args=[name])).content.decode()
        for number in claim.numbers:
            assert f'id="n-{number.id}"' in page
        assert page.count('<tr><th scope="row">') == len(claim.studies), name
    assert nurse.get("/guidance/evidence/no_claim/").status_code == 404


def test_a_search_puts_what_was_asked_first_and_says_why(nurse: Client) -> None:
    page = sent(nurse, sought="does it remove scars")
    assert claims_on(page)[0] == "existing_scars" and "scars (the question)" in page
    assert "No claim is about that." in sent(nurse, sought="xyzzy")
    assert "existing_scars" in sent(nurse, sought="scarz")


def test_subject_answer_and_popular_narrow_down_and_strange_choices_are_none(nurse: Client) -> None:
    claims = shelves().claims
    asked = {"subject": "scars", "answer": "not_shown"}
    wanted = [name for name, claim in claims.items() if (claim.subject, claim.answer) == ("scars", "not_shown")]
    assert claims_on(sent(nurse, **asked)) == wanted and wanted
    assert claims_on(nurse.get(reverse("evidence"), asked).content.decode()) == wanted
    popular = claims_on(nurse.get(reverse("evidence"), {"popular": "yes"}).content.decode())
    assert set(popular) == {name for name, claim in claims.items() if claim.popular}
    assert len(claims_on(sent(nurse, subject="<script>", answer="yes"))) == len(claims)


def test_no_address_carries_what_was_sought(nurse: Client) -> None:
    """A word typed in an address is not read: what people search stays out of logs and histories."""
    every = len(shelves().claims)
    page = nurse.get(reverse("evidence"), {"sought": "does it remove"}).content.decode()
    assert len(claims_on(page)) == every and 'value="does it remove"' not in page
    forms = re.findall(r"<form[^>]*>", page)
    assert all('method="post"' in form for form in forms if "evidence" in form)


def test_plain_pages_say_every_section_with_its_sources(nurse: Client) -> None:
    for name, plain in shelves().pages.items():
        page = nurse.get(reverse("plain_page", args=[name])).content.decode()
        for section in plain.sections:
            assert section.title in page and all(point in page or "'" in point for point in section.points)
            for source in section.sources:
                assert shelves().sources[source].publisher.split("'")[0] in page
    assert nurse.get("/guidance/pages/how-to-buy/").status_code == 404


def test_the_way_to_it_is_in_the_navigation(nurse: Client) -> None:
    page = nurse.get(reverse("guidance")).content.decode()
    assert '<a href="/guidance/" aria-current="page">Guidance</a>' in page
    for subject in {claim.subject for claim in shelves().claims.values()}:
        assert f"/guidance/evidence/?subject={subject}" in page


def test_the_checker_is_offered_to_whoever_may_open_it(ours: House) -> None:
    for user, offered in ((ours.nurse, True), (ours.administrator, False)):
        page = signed_in(user).get(reverse("guidance")).content.decode()
        assert reverse("words") in page
        assert (reverse("skincare_check") in page) is offered
