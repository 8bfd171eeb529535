"""Every sentence on every page can be translated: pages in a made-up language show nothing that is not in brackets.

The made-up language wraps each sentence of the catalogue in ⟦ ⟧. What is left over outside brackets must be data:
names, numbers, dates, units, codes. Elements marked translate="no" hold data as well.
"""

from __future__ import annotations

import ast
import importlib.machinery
import importlib.util
import json
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args

import cv2
import numpy as np
import pytest
import typst
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.test import Client
from django.utils import translation
from django.utils.translation import trans_real
from msgspec.structs import replace

from isocourse.care.recording import record_events
from isocourse.doors.web.templatetags import clinic_words
from isocourse.skin import change
from isocourse.skin.draw import State
from isocourse.skin.findings import (
    Band,
    ColourFit,
    Compared,
    Comparison,
    Gate,
    Measurement,
    RegionFigures,
    Relief,
    Spot,
    Tone,
    note,
)
from isocourse.store.models import Patient
from isocourse.words.photograph import GATES, REGIONS
from isocourse.words.photograph_change import TITLES
from isocourse.words.skin_report.paper import compared_words, measured_words
from isocourse.words.skin_report.pictures import Place, of_marks, of_states, shown
from isocourse.words.skin_report.sheet import VERDICTS
from tests.clinic.conftest import NOW, House
from tests.clinic.test_access import ROWS, WHO, YES, address, client_of, keys_of

pytestmark = pytest.mark.django_db
TOP = Path(__file__).resolve().parents[2]
MADE_UP = "zz"
# Data by its look: what stands on a page and is no sentence.
DATA = re.compile(
    r"""
    \b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b      # months
    | \b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\b                         # days
    | \b(?:mg|kg|lb|mmol|mol|dL|mL|L|U|h|min|g|cm|mcg|IU|ukat|mm²?)\b    # units
    | \b(?:ALT|AST|CK|GGT|ALP|LDL|HDL|PHQ|GAD|CTCAE|FHIR|HL7|CSV|ORU|JSON|PDF|YAML|TOTP|SQLite|PostgreSQL)\b
    | \b(?:midnight|noon)\b                                            # times of day
    | --[a-z-]+ | \bh[123]\b | \bisocourse\b
    """,
    re.VERBOSE,
)
SAID_IN = ("title", "aria-label", "placeholder", "alt")


