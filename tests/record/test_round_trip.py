"""What is written can be read again, equal; the printed schema and the reader agree; numbers stay exact."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from isocourse.errors import InputError
from isocourse.record.events import KINDS, LabResult, Weight, kind_of
from isocourse.record.quantities import Reported
from isocourse.record.record import Record, read_record, record_schema, write_record
from tests.record.made import CORRECTIONS, event, record, valid_records, written

SLOW = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@cache
def validator() -> Draft202012Validator:
    Draft202012Validator.check_schema(record_schema())
    return Draft202012Validator(record_schema())


@SLOW
@given(valid_records())
def test_a_valid_record_is_read_written_and_read_again(made: dict[str, Any]) -> None:
    first = read_record(json.dumps(made).encode())
    again = read_record(write_record(first))
    assert again == first
    assert write_record(again) == write_record(first)
    assert [e.id for e in again.events] == [e["id"] for e in made["events"]]


@SLOW
@given(valid_records())
def test_the_schema_accepts_valid_records_and_what_is_written(made: dict[str, Any]) -> None:
    validator().validate(made)
    validator().validate(json.loads(write_record(read_record(json.dumps(made).encode()))))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in CORRECTIONS])
def test_every_kind_of_event_goes_round(kind: str) -> None:
    seen = 0

    @settings(deadline=None, max_examples=5, database=None, suppress_health_check=list(HealthCheck))
    @given(valid_records(kinds=(kind,), most=3))
    def check(made: dict[str, Any]) -> None:
        nonlocal seen
        read = read_record(json.dumps(made).encode())
        seen += any(kind_of(e) == kind for e in read.events)
        assert read_record(write_record(read)) == read

    check()
    assert seen


# --- nothing but a record or one error ------------------------------------------------------------
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda part: st.lists(part, max_size=4) | st.dictionaries(st.text(max_size=8), part, max_size=4),
    max_leaves=12,
)


def record_or_one_error(source: bytes) -> Record | None:
    try:
        return read_record(source, where="a file")
    except InputError as error:
        assert error.where.startswith("a file")
        assert error.found
        assert error.mend or error.allowed
        assert len(str(error)) < 2500
        assert "Traceback" not in str(error)
        return None


@given(JSON)
def test_any_json_gives_a_record_or_one_error(value: Any) -> None:
    record_or_one_error(json.dumps(value).encode())


@given(st.binary(max_size=200))
@example(b"\xff" * 10)
@example(b'"\\ud800"')
@example(b'{"isocourse_record": "1", "subject": "p", "events": [{"kind": "birth", "id": "\\udc00"}]}')
def test_any_bytes_give_a_record_or_one_error(source: bytes) -> None:
    record_or_one_error(source)


def _spots(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    if isinstance(value, dict):
        for key in value:
            found += _spots(value[key], (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            found += _spots(part, (*path, index))
    return found


ODD: st.SearchStrategy[Any] = JSON | st.sampled_from(
    [
        "2026-02-30",
        "0001-01-01",
        "99999",
        "NaN",
        "-1",
        "1e400",
        -1,
        0,
        10**30,
        1e300,
        "",
        " ",
        "\x00",
        "<5",
        [],
        {},
        None,
    ]
)


@SLOW
@given(st.data(), valid_records(most=4))
def test_a_mutated_record_gives_a_record_or_one_error(data: st.DataObject, made: dict[str, Any]) -> None:
    mutated: Any = json.loads(json.dumps(made))
    for _ in range(data.draw(st.integers(1, 3))):
        spots = _spots(mutated)
        path = data.draw(st.sampled_from(spots))
        if not path:
            continue
        holder = mutated
        for step in path[:-1]:
            holder = holder[step]
        match data.draw(st.sampled_from(["odd", "delete", "copy", "add"])):
            case "odd":
                holder[path[-1]] = data.draw(ODD)
            case "delete":
                del holder[path[-1]]
            case "copy" if isinstance(holder, list):
                holder.append(json.loads(json.dumps(holder[path[-1]])))
            case _ if isinstance(holder, dict):
                holder[data.draw(st.text(max_size=5))] = data.draw(ODD)
            case _:
                pass
    read = record_or_one_error(json.dumps(mutated).encode())
    if read is not None:
        assert read_record(write_record(read)) == read
        validator().validate(mutated)


@given(valid_records(most=3), st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
def test_a_torn_record_gives_one_error(made: dict[str, Any], data: st.DataObject) -> None:
    source = json.dumps(made).encode()
    cut = data.draw(st.integers(0, len(source) - 1))
    assert record_or_one_error(source[:cut]) is None
    record_or_one_error(source[:cut] + data.draw(st.binary(max_size=3)) + source[cut + 1 :])


# --- the schema refuses what is badly built -------------------------------------------------------
@pytest.mark.parametrize(
    "bad",
    [
        [],
        {},
        record(subject=None),
        record(subject="a name"),
        record(events={}),
        record(extra=1),
        record("birth"),
        record({"kind": "birth"}),
        record(event("brith")),
        record(event("birth", nickname="x")),
        record(event("birth", on="March 2026")),
        record(event("birth", author={"id": "dr"})),
        record(event("birth", author={"id": "dr", "role": "friend"})),
        record(event("birth", note="x" * 2001)),
        record(event("pregnancy_test", result="maybe")),
        record(event("prescription", product="x", days=0)),
        record(event("prescription", product="x", days="30")),
        record(event("prescription", product="", days=30)),
        record(event("lab_result", analyte="alt", unit="U/L", value="high")),
        record(event("lab_result", analyte="alt", unit="U/L", value=None)),
        record(event("weight", value=[70])),
        record(event("counselling", topics=[])),
        record(event("questionnaire", name="phq9", items=[4] * 9)),
    ],
    ids=lambda bad: json.dumps(bad)[-60:],
)
def test_the_schema_and_the_reader_refuse_what_is_badly_built(bad: Any) -> None:
    assert not validator().is_valid(bad)
    assert record_or_one_error(json.dumps(bad).encode()) is None


# --- exact numbers --------------------------------------------------------------------------------
def weight(token: str) -> Decimal:
    read = read_record(written(event("weight", value="TOKEN")).replace(b'"TOKEN"', token.encode())).events[0]
    assert isinstance(read, Weight)
    return read.value


@pytest.mark.parametrize(
    ("token", "exact"),
    [
        ('"0.1"', "0.1"),
        ("0.1", "0.1"),
        ("70.10", "70.10"),
        ('"70.10"', "70.10"),
        ("70", "70"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"),
    ],
)
def test_a_decimal_stays_what_was_written(token: str, exact: str) -> None:
    assert str(weight(token)) == exact
    source = written(event("weight", value="TOKEN")).replace(b'"TOKEN"', token.encode())
    assert f'"value": "{exact}"'.encode() in write_record(read_record(source))


def result(token: str) -> Reported:
    source = written(event("lab_result", analyte="hcg", unit="[IU]/L", value="TOKEN"))
    read = read_record(source.replace(b'"TOKEN"', token.encode())).events[0]
    assert isinstance(read, LabResult)
    return read.value


@pytest.mark.parametrize(
    ("token", "text"),
    [
        ("5", "5"),
        ("5.20", "5.20"),
        ('"5.20"', "5.20"),
        ("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"),
        ('"<5"', "<5"),
        ('"< 5.0"', "<5.0"),
        ('"\\u2264 5"', "<=5"),
        ('">=1000"', ">=1000"),
        ('"1e3"', "1000"),
        ("1e3", "1000"),
        ('"0"', "0"),
    ],
)
def test_a_result_keeps_its_comparator_and_its_digits(token: str, text: str) -> None:
    value = result(token)
    assert value.text() == text
    assert result(json.dumps(value.text())) == value


def test_where_a_float_would_add_up_wrongly_the_record_does_not() -> None:
    assert weight("0.1") + weight("0.2") == weight("0.3")
