"""The knowledge that is said and never decides: skin care, evidence, expectations, plain words, the glossary.

It lies beside the protocol, not in it: an edition's content hash belongs to the decisions taken under it, and a better
sentence about sunscreen must not make a clinic decide every course again. It is kept as strictly: YAML read with
`documents`, every key known, every entry with its sources, every mistake named with file and line.

    shelf = open_shelf()
    for part in shelf.entries("evidence"):
        claim = read_claim(part, shelf.sources)

Layout: `sources/*.yaml` (the shape of the protocol's own, whose sources may be cited too) and one folder a subject.
Each subject has its reader in the room that uses it; this module opens the files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from isocourse.engine import model as m
from isocourse.engine.documents import Part, read_document
from isocourse.engine.load import PROTOCOL, content_hash, programme_names, read_source
from isocourse.errors import ProtocolError

KNOWLEDGE = Path(__file__).resolve().parent.parent / "knowledge"
SUBJECTS = ("skincare", "evidence", "expectations", "plain", "glossary")
FOLDERS = ("sources", *SUBJECTS)


@dataclass(frozen=True)
class Shelf:
    """The folder, opened: its sources and the protocol's by id, the programmes there are, and the content's hash."""

    root: Path
    sources: Mapping[str, m.Source]
    programmes: tuple[str, ...]
    content: str

    def entries(self, subject: str, name: str = "*") -> Iterator[Part]:
        """Every entry of a subject's files (of the one file `name`, without its ending), in the order they stand."""
        for path in sorted((self.root / subject).glob(f"{name}.yaml")):
            yield from read_document(path, f"{subject}/{path.name}").items()


def open_shelf(root: Path = KNOWLEDGE, protocol: Path = PROTOCOL) -> Shelf:
    """Raises ProtocolError at the first source that cannot be read or is declared twice, or a file nothing reads."""
    _refuse_unread(root)
    found: dict[str, m.Source] = {}
    for place in (protocol, root):
        for path in sorted((place / "sources").glob("*.yaml")):
            for part in read_document(path, f"sources/{path.name}").items():
                source = read_source(part)
                if source.id in found:
                    raise part.error(
                        f"the source {source.id!r} is declared twice (first at {found[source.id].where})",
                        mend="cite the one there is, or give this one a name of its own",
                    )
                found[source.id] = source
    return Shelf(root, found, programme_names(protocol), content_hash(root))


def cited(part: Part, sources: Mapping[str, m.Source]) -> tuple[str, ...]:
    """The sources an entry names, all of which exist. Raises ProtocolError when there is none."""
    named = tuple(item.one_of(sources) for item in part.items())
    if not named:
        raise part.error("what is said needs a source", mend="name at least one; see sources/")
    return named


def _refuse_unread(root: Path) -> None:
    if not root.is_dir():
        raise ProtocolError("this is no folder", where=str(root), mend="name a folder with knowledge files")
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        at = path.relative_to(root)
        if path.suffix != ".yaml" or at.parent.as_posix() not in FOLDERS:
            raise ProtocolError(
                "nothing reads this file",
                where=f"{at.as_posix()}, line 1",
                allowed=f"files that end in .yaml, in {', '.join(FOLDERS)}",
                mend="rename or move it",
            )
