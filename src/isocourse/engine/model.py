"""What the protocol files hold, as frozen dataclasses. Nothing here reads files or decides anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from isocourse.engine.language import Tree, Type

STRENGTHS = ("regulation", "label", "guideline", "consensus", "clinic_policy")
CONFIDENCES = ("high", "medium", "low", "memory")
SUPPLY = ("proceed", "withhold")
CAPSULES = ("continue", "ask_prescriber", "stop_now")
WHO = ("prescriber", "nurse", "patient", "pharmacist")


@dataclass(frozen=True)
class Source:
    """Where something was read, how far it was read, and when. `of` names the programmes whose own text it is (a label,
    a regulation, a letter); empty for what belongs to no country, such as a study."""

    id: str
    title: str
    publisher: str
    at: str
    dated: str
    read: str
    where: str
    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Version:
    """A dated state of a programme's rules. `status` is in_force or unconfirmed (scheduled, go-live not confirmed)."""

    id: str
    from_day: int
    status: str
    says: str
    sources: tuple[str, ...]
    where: str


@dataclass(frozen=True)
class Programme:
    """A country's programme: its versions in order, the topics a bare "proceed" needs, the time zone of its days."""

    id: str
    title: str
    time_zone: str
    inherits: str | None
    registry_note: str
    versions: tuple[Version, ...]
    required_topics: tuple[str, ...]
    where: str


@dataclass(frozen=True)
class ValueStep:
    """One dated number (or list) of one programme, with its source. `version` names when it begins."""

    programme: str
    version: str
    value: Any
    strength: str
    confidence: str
    sources: tuple[str, ...]
    remark: str
    where: str


@dataclass(frozen=True)
class Value:
    """A limit. `stricter` says which of two numbers protects more; `feeds` names the episode policy it sets."""

    name: str
    topic: str
    kind: str
    says: str
    stricter: str
    feeds: str
    steps: tuple[ValueStep, ...]
    where: str


@dataclass(frozen=True)
class Fact:
    """A declared fact: one aggregate over one kind of row (`take`, `column`, `of`, `filter`), or an expression."""

    name: str
    topic: str
    type: Type
    says: str
    where: str
    take: str = ""
    column: str = ""
    of: str = ""
    filter: Tree | None = None
    keep_unknown_rows: bool = False
    expression: Tree | None = None
    text: str = ""
    moving: bool = False  # its value is as_of itself, or may be

    @property
    def reads(self) -> Tree | None:
        return self.filter if self.take else self.expression


@dataclass(frozen=True)
class PlannedEvent:
    """An event that would mend a finding: its kind, its fields, and on which day it could be.

    `names_events_of` fills a list of ids with every event a fact counted; `one_for_each` is for a field that takes
    one id, and plans the event once for each of them.
    Where the plan finds that the rule needs two of them, the first is planned as the rule `first_as` says.
    """

    kind: str
    fields: Mapping[str, Any]
    on: str  # "supply_day" or "soonest"
    names_events_of: Mapping[str, str] = field(default_factory=dict)
    first_as: str | None = None
    one_for_each: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Mend:
    """What would put a finding right, who does it, from which day (a fact), and whether a clinic can arrange it."""

    says: str
    who: str
    events: tuple[PlannedEvent, ...]
    not_before: str | None
    arrangeable: bool


@dataclass(frozen=True)
class Effect:
    """What a finding does to the two answers."""

    supply: str
    capsules: str


@dataclass(frozen=True)
class Cited:
    """Where a rule or task comes from in one programme, when that is not where it comes from in the others."""

    strength: str
    confidence: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """A rule of a protocol: condition, effects when true and when it cannot be decided, and where it comes from.

    `in_force` maps each programme to (from version, until version or None); `act` is the fact that holds the
    day whose date selects the version. `cited` says by programme where it comes from there; `instead_of` names
    the inherited rule that is silent in this rule's programmes.
    """

    id: str
    topic: str
    says: str
    why: str
    condition: Tree
    text: str
    asks: bool
    then: Effect
    if_unknown: Effect
    unknown_says: str
    in_force: Mapping[str, tuple[str, str | None]]
    act: str
    strength: str
    confidence: str
    sources: tuple[str, ...]
    mend: Mend | None
    author: str
    reviewed_by: str
    next_review: int
    where: str
    cited: Mapping[str, Cited] = field(default_factory=dict)
    instead_of: str = ""

    def as_in(self, programme: str) -> Rule:
        """The rule as it is cited in one programme."""
        own = self.cited.get(programme)
        if own is None:
            return self
        return replace(self, strength=own.strength, confidence=own.confidence, sources=own.sources)


@dataclass(frozen=True)
class Task:
    """A dated thing to do that follows from the course itself, not from a finding. With `window` it is the span in
    which supply may take place, from `earliest` to `due`, both inclusive."""

    id: str
    topic: str
    what: str
    why: str
    condition: Tree
    text: str
    in_force: Mapping[str, tuple[str, str | None]]
    earliest: str
    due: str
    who: str
    window: bool
    strength: str
    sources: tuple[str, ...]
    where: str
    cited: Mapping[str, Cited] = field(default_factory=dict)
    instead_of: str = ""

    def as_in(self, programme: str) -> Task:
        """The task as it is cited in one programme."""
        own = self.cited.get(programme)
        return self if own is None else replace(self, strength=own.strength, sources=own.sources)


