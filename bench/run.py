"""`make bench`: how long isocourse takes, in one table with the aims beside the figures.

1. One course in memory, about 70 events, all rules of the US programme, over 200 different courses:
   `prepare` (what does not depend on the day), `evaluate` + `answers`, the reasons, and a whole decision.
2. A record as JSON to the answer as JSON, with its plan, reasons and words.
3. Courses per second on one core: `prepare`, `evaluate` and `answers` over 2,000 courses.
4. A photograph of 12 megapixels to all observations, beside decoding alone and scikit-image.
5. Ten rules from FHIR JSON, beside the JavaScript CQL engine cql-execution, which must give the same answers.
6. Ingredients of 255 real products: each list checked, and the tables read.

The data are made up from a fixed seed. How times are taken is said in `timing.py`: in short, without the garbage
collector, and p99 is the slowest course in a hundred.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import ten_rules
from bench.bundles import AS_OF, bundles
from bench.courses import courses
from bench.skin import pair, photograph
from bench.timing import Figures, figures, measure, throughput
from isocourse.engine.decide import Evaluation, answers, decide_prepared, evaluate, findings, prepare, valid_until
from isocourse.engine.edition import Edition, edition_of
from isocourse.engine.knowledge import open_shelf
from isocourse.engine.load import load_library
from isocourse.exchange.fhir import record_from_fhir
from isocourse.plan.earliest import earliest_supply
from isocourse.record.episodes import episodes
from isocourse.record.record import Record, read_record
from isocourse.record.tables import Rows, clip
from isocourse.skincare.judge import check
from isocourse.skincare.table import read_table
from isocourse.words.answer import answer, answer_json, assess

DIFFERENT = 200
POPULATION = 2000


SPINE = ("pregnancy", "contraception", "supply", "consent", "aftercare")


@dataclass(frozen=True)
class Line:
    """One line of the table; `met` is None where there is no aim."""

    what: str
    found: str
    aim: str = ""
    met: bool | None = None

    def text(self) -> str:
        mark = "" if self.met is None else "met" if self.met else "MISSED"
        return f"  {self.what:<58}{self.found:>26}  {self.aim:<26}{mark}".rstrip()


def main() -> None:
    """Measure and print."""
    print((__doc__ or "").strip().splitlines()[0])
    machine = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(f"Python {platform.python_version()}, {machine}\n")
    print(f"  {'':<58}{'found':>26}  aim")
    library = load_library()
    for words, us in (
        ("With the topics of the spine", edition_of(library, "us", topics=SPINE)),
        ("With every topic that is loaded", edition_of(library, "us")),
    ):
        print(f"{words}: {len(us.rules)} rules, {len(us.facts)} facts")
        for part in (one_course(us), json_to_json(us), shares(us), many_courses(us)):
            for line in part:
                print(line.text(), flush=True)
    print("One photograph of skin")
    for line in one_photograph():
        print(line.text(), flush=True)
    print("Two photographs of skin")
    for line in two_photographs():
        print(line.text(), flush=True)
    print("Ingredients of products")
    for line in ingredients():
        print(line.text(), flush=True)
    print("Beside CQL")
    for line in beside_cql():
        print(line.text(), flush=True)


def _micro(found: Figures) -> str:
    return f"{found.p50:,.0f} / {found.p99:,.0f} µs"


# --- one course in memory -------------------------------------------------------------------------
def one_course(us: Edition) -> Iterator[Line]:
    """Each part of a decision by itself, in microseconds: p50 / p99."""
    read = [(read_record(source), as_of) for source, as_of in courses(DIFFERENT)]
    events = [len(record.events) for record, _ in read]
    yield Line(f"1. One course in memory ({median(events):.0f} events, {len(us.rules)} rules)", "p50 / p99")
    rows = [(us, prepare(record), as_of) for record, as_of in read]
    decided = [(us, evaluate(*row)) for row in rows]
    yield Line("   prepare", _micro(measure(prepare, [(record,) for record, _ in read])))
    yield Line("   evaluate", _micro(measure(evaluate, rows)))
    yield Line("   evaluate + answers", _micro(measure(_outcome, rows)))
    yield Line("   reasons of the findings", _micro(measure(findings, decided)))
    whole = measure(_reasoned, rows)
    met = whole.p50 <= 150 and whole.p99 <= 400
    yield Line("   evaluate + answers + reasons", _micro(whole), "150 / 400 µs", met)
    yield Line("   decide_prepared (that, and until when it stands)", _micro(measure(decide_prepared, rows)))


def _outcome(us: Edition, rows: Rows, as_of: int) -> tuple[str, str]:
    return answers(us, evaluate(us, rows, as_of))


def _reasoned(us: Edition, rows: Rows, as_of: int) -> object:
    evaluation: Evaluation = evaluate(us, rows, as_of)
    return answers(us, evaluation), findings(us, evaluation)


# --- JSON to JSON ---------------------------------------------------------------------------------
def json_to_json(us: Edition) -> Iterator[Line]:
    """From the bytes of a record to the bytes of an answer: p50 / p99."""
    sources = courses(DIFFERENT)
    size = median(len(source) for source, _ in sources) / 1000
    yield Line(f"2. Record as JSON ({size:.0f} kB) to answer as JSON", "p50 / p99")
    yield Line("   read_record", _micro(measure(read_record, [(source,) for source, _ in sources])))
    read = [(us, read_record(source), as_of) for source, as_of in sources]
    yield Line("   assess (decide, plan, words)", _micro(measure(assess, read)))
    whole = measure(_answered, [(us, *item) for item in sources])
    yield Line("   read_record + assess + answer_json", _micro(whole), "p50 1,000 µs", whole.p50 <= 1000)


def _answered(us: Edition, source: bytes, as_of: int) -> bytes:
    return answer_json(assess(us, read_record(source), as_of))


# --- where the time goes ---------------------------------------------------------------------------
def shares(us: Edition) -> Iterator[Line]:
    """Each step from JSON to JSON by itself, and its share of the sum of all of them."""
    sources = courses(DIFFERENT)
    read = [read_record(source) for source, _ in sources]
    rows = [prepare(record) for record in read]
    days = [as_of for _, as_of in sources]
    seen = [clip(row, day)[0] for row, day in zip(rows, days, strict=True)]
    decided = [decide_prepared(us, row, day) for row, day in zip(rows, days, strict=True)]
    found = [decision.evaluation for decision in decided]
    answered = [answer(one, row, record.subject) for one, row, record in zip(decided, rows, read, strict=True)]
    on_days, of_rows = [*zip(seen, days, strict=True)], [*zip(rows, found, strict=True)]
    steps: list[tuple[str, Callable[..., Any], Sequence[tuple[Any, ...]]]] = [
        ("read the record", read_record, [(source,) for source, _ in sources]),
        ("rows (prepare)", prepare, [(record,) for record in read]),
        ("episodes", lambda row, day: episodes(row, day, us.policy, us.episodes_needed), on_days),
        ("facts and rules", lambda one: us.run(one.rows, one.episodes, one.as_of), [(one,) for one in found]),
        ("reasons", findings, [(us, one) for one in found]),
        ("until when it stands", lambda row, one: valid_until(us, row, one), of_rows),
        ("plan (the earliest supply)", lambda row, one: earliest_supply(us, row, one), of_rows),
        ("write the answer", answer_json, [(one,) for one in answered]),
    ]
    times = [(what, measure(work, items)) for what, work, items in steps]
    whole = measure(answer, [(one, row, record.subject) for one, row, record in zip(decided, rows, read, strict=True)])
    plan = next(figures for what, figures in times if what.startswith("plan"))
    means = [(what, 1e6 / figures.per_second) for what, figures in times]
    means.insert(-1, ("words", 1e6 / whole.per_second - 1e6 / plan.per_second))
    total = sum(mean for _, mean in means)
    yield Line("   of which, each by itself", "mean, share")
    for what, mean in means:
        yield Line(f"      {what}", f"{mean:,.0f} µs {mean / total:6.0%}")


# --- many courses ---------------------------------------------------------------------------------
def many_courses(us: Edition) -> Iterator[Line]:
    """Courses per second on one core."""
    items = [(us, read_record(source), as_of) for source, as_of in courses(POPULATION, seed=20261125)]
    rate = throughput(_once, items)
    yield Line(f"3. {POPULATION:,} courses on one core, prepare + evaluate + answers", "per CPU second")
    yield Line("   courses per second", f"{rate:,.0f}", "10,000", rate >= 10_000)


def _once(us: Edition, record: Record, as_of: int) -> tuple[str, str]:
    return answers(us, evaluate(us, prepare(record), as_of))


# --- one photograph -------------------------------------------------------------------------------
def ingredients() -> Iterator[Line]:
    """The hand-labelled lists, one by one, and reading the tables."""
    folder = Path(__file__).resolve().parent.parent / "tests" / "skincare" / "products"
    entries = [each for path in sorted(folder.glob("*.yaml")) for each in yaml.safe_load(path.read_text("utf-8"))]
    begun = perf_counter()
    table = read_table(open_shelf())
    loaded = perf_counter() - begun
    found = measure(check, [(each["list"],) for each in entries])
    yield Line(f"6. Ingredients ({len(entries)} products, {len(table.names)} names)", "p50 / p99")
    yield Line("   check a list", _micro(found), "p99 50,000 µs", found.p99 <= 50_000)
    yield Line("   read the tables, once", f"{loaded:.3f} s", "0.3 s", loaded <= 0.3)


def one_photograph() -> Iterator[Line]:
    """A photograph of 12 megapixels to all observations, beside decoding alone and the same with scikit-image."""
    found = photograph.figures()
    size = f"{found.megapixels:.0f} megapixels, {found.file_mb:.1f} MB, {found.marks} marks"
    yield Line(f"4. JPEG to all observations ({size})", "seconds")
    yield Line("   the floor: decoding alone", f"{found.decode:.3f}")
    met = found.whole <= photograph.AIM_SECONDS
    yield Line("   everything", f"{found.whole:.3f} ({found.whole_cpu:.3f} of cores)", f"{photograph.AIM_SECONDS}", met)
    for name, seconds in found.stages.items():
        yield Line(f"      {name}", f"{seconds:.3f}")
    times = found.skimage / found.whole
    yield Line("   the same with scikit-image, once", f"{found.skimage:.2f}")
    yield Line("   ratio", f"{times:.1f} times", f"{photograph.AIM_TIMES:g} times", times >= photograph.AIM_TIMES)
    memory = f"{found.memory_before:.0f}, {found.memory_one:.0f}, {found.memory_many:.0f} MB"
    bounded = found.memory_many <= 1.15 * found.memory_one
    yield Line("   peak memory: started, after 1, after 12", memory, "no more after 12", bounded)


def two_photographs() -> Iterator[Line]:
    """Each step of a comparison, wall clock and processor."""
    found = pair.figures()
    yield Line(f"5. Two JPEGs of 12 megapixels to a comparison ({found.seen:.0%} of the skin)", "wall clock")
    for name, (wall, cpu) in found.steps.items():
        whole = name.startswith("all")
        met = wall <= 1.5 if whole else None
        aim = "1.5 s" if whole else ""
        yield Line(f"   {name}", f"{wall * 1e3:,.0f} ms (processor {cpu * 1e3:,.0f})", aim, met)


# --- beside CQL -----------------------------------------------------------------------------------
def beside_cql() -> Iterator[Line]:
    """Patients per second of both, and the ratio. The answers have to be equal."""
    ten = ten_rules.ten_rules()
    people = bundles(DIFFERENT)
    size = median(len(bundle) for bundle in people) / 1000
    yield Line(f"6. Ten rules from FHIR JSON ({size:.0f} kB a patient, {DIFFERENT} patients)", "patients per second")
    ours = [ten_rules.states_of(ten, bundle, AS_OF) for bundle in people]
    blind = ten_rules.blind_rules(ten, ours)
    if blind:
        raise RuntimeError(f"these rules are never true or never false: {', '.join(blind)}")
    try:
        theirs = ten_rules.run_cql(people, AS_OF, [rule.id for rule in ten.rules])
    except ten_rules.Skipped as why:
        yield Line(f"   skipped: {why}", "")
        return
    different = ten_rules.differences(ours, theirs.states)
    yield Line(f"   differing answers of {len(people) * len(ten.rules):,}", f"{different}", "0", different == 0)
    yield from _ratios(ten, people, theirs)
    if different:
        raise RuntimeError("isocourse and CQL do not give the same answers")


def _ratios(ten: Edition, people: list[bytes], theirs: ten_rules.CqlRun) -> Iterator[Line]:
    whole = measure(ten_rules.states_of, [(ten, bundle, AS_OF) for bundle in people])
    their_whole = figures(theirs.us)
    yield Line("   isocourse, Bundle to answers", _rate(whole))
    yield Line("   cql-execution, Bundle to answers", _rate(their_whole))
    ratio = their_whole.p50 / whole.p50
    yield Line("   ratio of the medians", f"{ratio:,.1f} times", "100 times", ratio >= 100)
    records = [(ten, record_from_fhir([("", b)], imported_at=ten_rules.noon(AS_OF)).patients[0].record) for b in people]
    rules = measure(_once, [(*item, AS_OF.toordinal()) for item in records])
    their_rules = figures(theirs.rules_us)
    yield Line("   isocourse, rules over a record in memory", _rate(rules))
    yield Line("   cql-execution, rules over a Bundle in memory", _rate(their_rules))
    yield Line("   ratio of the medians", f"{their_rules.p50 / rules.p50:,.0f} times")


def _rate(found: Figures) -> str:
    return f"{found.per_second:,.0f} (p50 {found.p50 / 1000:,.2f} ms)"


if __name__ == "__main__":
    main()
