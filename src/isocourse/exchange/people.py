"""Patient, Condition and AllergyIntolerance."""

from __future__ import annotations

from isocourse.exchange import vocabulary as v
from isocourse.exchange.medicines import oral_isotretinoin_by_code
from isocourse.exchange.outcome import shown_code
from isocourse.exchange.shapes import MODIFIED, NOTHING, Coded, Reading, Refused, concept, day, get, objects
from isocourse.exchange.symptoms import condition_symptom
from isocourse.record import terminology as t
from isocourse.record.allergies import ALLERGEN_WORDS


# --- Patient --------------------------------------------------------------------------------------
def patient(reading: Reading) -> None:
    """Birth date and sex. Sex never says whether the person can become pregnant."""
    resource = reading.entry.resource
    for read in (_birth, _sex):
        try:
            read(reading)
        except Refused as refused:
            reading.say(str(refused), "in_part")
    if resource.get("deceasedDateTime") is not None or resource.get("deceasedBoolean") not in (None, False):
        reading.say("the patient is marked as deceased", "question")
    if resource.get("active") is False:
        reading.say("the patient's record is marked as not active", "question")
    if resource.get("link"):
        reading.say("it is linked to another patient; linked patients are not merged", "question")
    if resource.get("modifierExtension"):
        reading.say(MODIFIED, "question")
    if not reading.events and not reading.lines:
        reading.say("it has neither a birth date nor a sex", "question")


def _birth(reading: Reading) -> None:
    born = day(reading.entry.resource, "birthDate")
    if born is None:
        return
    if int(born[:4]) < reading.around.imported_at.year - 123:
        # check_record refuses an age above 125 for the whole record; one wrong year must not cost all of it.
        raise Refused("birthDate means an age that is hardly possible; correct the year")
    reading.add("birth", born, part=":birth")


def _sex(reading: Reading) -> None:
    resource = reading.entry.resource
    gender, born_as = get(resource, "gender", str), _birthsex(reading)
    by_gender, by_birth = v.SEX_OF_GENDER.get(gender or ""), v.SEX_OF_BIRTHSEX.get(born_as or "")
    sex = by_birth or by_gender or ("not_recorded" if gender or born_as else None)
    if sex is None:
        return
    if sex == "not_recorded":
        reading.say(
            "the sex is given as other, unknown or in a code that is not known: kept as not recorded", "in_part"
        )
    if by_birth and by_gender and by_birth != by_gender:
        reading.say("birth sex and administrative gender differ; the birth sex was kept", "in_part")
    reading.add("sex", reading.recorded_at.date().isoformat(), part=":sex", sex=sex)


def _birthsex(reading: Reading) -> str | None:
    for extension in objects(reading.entry.resource, "extension"):
        if extension.get("url") == v.BIRTHSEX_URL:
            return get(extension, "valueCode", str)
    return None


# --- Condition ------------------------------------------------------------------------------------
def condition(reading: Reading) -> None:
    """A condition, and the pregnancy, the positive test or the symptom that its code says."""
    resource = reading.entry.resource
    code = concept(resource, "code")
    verification = _status_code(concept(resource, "verificationStatus"))
    fate = v.CONDITION_VERIFICATION.get(verification, "listed") if verification else "read"
    if fate == "withdrawn":
        reading.withdraw()
        return
    active = v.CLINICAL_STATUS.get(_status_code(concept(resource, "clinicalStatus")))
    if verification != "refuted":
        _worries(reading, code, verification, active)
    if resource.get("modifierExtension"):
        raise Refused(MODIFIED)
    if fate == "listed":
        raise Refused(f"its verification status is {shown_code(verification)}, not confirmed")
    _condition(reading, code, active)


def _condition(reading: Reading, code: Coded, active: bool | None) -> None:
    text = code.text()
    if not text:
        raise Refused("it has neither code nor text")
    happened_on, note = _onset(reading)
    if happened_on is None:
        raise Refused("it has neither onsetDateTime nor recordedDate")
    system, its_code = _preferred(code)
    reading.add("condition", happened_on, note=note, text=text, code=its_code, system=system, active=active)
    condition_symptom(reading, code, happened_on, note, active)


def _onset(reading: Reading) -> tuple[str | None, str]:
    resource = reading.entry.resource
    onset = day(resource, "onsetDateTime")
    if onset is not None:
        return onset, ""
    return day(resource, "recordedDate"), "dated by recordedDate: the onset is not given as a date"


