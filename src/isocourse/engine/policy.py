"""What episodes are handed: the values that feed them, what products hold, and where a programme reports to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isocourse.engine import model as m
from isocourse.engine.read_reports import reports_to
from isocourse.engine.steps import Steps
from isocourse.errors import ProtocolError
from isocourse.record.allergies import product_key
from isocourse.record.policy import Contents, Dated, Policy

_DATED_POLICY = {"first_test_settings", "concern_test_settings", "first_window_lockout_days", "brief_sexual_from"}


def policy_of(library: m.Library, programme: str, values: Mapping[str, Steps]) -> Policy:
    """The policy of a programme. Raises ProtocolError where a value changes with time that may not."""
    given: dict[str, Any] = {
        "product_contents": _contents(library, programme),
        "reports_to": reports_to(library, programme),
    }
    for name, steps in values.items():
        feeds = library.values[name].feeds
        if not feeds:
            continue
        if feeds in _DATED_POLICY:
            given[feeds] = Dated([(0 if index == 0 else day, step.value) for index, (day, step) in enumerate(steps)])
        elif len(steps) == 1:
            given[feeds] = steps[0][1].value
        else:
            raise ProtocolError(
                f"{name!r} feeds an episode that takes one value for all days, and it changes",
                where=library.values[name].where,
                mend=f"only these may change with time: {', '.join(sorted(_DATED_POLICY))}",
            )
    return Policy(**given)


def _contents(library: m.Library, programme: str) -> dict[str, Contents]:
    """What the capsules of a programme's products hold, by name and by id."""
    found: dict[str, Contents] = {}
    for product in library.products.values():
        if product.programme in library.lineage(programme):
            allergens = tuple((part.allergen, frozenset(part.only_mg)) for part in product.excipients if part.allergen)
            held = Contents(allergens, product.excipients_read == "in_full")
            found |= {product_key(product.id): held, product_key(product.name): held}
    return found
