"""One rule in full: what it says, its condition, every fact it read, its limits and sources."""

from __future__ import annotations

from collections.abc import Iterator

from isocourse.engine import model as m
from isocourse.engine.because import limits_in
from isocourse.engine.decide import Evaluation, environment, explainer
from isocourse.engine.edition import Edition
from isocourse.engine.meaning import names
from isocourse.errors import InputError
from isocourse.record.dates import iso
from isocourse.words.answer import Because, because_of, limit_of, plain
from isocourse.words.page import Line, because_text, limit_text, value_text

_STATES = {True: "It fired", False: "It did not fire", None: "It cannot be decided"}


def explain_rule(edition: Edition, evaluation: Evaluation, name: str) -> Iterator[Line]:
    """Every fact the rule reads with its value. Raises InputError for a name that is no rule of the programme."""
    from difflib import get_close_matches

    rules = {rule.id: index for index, rule in enumerate(edition.rules)}
    if name not in rules:
        near = get_close_matches(name, rules, n=3)
        raise InputError(
            f"{name!r} is not a rule of programme {edition.programme.id!r}",
            allowed=", ".join(near or rules),
            mend="isocourse protocol show lists all rules",
        )
    index = rules[name]
    return _lines(edition, evaluation, edition.rules[index], index)


def _lines(edition: Edition, evaluation: Evaluation, rule: m.Rule, index: int) -> Iterator[Line]:
    condition = edition.conditions[index]
    env = environment(edition, evaluation)
    why = explainer(edition, evaluation)
    state = {0: False, 1: True, 2: None}[evaluation.states[index]]
    yield Line("headline", 0, rule.says)
    yield Line("stop" if state is not False else "good", 0, f"{_STATES[state]} on {iso(evaluation.as_of)}.")
    yield from _force(condition.from_day, condition.until_day, rule)
    yield Line("section", 0, "Condition")
    yield Line("item", 1, rule.text)
    yield Line("section", 0, "What it read")
    reasons = [why.reason(fact) for fact in names(condition.meaning) if fact in edition.fact_index]
    for fact in names(condition.meaning):
        if fact in edition.fact_index:
            yield from _reason(because_of(why.reason(fact)), 1)
        elif fact == "as_of":
            yield Line("item", 1, f"the day of the decision: {value_text(plain(env['as_of'], 'day'))}")
    for limit in limits_in(condition, reasons, edition, env):
        yield Line("detail", 1, limit_text(limit_of(limit)))
        yield Line("quiet", 2, f"{limit.strength}, confidence {limit.confidence}: {', '.join(limit.sources)}")
    yield Line("section", 0, "Where it comes from")
    yield Line("item", 1, f"{rule.strength}, confidence {rule.confidence}; {rule.where}")
    for source in (edition.library.sources[name] for name in rule.sources):
        yield Line("detail", 1, f"{source.title}. {source.publisher}, {source.dated}. {source.at}")
    signed = rule.reviewed_by or "not clinically signed off"
    yield Line("quiet", 1, f"author {rule.author}; {signed}; next review {iso(rule.next_review)}")
    if rule.mend is not None:
        yield Line("section", 0, "What would change it")
        yield Line("item", 1, rule.mend.says)


def _force(begin: int | None, end: int | None, rule: m.Rule) -> Iterator[Line]:
    if begin is not None or end is not None:
        since = f"from {iso(begin)}" if begin is not None else ""
        until = f"until {iso(end)}" if end is not None else ""
        yield Line("quiet", 0, f"In force {since} {until}, by the day in {rule.act}.".replace("  ", " "))


def _reason(reason: Because, indent: int) -> Iterator[Line]:
    yield Line("item" if indent == 1 else "detail", indent, because_text(reason))
    for part in reason.made_of:
        yield from _reason(part, indent + 1)