def _preferred(code: Coded) -> tuple[str | None, str | None]:
    for system in v.CONDITION_SYSTEMS:
        for found in code.codes(system):
            if len(found) <= 64:
                return system, found
    short = ((system, found) for system, found in code.codings if 0 < len(system) <= 64 and len(found) <= 64)
    return next(short, (None, None))


def _worries(reading: Reading, code: Coded, verification: str, active: bool | None) -> None:
    """A pregnancy is imported even when it is not confirmed or is over: someone has to resolve it by name."""
    icd = set(code.codes(t.ICD10CM))
    pregnant, positive = icd & t.ICD10_PREGNANT, icd & t.ICD10_POSITIVE_TEST
    if pregnant:
        _worry(reading, "pregnancy", ":pregnancy", {"evidence": "unknown"})
    if positive:
        _worry(reading, "pregnancy_test", ":test", {"result": "positive"})
    if pregnant or positive:
        if verification not in ("", "confirmed"):
            reading.say("a pregnancy that is not confirmed was imported as one: confirm it or exclude it", "question")
        if active is False:
            reading.say("a pregnancy that is no longer active was imported: record how it ended", "question")
    elif code.mentions(v.ABOUT_PREGNANCY) or any(_about_pregnancy(*coding) for coding in code.codings):
        why = f"{code.label()} may mean a pregnancy; none was imported: record it if there is or was one"
        reading.say(why, "question")


def _about_pregnancy(system: str, code: str) -> bool:
    return "icd-10" in system and code.startswith(t.ICD10_ABOUT_PREGNANCY)


def _worry(reading: Reading, kind: str, part: str, fields: dict[str, str]) -> None:
    note = ""
    try:
        happened_on, note = _onset(reading)
    except Refused:
        happened_on = None
    if happened_on is not None:
        try:
            reading.add(kind, happened_on, part=part, note=note, **fields)
            return
        except Refused:
            pass
    reading.say("it has no date that can be used: the day it was recorded was taken", "question")
    reading.add(kind, reading.recorded_at.date().isoformat(), part=part, note="no date in the source", **fields)


def _status_code(status: Coded) -> str:
    return status.codings[0][1] if status.codings else ""


# --- AllergyIntolerance ---------------------------------------------------------------------------
def allergy(reading: Reading) -> None:
    """An allergy or intolerance, one event for each allergen that is named."""
    resource = reading.entry.resource
    verification = _status_code(concept(resource, "verificationStatus"))
    if verification == "entered-in-error":
        reading.withdraw()
        return
    code = concept(resource, "code")
    if code == NOTHING:
        code = _substances(reading)
    text = code.text()
    if not text:
        raise Refused("it names no allergen")
    if code.mentions(v.NO_ALLERGY_WORDS):
        raise Refused("it says that there is no allergy, or none known; isocourse records allergies only")
    refuted = verification == "refuted"
    if resource.get("modifierExtension"):
        if refuted:
            raise Refused(MODIFIED)
        reading.say(f"{MODIFIED}: kept as an allergy", "in_part")
    happened_on, note = _allergy_day(reading, refuted)
    if v.CLINICAL_STATUS.get(_status_code(concept(resource, "clinicalStatus"))) is False:
        reading.say("it is marked as inactive or resolved and was kept as an allergy", "in_part")
    for index, allergen in enumerate(allergens(code)):
        part = f":{index}" if index else ""
        reading.add("allergy", happened_on, part=part, note=note, allergen=allergen, text=text, refuted=refuted)


def _substances(reading: Reading) -> Coded:
    found = [concept(reaction, "substance") for reaction in objects(reading.entry.resource, "reaction")]
    return Coded(
        tuple(coding for code in found for coding in code.codings), tuple(word for code in found for word in code.words)
    )


def _allergy_day(reading: Reading, refuted: bool) -> tuple[str, str]:
    resource = reading.entry.resource
    for key, note in (("onsetDateTime", ""), ("recordedDate", "dated by recordedDate: the onset is not given")):
        found = day(resource, key)
        if found is not None:
            return found, note
    if refuted:
        raise Refused("it was refuted on a day that is not given")
    # An allergy without a date is still an allergy.
    return reading.recorded_at.date().isoformat(), "no date in the source: the day it was recorded or imported"


def allergens(code: Coded) -> list[t.Allergen]:
    """Our codes for what is named: by code, by clear word, else "other"."""
    found: list[t.Allergen] = [allergen for allergen, words in ALLERGEN_WORDS if code.mentions(words)]
    if "isotretinoin" not in found and oral_isotretinoin_by_code(code):
        found.append("isotretinoin")
    return found or ["other"]
