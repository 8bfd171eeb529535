"""Records for tests: small ones written by hand, and valid ones of every kind of event made from the types."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from msgspec import NODEFAULT, Meta, Struct
from msgspec.structs import fields

from isocourse.record import terminology as t
from isocourse.record.dates import PartialDate
from isocourse.record.events import KINDS, Event
from isocourse.record.medicine_codes import something_else
from isocourse.record.quantities import Reported
from isocourse.record.skin_scores import RANGES
from tests.own_words import free_text

AUTHOR = {"id": "dr", "role": "prescriber"}
CORRECTIONS = {"entered_in_error", "pregnancy_resolved", "medicine_stopped"}
WHOLE_DATES = {
    "skin_product",
    "skin_profile",
    "prescription",
    "dispensing",
    "authorisation",
    "mood_assessment",
    "lab_reviewed",
    "monitoring_schedule_chosen",
    "symptom_assessed",
    "symptoms_asked",
    "procedure_decided",
}


def event(kind: str, name: str = "x1", /, on: Any = "2026-05-01", **fields: Any) -> dict[str, Any]:
    """One event as a dictionary, written down on 2026-05-02 unless told otherwise."""
    return {
        "kind": kind,
        "id": name,
        "happened_on": on,
        "recorded_at": "2026-05-02T10:00:00+00:00",
        "author": AUTHOR,
        **fields,
    }


def record(*events: Any, **changed: Any) -> dict[str, Any]:
    return {"isocourse_record": "1", "subject": "p1", "events": list(events), **changed}


def written(*events: Any, **changed: Any) -> bytes:
    return json.dumps(record(*events, **changed)).encode()


# --- made from the types --------------------------------------------------------------------------
_TEXT = free_text(st.text(st.characters(exclude_categories=["Cs"]), min_size=3, max_size=20), max_size=40).filter(
    lambda text: len(text) >= 3
)
_DECIMAL = st.builds(
    lambda digits, places: format(Decimal(digits).scaleb(-places), "f"), st.integers(1, 200), st.integers(0, 4)
)
_REPORTED = st.builds(
    lambda mark, number: mark + number, st.sampled_from(["", "<", "<=", ">", ">=", "≤", "≥ "]), _DECIMAL
)
_DAYS = st.dates(date(1950, 1, 1), date(2025, 12, 1)).map(date.isoformat)
_PARTIAL = st.tuples(_DAYS, st.sampled_from([10, 10, 10, 7, 4])).map(lambda cut: cut[0][: cut[1]])


def _of(hint: Any, *, whole_dates: bool) -> st.SearchStrategy[Any]:
    """JSON for one type."""
    meta: Meta | None = None
    if hasattr(hint, "__metadata__"):
        meta, hint = hint.__metadata__[0], hint.__origin__
    origin = get_origin(hint)
    if type(None) in get_args(hint):
        return st.none() | _of(get_args(hint)[0], whole_dates=whole_dates)
    if origin is Literal:
        return st.sampled_from(get_args(hint))
    if origin is tuple:
        parts = _of(get_args(hint)[0], whole_dates=whole_dates)
        return st.lists(parts, min_size=(meta.min_length or 0) if meta else 0, max_size=3)
    if hint is bool:
        return st.booleans()
    if hint is int:
        assert meta is not None and isinstance(meta.ge, int) and isinstance(meta.le, int)
        return st.integers(meta.ge, meta.le)
    if hint is str:
        return st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,10}", fullmatch=True) if meta and meta.pattern else _TEXT
    if hint is Decimal:
        return _DECIMAL | _DECIMAL.map(float)
    if hint is Reported:
        return _REPORTED | _DECIMAL.map(float) | st.integers(0, 10**6)
    if hint is PartialDate:
        return _DAYS if whole_dates else _PARTIAL
    if isinstance(hint, type) and issubclass(hint, Struct):
        return _struct(hint, whole_dates=whole_dates)
    raise TypeError(f"nothing is made for {hint!r}")


def _struct(
    cls: type[Struct], *, whole_dates: bool, without: tuple[str, ...] = ()
) -> st.SearchStrategy[dict[str, Any]]:
    needed: dict[str, st.SearchStrategy[Any]] = {}
    optional: dict[str, st.SearchStrategy[Any]] = {}
    hints = get_type_hints(cls, include_extras=True)
    defaulted = {field.name for field in fields(cls) if field.default is not NODEFAULT}
    for name in cls.__struct_fields__:
        if name in without:
            continue
        made = _of(hints[name], whole_dates=whole_dates)
        if name == "product":
            # A capsule that reads as another medicine is refused, and `test_bad_records` says how.
            made = made.filter(lambda product: product is None or not something_else(product))
        (optional if name in defaulted else needed)[name] = made
    return st.fixed_dictionaries(needed, optional=optional)


def _of_kind(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    cls: type[Event] = KINDS[kind]
    common = ("id", "recorded_at", "amends", "prescription")
    made = _struct(cls, whole_dates=kind in WHOLE_DATES, without=common)
    match kind:
        case "height":
            extra: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
                {"unit": st.sampled_from([*t.HEIGHT_UNITS])}
            )
        case "weight":
            extra = st.fixed_dictionaries({"unit": st.sampled_from([*t.WEIGHT_UNITS])})
        case "lab_result":
            extra = st.sampled_from(
                [{"analyte": name, "unit": unit} for name, units in t.ANALYTE_UNITS.items() for unit in units]
            )
        case "skin_score":
            # A total that a scale cannot give is refused, and `tests/skin` says how.
            extra = st.sampled_from([*RANGES]).flatmap(
                lambda scale: st.fixed_dictionaries(
                    {"scale": st.just(scale), "value": st.integers(RANGES[scale].low, RANGES[scale].high)}
                )
            )
        case "questionnaire":
            items = st.integers(0, 3) | st.none()
            extra = st.sampled_from([*t.ITEMS_IN]).flatmap(
                lambda name: st.fixed_dictionaries(
                    {
                        "name": st.just(name),
                        "items": st.lists(items, min_size=t.ITEMS_IN[name], max_size=t.ITEMS_IN[name]),
                    }
                )
            )
        case "procedure":
            extra = st.sampled_from([{"stage": "done", "planned_for": None}, {"stage": "planned"}])
        case "adverse_reaction_suspected":
            extra = st.sampled_from([{"seriousness": ["none"]}, {"seriousness": ["death", "hospitalisation"]}])
        case _:
            extra = st.just({})
    return st.builds(lambda a, b: {"kind": kind, **a, **b}, made, extra)


@st.composite
def valid_records(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(KINDS), most: int = 8) -> dict[str, Any]:
    """A valid record: events of any kind, then corrections and resolutions of them."""
    plain = [kind for kind in kinds if kind not in CORRECTIONS and kind != "birth"]
    events: list[dict[str, Any]] = []
    chosen = draw(st.lists(st.sampled_from(plain), max_size=most)) if plain else []
    if "birth" in kinds and draw(st.booleans()):
        chosen.append("birth")
    for kind in chosen:
        events.append(draw(_of_kind(kind)))
    amended: set[int] = set()
    for _ in range(draw(st.integers(0, 3)) if events else 0):
        target = draw(st.integers(0, len(events) - 1))
        same = events[target]
        how = draw(st.sampled_from(["withdraw", "amend", "resolve", "stop"]))
        if how == "withdraw":
            made = {"kind": "entered_in_error", "happened_on": "2025-12-02", "author": AUTHOR, "corrects": str(target)}
        elif how == "amend" and target not in amended:
            amended.add(target)
            made = {**same, "amends": str(target)}
        elif how == "stop":
            made = {"kind": "medicine_stopped", "happened_on": "2025-12-02", "author": AUTHOR, "started": str(target)}
        else:
            how = "resolve"
            made = {
                "kind": "pregnancy_resolved", "happened_on": "2025-12-02", "author": AUTHOR,
                "resolves": [str(target)], "how": "pregnancy_excluded",
            }  # fmt: skip
        events.append(made)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for index, made in enumerate(events):
        zone = timezone(timedelta(minutes=15 * draw(st.integers(-48, 56))))
        made["id"] = str(index)
        made["recorded_at"] = (
            (start + timedelta(minutes=draw(st.integers(0, 3)) + 10 * index)).astimezone(zone).isoformat()
        )
    return record(*draw(st.permutations(events)))