def messages_tool() -> Any:
    loader = importlib.machinery.SourceFileLoader("messages_tool", str(TOP / "tools" / "messages"))
    spec = importlib.util.spec_from_loader("messages_tool", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the made-up language, made of everything that is in the catalogue."""
    own = Catalog(fuzzy=False)
    for message in messages_tool().template():
        if message.id:
            words = message.id
            wrapped = tuple(f"⟦{part}⟧" for part in words) if isinstance(words, tuple) else f"⟦{words}⟧"
            own.add(words, wrapped, context=message.context)
    folder = tmp_path_factory.mktemp("locale")
    place = folder / MADE_UP / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "django.mo").open("wb") as file:
        write_mo(file, own)
    return folder


@pytest.fixture
def speaking(made_up: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The pages in the made-up language; what they gave the filter `said`."""
    given: set[str] = set()

    def say(text: str) -> str:
        given.add(text)
        return f"⟦{text}⟧"

    def forget() -> None:
        trans_real._translations = {}
        for kept in vars(trans_real).values():
            if hasattr(kept, "cache_clear"):
                kept.cache_clear()

    settings.LOCALE_PATHS = [str(made_up)]
    settings.LANGUAGES = [(MADE_UP, "made up"), ("en-gb", "English")]
    # Sentences put together at run time are not in the catalogue: those have to pass the filter, constants to be in it.
    monkeypatch.setattr(clinic_words, "gettext", say)
    forget()
    with translation.override(MADE_UP):
        yield given
    forget()


class Said(HTMLParser):
    """The words of a page: text and spoken attributes, without what is marked as data."""

    VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        silent = known.get("translate") == "no" or tag in ("script", "style", "code", "kbd") or self.silent
        if not silent:
            self.found.extend(value for name in SAID_IN if (value := known.get(name)))
        if tag not in self.VOID:
            self.open.append((tag, silent))

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            if self.open.pop()[0] == tag:
                break

    @property
    def silent(self) -> bool:
        return bool(self.open) and self.open[-1][1]

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.found.append(" ".join(data.split()))


def outside(text: str) -> str:
    """What of a text is not in brackets, however they are nested."""
    depth, left = 0, []
    for char in text:
        depth += char == "⟦"
        if depth == 0:
            left.append(char)
        depth -= char == "⟧"
    return "".join(left)


def untranslated(page: str, data: list[str]) -> list[str]:
    """Words on a page that are neither translated nor data."""
    parser = Said()
    parser.feed(page)
    found = []
    for text in parser.found:
        left = outside(text)
        for known in sorted(data, key=len, reverse=True):
            left = left.replace(known, " ")
        left = DATA.sub(" ", left)
        if re.search(r"[A-Za-z]{2,}", left):
            found.append(text)
    return found


def test_the_test_finds_a_sentence_that_cannot_be_translated() -> None:
    page = "<main><p>⟦Good⟧ Ada 12 mg</p><p title='Bad title'>⟦x⟧ and bad</p><p translate=no>data</p></main>"
    assert untranslated(page, ["Ada"]) == ["Bad title", "⟦x⟧ and bad"]


# What makes a record's pages say something.
ENTRIES: list[dict[str, Any]] = [
    {"happened_on": "2026-11-20", **fields}
    for fields in (
        {"kind": "weight", "value": "62.5"},
        {"kind": "lab_result", "analyte": "triglycerides", "value": "900", "unit": "mg/dL", "upper_limit": "150"},
        {"kind": "lab_result", "analyte": "alt", "value": "<5", "unit": "U/L"},
        {"kind": "pregnancy_potential", "potential": "can", "ground": "uterus_and_ovary", "confirmed": True},
        {"kind": "pregnancy_test", "result": "positive", "method": "urine", "setting": "medical"},
        {"kind": "questionnaire", "name": "phq9", "items": [0, 1, 0, 2, 0, 0, 0, 0, 1]},
        {"kind": "visit", "mode": "in_person", "purpose": "first"},
        {"kind": "contraception_started", "method": "implant"},
        {"kind": "prescription", "product": "Isotretinoin", "days": 30, "daily_dose_mg": "30"},
        {"kind": "dispensing", "days": 30, "daily_dose_mg": "30", "formulation": "conventional"},
    )
]


@pytest.mark.parametrize("who", ["doctor", "administrator"])
def test_every_sentence_can_be_translated(
    ours: House, theirs: House, patient: Patient, speaking: set[str], who: str
) -> None:
    ours.clinic.language = MADE_UP
    ours.clinic.save()
    record_events(by=ours.nurse, patient=patient, events=ENTRIES, now=NOW)
    client: Client = client_of(who, ours, theirs)
    data = [patient.given_name, patient.family_name, patient.number, ours.clinic.name]
    data += [user.username for user in ours.clinic.users.all()]
    found = {}
    keys = keys_of(ours, patient)
    for name, (_, answers) in ROWS.items():
        if answers[WHO.index(who)] != YES or name == "health" or name.endswith("_json"):
            continue
        response = client.get(address(name, keys))
        if response["Content-Type"].startswith("text/html"):
            left = untranslated(response.content.decode(), data)
            if left:
                found[name] = left[:10]
    assert found == {}, found
    catalogue = {message.id for message in messages_tool().template()}
    missing = sorted(text for text in speaking if re.search("[A-Za-z]{2}.* ", text) and text in in_code() - catalogue)
    assert not missing, "\n".join(missing)


def test_every_sentence_of_a_report_on_photographs_can_be_translated(speaking: set[str]) -> None:
    """The PDF: what its layout is given has no word outside the brackets, and nothing that stands in our code as it is
    went into them without being in the catalogue."""
    words: list[Any] = [
        *(measured_words(each, say=clinic_words.said) for each in MEASURED),
        *(compared_words(each, say=clinic_words.said) for each in COMPARED),
    ]
    square = ((4.0, 4.0), (9.0, 4.0), (9.0, 9.0))
    plain = shown(np.full((40, 40, 3), 120, np.uint8), "", "").jpeg
    states = [(state, square) for state in get_args(State)]
    words += [
        (each.caption, each.alt)
        for each in (
            of_marks(plain, (), Place(1.0, (0.0, 0.0)), say=clinic_words.said),
            of_states(plain, states, "", say=clinic_words.said),
        )
    ]
    left = [DATA.sub(" ", outside(text).replace("log10(R/G)", "")) for text in texts_in(words)]
    assert not [text for text in left if re.search("[A-Za-z]{2,}", text)]
    catalogue = {message.id for message in messages_tool().template()}
    assert speaking & in_code() and not sorted(speaking & in_code() - catalogue)


def test_the_layout_of_a_report_on_photographs_writes_nothing_by_itself() -> None:
    layout = (TOP / "src/isocourse/words/skin_report/paper.typ").read_text()
    assert not ink(layout)
    for planted in ("= Report #labels.title", "#labels.not_validated A footer"):
        name = planted[planted.index("#") :].split()[0]
        assert ink(layout.replace(name, planted, 1)) > 20


def ink(layout: str) -> int:
    """Dark pixels right of bullets and bars, rules left out, where the layout is given no word."""
    labels = dict.fromkeys(measured_words(MEASURED[0])["labels"], "")
    nothing = {
        "labels": {**labels, "title": " "}, "language": "en", "paper": "a4", "synthetic": True, "pictures": [],
        "person": "", "dates": "", "clinic": "", "says": "", "heads": [""] * 3, "rows": [[""] * 3], "notes": [""],
    }  # fmt: skip
    made = typst.compile(layout.encode(), format="png", ppi=144, sys_inputs={"content": json.dumps(nothing)})
    page = cv2.imdecode(np.frombuffer(bytes(made), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert page is not None
    dark = page < 200
    dark[dark.mean(axis=1) > 0.5] = False
    return int(dark[:, 140:].sum())


def texts_in(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    else:
        for each in part.values() if isinstance(part, dict) else part:
            yield from texts_in(each)


_TONE = Tone(60.0, 10.0, 15.0, 30.0, None, "tan", 40.0, 12.0)
_SPOT = Spot(9, 9, 3, 1, "brown", -6, 2, 1, 7, None, 1, 0, 3, "nose", ((8, 8), (10, 8), (10, 10)))
_BAND = Band(1.0, 6.0, 1.4)
MEASURED = [
    Measurement("m", 9, 9, (Gate("focus", False, True, None, 0.2, "mm", ""),), "No face was found."),
    Measurement(
        "m", 3000, 4000,
        tuple(Gate(code, code != "turned", False, 1.0, 2.0) for code in GATES),
        px_per_mm=8.0, scale_how="iris", scale_error=0.05, colour=ColourFit("none", None, 0, ""), covered=0.1,
        tone=_TONE, texture=(_BAND,), spots=(_SPOT,),
        regions=tuple(RegionFigures(name, 9, _TONE, 1, 0, 0, 3, 0, 18, 0, (_BAND,)) for name in REGIONS),
    ),
    Measurement("m", 3000, 4000, (), px_per_mm=8.0, scale_how="given", tone=replace(_TONE, ita=None)),
    Measurement("m", 3000, 4000, (), px_per_mm=8.0),
    Measurement("m", 3000, 4000, (), relief=Relief("raking light", 0.04, 3, 5.0, "")),
]  # fmt: skip
_NOTES = [
    note(pattern, *("9" for _ in re.findall(r"\{\d\}", pattern)))
    for name, pattern in vars(change).items()
    if re.fullmatch("_[A-Z_]+", name) and isinstance(pattern, str)
]
COMPARED = [
    Comparison(refused="Nothing was compared."),
    Comparison(notes=tuple(_NOTES), seen=0.9, consistency=0.01),
    Comparison(numbers=(Compared("red marks", "", 0, 0, None, False, "not known"),)),
    *(
        Comparison(
            seen=0.9, consistency=1.0,
            numbers=tuple(
                Compared(what, "mm2", 5, 4, None if verdict == "not known" else 2.0, verdict == "worse", verdict)
                for what in (*TITLES, "roughness of 1 to 6 mm")
            ),
        )
        for verdict in VERDICTS
    ),
]  # fmt: skip


@cache
def in_code() -> set[str]:
    """Every string that stands in our code as it is."""
    trees = (ast.parse(path.read_text()) for path in (TOP / "src").rglob("*.py"))
    nodes = (node for tree in trees for node in ast.walk(tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
