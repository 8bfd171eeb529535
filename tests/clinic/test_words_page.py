"""The page of words: what it shows, and what its search has to go by."""

from __future__ import annotations

import pytest
from django.urls import reverse

from isocourse.engine.knowledge import open_shelf
from isocourse.words.glossary import bare, read_terms
from tests.clinic.conftest import House
from tests.clinic.test_access import client_of

pytestmark = pytest.mark.django_db


def test_every_word_is_on_the_page_with_its_anchor_and_names(ours: House) -> None:
    answer = client_of("nurse", ours, ours).get(reverse("words"))
    page = answer.content.decode()
    assert answer.status_code == 200
    for term in read_terms(open_shelf()).values():
        assert f'id="{term.anchor}"' in page
        assert bare(term.word) in page