@dataclass(frozen=True)
class Topic:
    """A topic word and what it covers; `loaded` when rules stand behind it."""

    word: str
    title: str
    says: str
    loaded: bool


@dataclass(frozen=True)
class Excipient:
    """Something a capsule holds beside isotretinoin: the strengths it is in, and our code when it is an allergen."""

    name: str
    allergen: str
    only_mg: tuple[Decimal, ...]


@dataclass(frozen=True)
class Product:
    """A product as sold under one programme: its formulation and the strengths (mg) it really has."""

    id: str
    name: str
    programme: str
    formulation: str
    strengths_mg: tuple[Decimal, ...]
    food: str
    excipients: tuple[Excipient, ...]
    excipients_read: str
    marketed: str
    confidence: str
    sources: tuple[str, ...]
    remark: str
    where: str


@dataclass(frozen=True, kw_only=True)
class Sourced:
    """What every entry beside the rules says of itself: how strong it is, where it was read, and where it stands."""

    strength: str
    confidence: str
    sources: tuple[str, ...]
    remark: str
    where: str


@dataclass(frozen=True)
class Amount:
    """A daily dose: micrograms per kg, or mg whatever the weight; exactly one of the two."""

    ug_per_kg: int | None
    mg: int | None


@dataclass(frozen=True)
class Regimen(Sourced):
    """A named way to dose: the start, the usual top, the most, intakes a day, weeks [least, most]."""

    id: str
    title: str
    programmes: tuple[str, ...]
    formulations: tuple[str, ...]
    start: Amount
    usual: Amount
    most: Amount
    intakes: tuple[int, ...]
    weeks: tuple[int, int]
    when: str
    is_label: bool


@dataclass(frozen=True)
class Target(Sourced):
    """A cumulative target in mg per kg, with what reaching it does and does not buy. `label_in`: the programmes whose
    label names it (elsewhere it is the clinic's own choice); `formulations`: those it was written for."""

    id: str
    mg_per_kg: int
    label_in: tuple[str, ...]
    formulations: tuple[str, ...]
    buys: str
    does_not_buy: str


@dataclass(frozen=True)
class ReportPlace(Sourced):
    """Where a programme wants reports sent, and on which occasions. `phone` and `address` are empty where none was
    read."""

    id: str
    to: str
    programme: str
    title: str
    occasions: tuple[str, ...]
    phone: str
    address: str


@dataclass(frozen=True)
class Advice(Sourced):
    """A sentence for a patient, what it is about, the programmes it is for (none named: all), and its source."""

    id: str
    about: str
    programmes: tuple[str, ...]
    says: str


@dataclass(frozen=True)
class Library:
    """Everything the protocol files hold, checked, with the hash of their content."""

    name: str
    content: str
    topics: Mapping[str, Topic]
    programmes: Mapping[str, Programme]
    sources: Mapping[str, Source]
    values: Mapping[str, Value]
    facts: Mapping[str, Fact]
    rules: Mapping[str, Rule]
    tasks: Mapping[str, Task]
    products: Mapping[str, Product] = field(default_factory=dict)
    regimens: Mapping[str, Regimen] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)
    reports: Mapping[str, ReportPlace] = field(default_factory=dict)
    advice: Mapping[str, Advice] = field(default_factory=dict)

    def lineage(self, programme: str) -> tuple[str, ...]:
        """The programme and those it inherits from, nearest first."""
        found: list[str] = []
        at: str | None = programme
        while at is not None:
            found.append(at)
            at = self.programmes[at].inherits
        return tuple(found)

    def sources_in(self, programme: str, named: tuple[str, ...]) -> tuple[str, ...]:
        """Of what is named for something, what speaks for it in a programme: where it has a text of its own, the texts
        of other countries are left out. Where it has none, all of them stay: it is borrowed, and they say from whom."""
        lineage = set(self.lineage(programme))
        if not any(lineage & set(self.sources[name].of) for name in named):
            return named
        return tuple(n for n in named if not self.sources[n].of or lineage & set(self.sources[n].of))

    def report_places(self, programme: str) -> tuple[ReportPlace, ...]:
        """Where the programme wants reports: its own places, or those of the nearest one it inherits from."""
        for name in self.lineage(programme):
            own = tuple(place for place in self.reports.values() if place.programme == name)
            if own:
                return own
        return ()

    def advice_on(self, about: str, programme: str) -> tuple[Advice, ...]:
        """What is said about something in a programme: by the nearest of its lineage, and everywhere."""
        told = [advice for advice in self.advice.values() if advice.about == about]
        nearest = next((p for p in self.lineage(programme) if any(p in advice.programmes for advice in told)), None)
        return tuple(advice for advice in told if not advice.programmes or nearest in advice.programmes)
