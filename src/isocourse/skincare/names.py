"""Names looked up: exactly, by family, and, as a question only, nearly.

A near name is never taken for an answer. It is at most one slip apart (two in long names) once the letters that a scan
confuses are folded, and its numbers are the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from isocourse.skincare.spelling import apart, digits, folded, key

SHORTEST_ASKED = 5  # the shortest name that is asked about; what is written may lack a letter of it
LONGEST_ASKED = 120
_TWO_SLIPS_FROM = 12
_MOST_ASKED = 12


@dataclass
class Names:
    """Every spelling by its key, pointing at the usual name; families by pattern."""

    _exact: dict[str, str] = field(default_factory=dict)
    _ambiguous: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _families: dict[str, list[tuple[re.Pattern[str], str]]] = field(default_factory=lambda: defaultdict(list))
    _folded: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _pieces: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, spelling: str, name: str) -> str | None:
        """Takes a spelling in; the name it already stands for, where that is another."""
        bare = key(spelling)
        taken = self._exact.get(bare)
        if taken is not None:
            return taken if taken != name else None
        self._exact[bare] = name
        return None

    def add_family(self, name: str) -> None:
        """Takes in names with a number in them, written `Ceteareth-{n}`."""
        before, after = (key(half) for half in name.split("{n}"))
        self._families[(before or after)[:3]].append(
            (re.compile(f"{re.escape(before)}[0-9]{{1,4}}{re.escape(after)}"), name)
        )

    def add_ambiguous(self, written: str, may_mean: tuple[str, ...]) -> None:
        self._ambiguous[key(written)] = may_mean

    def __len__(self) -> int:
        return len(self._exact)

    def exact(self, text: str) -> str | None:
        """The usual name of what is written, when the whole of it is a known spelling."""
        return self.exact_key(key(text))

    def exact_key(self, bare: str) -> str | None:
        """The same, of a key."""
        return self._exact.get(bare) or self._family(bare)

    def _family(self, bare: str) -> str | None:
        for pattern, name in self._families.get(bare[:3], ()):
            if pattern.fullmatch(bare):
                return name
        return None

    def confused(self, text: str) -> tuple[str, ...]:
        """Names of which it differs by nothing but letters that a scan confuses, or that one word stands for."""
        bare = key(text)
        if bare in self._ambiguous:
            return self._ambiguous[bare]
        if len(bare) < SHORTEST_ASKED:
            return ()
        self._index()
        return tuple(sorted({self._exact[known] for known in self._folded.get(folded(bare), ())}))

    def near(self, text: str) -> tuple[str, ...]:
        """Names that it may have been, nearest first, at most twelve; none when it is too short to tell."""
        bare = key(text)
        if not SHORTEST_ASKED - 1 <= len(bare) <= LONGEST_ASKED:
            return ()
        self._index()
        found = {self._exact[known]: 0 for known in self._folded.get(folded(bare), ())}
        for seen, how in ((bare, _as_it_is), (folded(bare), folded)):
            most = 2 if len(seen) >= _TWO_SLIPS_FROM else 1
            for known in self._candidates(seen, most):
                slips = apart(seen, how(known), most)
                name = self._exact[known]
                if slips <= most and digits(known) == digits(bare) and slips < found.get(name, most + 1):
                    found[name] = slips
        return tuple(sorted(found, key=lambda name: (found[name], name)))[:_MOST_ASKED]

    def _index(self) -> None:
        """Built when the first unknown name turns up: most lists have to be looked up only exactly."""
        if self._folded:
            return
        for known in self._exact:
            if len(known) >= SHORTEST_ASKED:
                self._folded[folded(known)].append(known)
                for spelling in {known, folded(known)}:
                    for at, (begin, end) in enumerate(_cuts(len(spelling))):
                        self._pieces[f"{len(spelling)}.{at}{spelling[begin:end]}"].add(known)

    def _candidates(self, seen: str, most: int) -> set[str]:
        """With at most two slips one third of the name stands as it is, moved by two at most (pigeonhole)."""
        found: set[str] = set()
        for length in range(len(seen) - most, len(seen) + most + 1):
            for at, (begin, end) in enumerate(_cuts(length)):
                for moved in range(-most, most + 1):
                    if begin + moved >= 0:
                        found |= self._pieces.get(f"{length}.{at}{seen[begin + moved : end + moved]}", set())
        return found


def _as_it_is(bare: str) -> str:
    return bare


def _cuts(length: int) -> tuple[tuple[int, int], ...]:
    third = length // 3
    return (0, third), (third, 2 * third), (2 * third, length)
