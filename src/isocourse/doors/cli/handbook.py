"""`isocourse docs`: pages made from the protocol and the code, and the check that they are up to date."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from isocourse.doors.cli.demo import SHOWN
from isocourse.engine import model as m
from isocourse.engine.examples import Story, load_stories
from isocourse.engine.knowledge import open_shelf
from isocourse.engine.read_evidence import read_claims
from isocourse.engine.read_plain import read_pages
from isocourse.errors import InputError
from isocourse.exchange.mapping import mapping_markdown
from isocourse.plan.examples import Editions, examples_of_rules
from isocourse.record.record import write_record
from isocourse.words.glossary import glossary_page, read_terms
from isocourse.words.handbook import handbook_pages
from isocourse.words.handbook_evidence import MADE as FROM_KNOWLEDGE
from isocourse.words.handbook_evidence import evidence_pages
from isocourse.words.schemas import schemas
from isocourse.words.site import site
from isocourse.words.skin_scores import scales_page

EXAMPLES = Path("examples")


def pages(library: m.Library, folder: Path) -> dict[Path, str]:
    """Every generated file with its content."""
    stories = load_stories(library)
    made = {folder / "handbook" / name: text for name, text in _handbook(library, stories).items()}
    made[folder / "fhir-mapping.md"] = mapping_markdown()
    made[folder / "scales.md"] = scales_page()
    for name, schema in schemas().items():
        made[folder / "schema" / f"{name}.json"] = json.dumps(schema, indent=1) + "\n"
    for story in (stories[name] for name in dict.fromkeys(name for name, _ in SHOWN)):
        made[folder.parent / EXAMPLES / f"{story.name}.json"] = write_record(story.record).decode() + "\n"
    return made


def _handbook(library: m.Library, stories: Mapping[str, Story]) -> dict[str, str]:
    made = handbook_pages(library, stories, examples_of_rules(Editions(library), stories.values()))
    shelf = open_shelf()
    made["words.md"] = "\n".join([FROM_KNOWLEDGE, *glossary_page(read_terms(shelf), shelf.sources)]) + "\n"
    claims = read_claims(shelf, rules=library.rules, topics=library.topics)
    made |= evidence_pages(claims, read_pages(shelf, claims), shelf.sources)
    made["index.md"] += "\n[Words that patients and staff meet](words.md)\n"
    made["index.md"] += "\n[Evidence](evidence.md) · [How it works](how-it-works.md) · "
    made["index.md"] += "[Where it comes from](safe-supply.md)\n"
    return made


def write_pages(library: m.Library, folder: Path) -> list[Path]:
    """Write what has changed and remove generated files that no longer belong; gives the paths touched."""
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder}", mend="run it from the root of the repository")
    touched = []
    made = pages(library, folder)
    for path, text in made.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            touched.append(path)
    for path in _leftovers(made):
        path.unlink()
        touched.append(path)
    return touched


def write_site(library: m.Library, out: Path) -> Path:
    """Write the handbook as a web site; gives its first page."""
    made = site(_handbook(library, load_stories(library)))
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in made.items():
            (out / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"the pages cannot be written ({error.strerror})", where=str(out), mend="name another folder"
        ) from None
    return out / "index.html"


def stale_pages(library: m.Library, folder: Path) -> list[Path]:
    """Generated files that are missing, differ, or should not be there."""
    made = pages(library, folder)
    stale = [path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    return stale + _leftovers(made)


def _leftovers(made: dict[Path, str]) -> list[Path]:
    """Files in the generated folders that nothing makes any more."""
    folders = {path.parent for path in made if path.parent.name in ("handbook", "examples")}
    return [path for folder in sorted(folders) for path in sorted(folder.glob("*.*")) if path not in made]
