"""What no sentence of ours may claim, and what it says instead (docs/words.md has the reasons).

    for violation in violations("This cream removes scars."):
        print(violation.rule, violation.found, violation.instead)

The rules are data: `RULES`. A denial in the same clause excuses ("does not remove scars"), and so do a question and a
field that quotes what people ask (`QUOTED`). The few sentences that name what is forbidden in order to warn stand in
`claims_allowed.py`, each with its reason. The rules read English, British and American.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from isocourse.words.claims_allowed import ALLOWED

_DRUG = r"(?:isotretinoin|accutane|roaccutane|claravis|absorica|epuris|curacné|retinoids?|capsules?|tablets?|pills?)"
_CARE = (
    rf"(?:{_DRUG}|treatment|therapy|medicine|medication|course|cream|serum|moisturi[sz]er|sunscreen|routine|product)"
)
_MARK = r"(?:scar(?:s|ring)?|(?:dark|brown|red|acne) (?:spot|mark)s?|pigment(?:ation)?|pih|pie|blemish(?:es)?|pores?)"
_BETTER = r"(?:improve[sd]?|better|clear(?:s|ed|er)?|fewer|fade[sd]?|reduced?|less|lower|smaller|healed|gone)"
_MAKES = (
    r"(?:remov(?:e[sd]?|ing|al of)|eras(?:e[sd]?|ing)|fix(?:es|ed|ing)?|cur(?:e[sd]?|ing)"
    r"|eliminat(?:e[sd]?|ing)|get(?:s|ting)? rid of|clear(?:s|ed|ing)? (?:away|up)|dissolv(?:e[sd]?|ing)"
    r"|smooth(?:s|ed|ing)? (?:out|away)|shrink(?:s|ing)?|repair(?:s|ed|ing)?|revers(?:e[sd]?|ing))"
)


class Rule(NamedTuple):
    """One thing that is never claimed. `negatable`: it may be denied. `hedged`: "may be", "often" make it no claim."""

    name: str
    patterns: tuple[str, ...]
    why: str
    instead: str
    negatable: bool = True
    hedged: bool = False


class Violation(NamedTuple):
    """A claim that was found: the rule, where it stands in the text, its words, why not, what to say instead."""

    rule: str
    start: int
    end: int
    found: str
    sentence: str
    why: str
    instead: str


RULES = (
    Rule(
        "removes",
        (
            rf"\b{_MAKES} (?:[\w'-]+ ){{0,4}}?{_MARK}\b",
            # "May heal badly and scar" has the verb.
            rf"\bheal(?:s|ed|ing)? (?:(?:your|my|the|those|these|old|existing|any|all|deep|acne) ){{0,3}}{_MARK}\b",
            rf"\b{_MARK} (?:(?:is|are|was|were|be|been|get|will|have|has|can|fully|completely) "
            rf"){{1,4}}(?:removed|erased|healed|fixed|cured|eliminated|repaired|reversed|gone)\b",
            r"\b(?:scar|spot|mark|blemish|wrinkle)[- ](?:removal|removing|remover|eraser|erasing|free)\b",
            r"\b(?:flawless|perfect|spotless|blemish-free) (?:skin|face|complexion)\b",
        ),
        "No trial shows that isotretinoin or a cream takes scars or dark spots away.",
        "Marks usually fade over months once acne is controlled. Existing scars usually need separate treatment.",
    ),
    Rule(
        "cures",
        (
            r"\b(?:cure[sd]?|curing|curative|miracle)\b",
            r"\b(?:acne|pimples?|spots) (?:is|are|stays?|will be) gone for good\b",
        ),
        "About one in five need tablets or capsules again within one to three years (Lai 2025).",
        "Most people stay clear for a long time; about 1 in 5 need treatment by mouth again.",
    ),
    Rule(
        "guarantees",
        (
            r"\bguarant(?:ee|y)(?:s|d|ing)?\b",
            r"\b(?:we|i) promise\b",
            r"\bpromise[sd]? (?:clear|clearer|better|perfect|results?)\b",
            r"\b(?:is|are) (?:certain|sure|bound) to (?:help|work|improve|clear|fade|heal|get better)\b",
            r"\b(?:cannot|can't|never) fail\b",
        ),
        "Nobody can know how one person's skin will do.",
        "Say how many of a hundred people it helped, and in which study.",
    ),
    Rule(
        "absolutes",
        (
            r"\b100 ?(?:%|per ?cent|percent) (?:effective|safe|sure|certain|clear|natural|success|of "
            r"(?:people|patients))",
            r"\balways (?:works?|helps?|clears?|fades?|heals?|improves?|succeeds?|gets? better|goes away"
            r"|safe|effective)\b",
            r"\bworks? (?:for everyone|for everybody|every time)\b",
            r"\bpermanent(?:ly)? (?:clear|clears|cleared|remission|results?|solution|improve\w*|gets? rid"
            r"|better|free)\b",
            r"\b(?:clear|free of acne|acne[- ]free|gone|better) (?:forever|for ever|for life|permanently)\b",
            r"\bnever (?:comes?|came|coming) back\b",
            r"\bonce and for all\b",
        ),
        "No treatment of acne works for everybody or for ever.",
        "Say for how many, for how long, and that acne may return.",
    ),
    Rule(
        "resurfaces",
        (
            r"\bresurfac(?:es|ed)\b",
            r"\bresurface (?:your|the|my|their)?\s?(?:skin|face|scars?)\b",
            r"\b(?<!ablative )(?<!laser )(?<!face )resurfacing (?:effect|cream|serum|your|the|treatment with)\b",
        ),
        "Isotretinoin does not renew the surface of the skin; only the names of procedures have the word.",
        "Say what was measured: oil, spots, dryness.",
    ),
    Rule(
        "anti-ageing",
        (
            r"\banti[- ]?age?ing\b",
            r"\brejuvenat\w+",
            r"\byounger[- ]looking\b",
            r"\blook(?:s|ing)? younger\b",
            r"\bturns? back the clock\b",
            r"\b(?:fewer|less|reduces?|smooths?|removes?) wrinkles?\b",
            r"\bwrinkle[- ]free\b",
            r"\bskin age\b",
        ),
        "In the one trial against moisturiser and sunscreen it did no better (Bagatin 2010).",
        "Say nothing of age.",
    ),
    Rule(
        "safe",
        (
            r"\b(?:is|are|was|were|be|been|being|it's|considered) (?:(?:completely|perfectly|totally|entirely"
            r"|absolutely|quite|very|also|100 ?%) )?(?:safe|harmless|risk[- ]free|non-?toxic)\b",
            r"\b(?:no|without(?: any)?|zero|free of) (?:side[- ]effects?|unwanted effects?|adverse effects?|danger)\b",
            r"\b(?:has|have|carr(?:y|ies)|poses?|with|without|at) (?:no|any|zero) risks?\b",
            r"\bno risks? (?:to|for|in|at)\b",
            r"\bside[- ]effect[- ]free\b",
            r"\brisk[- ]free\b",
            r"\b(?:perfectly|completely|totally|entirely) (?:safe|harmless)\b",
            r"\bsafe (?:in|during|for|while) (?:pregnan\w+|breast\w*|everyone|everybody|all|children|babies)\b",
            r"\bnothing to worry about\b",
            r"\b(?:can|could|will|does) do no harm\b",
            r"\bharmless to\b",
        ),
        "No medicine and no cream is safe for everybody; in pregnancy isotretinoin harms the child.",
        "Say for whom, how often something went wrong, and what is not known.",
        hedged=True,
    ),
    Rule(
        "cause",
        (
            rf"\b{_BETTER}\b[^.;]{{0,60}}?\b(?:because(?: of)?|thanks to|due to|owing to"
            rf"|as a result of|caused by|on account of) (?:[\w'-]+ ){{0,3}}?{_CARE}\b",
            rf"\b(?:because of|thanks to|due to|owing to|as a result of) (?:[\w'-]+ "
            rf"){{0,3}}?{_CARE}\b[^.;]{{0,60}}?\b{_BETTER}\b",
            rf"\b{_CARE} (?:has|have|had) (?:\w+ ){{0,2}}?(?:improved|cleared|faded|reduced|healed"
            rf"|lessened|removed) (?:\w+ ){{0,2}}?(?:skin|face|marks?|spots?|scars?|redness|acne|texture|pores)\b",
            rf"\b(?:improvement|change|gain)s? (?:\w+ )?(?:due to|caused by|from) (?:the )?{_CARE}\b",
            rf"\b{_CARE} (?:is|are) working\b",
            rf"\byour {_CARE} worked\b",
        ),
        "A photograph shows a change, never its cause: light, sun, time and chance change skin too.",
        "Say what changed, by how much, and how far that is beyond noise.",
    ),
    Rule(
        "ranks",
        (
            r"\bpercentiles?\b",
            r"\b(?:better|clearer|worse|older|younger|smoother|healthier) (?:skin )?than"
            r" (?:\d+ ?(?:%|per ?cent|percent|of|in)|most (?:people|others|patients)|others?|other (?:people|patients)"
            r"|the average|average|your (?:peers|friends))",
            r"\btop \d+ ?(?:%|per ?cent|percent)",
            r"\b(?:beauty|attractiveness) scores?\b",
            r"\bcompared (?:with|to) other people\b",
            r"\bfor (?:someone|somebody|people) (?:of )?your age\b",
        ),
        "Nobody is compared with anybody else; there are no norms, and it hurts.",
        "Compare the person with themselves at an earlier visit.",
    ),
    Rule(
        "procures",
        (
            r"\b(?:buy|buys|buying|bought|order|ordering|ordered|purchas\w+|obtain|get|getting|sell|selling|sold)"
            r" (?:(?:your|my|some|the|any|more|cheap|cheaper|real|generic|brand|own|us|me|you) ){0,2}"
            rf"(?:accutane|roaccutane|isotretinoin|{_DRUG} online"
            rf"|{_DRUG} (?:from|on|over) the (?:internet|web))",
            r"\b(?:buy|order|bought|ordered|ordering|buying) (?:it |them |some )?online\b",
            r"\bonline pharmac(?:y|ies)\b",
            r"\bwithout (?:a |any |seeing a )?(?:prescriptions?|prescribers?|doctors?)\b",
            r"\bno (?:prescriptions?|prescriber|doctor) (?:(?:is|are) )?(?:needed|required|necessary|asked)\b",
            r"\bover[- ]the[- ]counter (?:isotretinoin|accutane|roaccutane)\b",
            r"\b(?:for sale|cheap(?:er|est)? (?:isotretinoin|capsules))\b",
        ),
        "Isotretinoin outside a prescriber's care has harmed people; nothing of ours helps to get it.",
        "Send the person to a prescriber. A warning goes to claims_allowed.py with its reason.",
        negatable=False,
    ),
    Rule(
        "jokes",
        (
            r"\b(?:lol|haha+|hehe|just kidding|no biggie|oops|whoops|yikes|yay|woo-?hoo|fingers crossed"
            r"|don't panic|joking)\b",
            r"[\U0001F600-\U0001F64F\U0001F923-\U0001F97A]",
            r"\b(?:pregnan\w+|suicid\w+|self-harm|die[ds]?|death|danger\w*|birth defects?|liver"
            r"|blind\w*)\b[^.?]{0,80}!",
        ),
        "Nobody laughs about a danger who is in it.",
        "Say it calmly, in a plain sentence.",
        negatable=False,
    ),
    Rule(
        "blames",
        (
            r"\byour (?:own )?fault\b",
            r"\byou (?:have )?(?:failed|neglected|ignored|should have|ought to have|only have yourself)\b",
            r"\byou (?:did not|didn't) (?:bother|care|listen|comply)\b",
            r"\bnon-?complian(?:t|ce)\b",
            r"\bbad patients?\b",
            r"\b(?:patient|person|they|she|he) (?:has |have )?(?:failed to (?:comply|take|attend|turn up)|neglected)\b",
            r"\b(?:careless|irresponsible|lazy|to blame)\b",
            r"\b(?:dirty|filthy|bad|ugly|disfigured) (?:skin|face)\b",
            r"\bpoor hygiene\b",
            r"\bcommit(?:s|ted|ting)? suicide\b",
            r"\bsuffer(?:s|ing|ers?)? from acne\b",
        ),
        "Blame makes people hide what has to be known: a missed capsule, a pregnancy, a bad week.",
        "Say what happened and what to do next.",
    ),
)
# Fields whose words claim nothing of ours, and why.
QUOTED = {
    "asked_as": "evidence entries quote what people ask or have heard; the answer stands in other fields",
    "not_shown": "evidence entries list what no study has shown",
    "source_title": "a publication has the title that its authors gave it",
}
_PATTERNS = {rule.name: re.compile("|".join(rule.patterns), re.IGNORECASE) for rule in RULES}
# A denial in the words before, in the same clause. "Not only", "no other ... so well" deny nothing.
_DENIES = re.compile(
    r"\b(?:not|never|no|nor|cannot|can't|doesn't|don't|didn't|won't|isn't|aren't|wasn't|wouldn't|neither|without|nobody"
    r"|nothing|none|no-one|unlikely|rather than|instead of|avoid|refuses?|forbid(?:s|den)?)\b",
    re.IGNORECASE,
)
_AFFIRMS = re.compile(
    r"\b(?:not (?:only|just|merely|simply)|no (?:doubt|other|better|wonder)|nothing else"
    r"|without (?:doubt|question|fail)|never (?:fails?|failed)|cannot fail|none other|not (?:hard|difficult|long))\b",
    re.IGNORECASE,
)
_HEDGES = re.compile(
    r"\b(?:may|might|could|can|often|usually|mostly|sometimes|probably|whether|if|as well as|seems?|thought to)\b",
    re.IGNORECASE,
)
# A comma within a list ("does not fade, lighten or remove") parts nothing.
_CLAUSE = re.compile(
    r"[;:–—(]|,(?!(?: [\w'-]+){0,4} (?:or|nor) )"
    r"|\b(?:but|yet|although|though|while|whereas|because|and then|so that)\b",
    re.IGNORECASE,
)
# "Does it remove scars?" asks. "Want to remove scars?" sells.
_ASKS = re.compile(
    r"\W*(?:does|do|did|is|are|was|can|could|will|would|should|may|has|have|why|how|what|when|which|who)\b[^.!?]*\?",
    re.IGNORECASE,
)
# "It promises that it is safe" tells of somebody else, unless it is ours that promises.
_TELLS = re.compile(r"^(?!.*\bour\b).*\b(?:promises|claims|pretends) (?:that|to)\b", re.IGNORECASE)
# Also cells of a table, lines and parts between semicolons.
_SENTENCE = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])|[|\n]|<br>|\*\*|(?<=;)\s")
_REACH = 8  # words; a denial further away belongs to something else


def violations(text: str, field: str = "") -> tuple[Violation, ...]:
    """What `text` claims and may not, in its order; `field` is the key it stands under, where it has one."""
    if field in QUOTED:
        return ()
    return tuple(each for start, sentence in sentences(text) for each in _in_sentence(sentence, start))


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """The sentences of a text, with where each begins."""
    start = 0
    for gap in (*_SENTENCE.finditer(text), None):
        end = gap.start() if gap else len(text)
        piece = text[start:end]
        if piece.strip():
            yield start + len(piece) - len(piece.lstrip()), piece.strip()
        start = gap.end() if gap else end


def _in_sentence(sentence: str, start: int) -> Iterator[Violation]:
    for rule in RULES:
        if (rule.name, plain(sentence)) in ALLOWED:
            continue
        for found in _PATTERNS[rule.name].finditer(sentence):
            if not _excused(rule, sentence, found.start()):
                at = start + found.start()
                yield Violation(rule.name, at, start + found.end(), found[0], sentence, rule.why, rule.instead)


def plain(sentence: str) -> str:
    """A sentence as `ALLOWED` names it: single spaces, no full stop at the end, no mark of a list before it."""
    return " ".join(sentence.split()).strip("-*•> ").rstrip(".")


def _excused(rule: Rule, sentence: str, at: int) -> bool:
    """Whether the sentence asks, or the words before in the same clause deny it or make it no claim."""
    clause = _CLAUSE.split(sentence[:at])[-1]
    near = " ".join(clause.split()[-_REACH:])
    if _TELLS.search(near) or (rule.hedged and _HEDGES.search(near)):
        return True
    if not rule.negatable:
        return False
    asked = re.split(r"[:;·]", sentence[:at])[-1] + sentence[at:]
    return bool(_ASKS.match(asked) or _DENIES.search(_AFFIRMS.sub(" ", near)))
