"""Sentences that name what is forbidden and claim nothing: by rule and sentence (`claims.plain`), with the reason.

One that nothing says any more fails `tools/claims`, so that the list stays as short as it can.
"""

from __future__ import annotations

_A_CODE = "the code for where capsules came from, so that such a supply is written down and asked about"
_TYPED = "what a patient may have typed; read as: there is nothing to report"
_STATISTIC = "a statistic of a picture or of the evaluation, not of people"
_SOUGHT = "words that people search the evidence with; never shown"

ALLOWED: dict[tuple[str, str], str] = {
    ("cures", "relapse recur recurrence return back again permanent cure cured forever remission"): _SOUGHT,
    ("procures", "Bought online"): _A_CODE,
    ("safe", "Each step is safe to repeat"): "a remark in the code on a job, not on a medicine",
    (
        "safe",
        "what was saved before is safe, and what you typed is kept as a draft",
    ): "what was typed is kept; nothing is said of a medicine",
    ("safe", "No side effects"): _TYPED,
    ("safe", "no side effects"): _TYPED,
    ("safe", "no side effect"): _TYPED,
    (
        "ranks",
        "One map over the skin, from its 2nd to its 98th percentile, with a bar that says what the colours mean",
    ): _STATISTIC,
}
