"""The handbook's pages of the evidence library, one a subject, and of the plain pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from isocourse.engine import model as m
from isocourse.engine.read_evidence import Claim, Study
from isocourse.engine.read_plain import PlainPage
from isocourse.words.evidence import ANSWERS, DESIGNS, GRADES, SUBJECTS, UNSIGNED, figure, people
from isocourse.words.handbook_text import slug

MADE = "<!-- Made by `make docs` from src/isocourse/knowledge. Do not edit. -->\n"


def evidence_pages(
    claims: Mapping[str, Claim], plain: Mapping[str, PlainPage], sources: Mapping[str, m.Source]
) -> dict[str, str]:
    """File name to Markdown."""
    found = {"evidence.md": list(_index(claims))}
    for subject in SUBJECTS:
        found[f"evidence-{_file(subject)}.md"] = list(_subject(subject, claims, sources))
    for page in plain.values():
        found[f"{_file(page.id)}.md"] = list(_plain(page, claims, sources))
    found["evidence-sources.md"] = list(_sources(claims, plain, sources))
    return {name: "\n".join([MADE, *lines]) + "\n" for name, lines in found.items()}


def _file(name: str) -> str:
    return name.replace("_", "-")


def _link(claim: Claim) -> str:
    return f"evidence-{_file(claim.subject)}.md#{slug(claim.title)}"


def _index(claims: Mapping[str, Claim]) -> Iterator[str]:
    count = sum(len(claim.numbers) for claim in claims.values())
    yield "# Evidence\n"
    yield f"{len(claims)} claims with {count} figures, each with its source. {UNSIGNED}\n"
    yield "| grade | means |\n|---|---|"
    for grade, means in GRADES.items():
        yield f"| {grade} | {means} |"
    for subject, title in SUBJECTS.items():
        yield f"\n## {title}\n"
        yield "| claim | answer | grade |\n|---|---|---|"
        for claim in claims.values():
            if claim.subject == subject:
                yield f"| [{claim.title}]({_link(claim)}) | {ANSWERS[claim.answer]} | {claim.grade} |"
    popular = [claim for claim in claims.values() if claim.popular]
    yield "\n## What popular articles promise\n"
    yield "| what is promised | what the studies support |\n|---|---|"
    for claim in popular:
        yield f"| {'; '.join(claim.asked_as)} | [{ANSWERS[claim.answer]} ({claim.grade})]({_link(claim)}) |"
    yield "\n[Sources of the evidence library](evidence-sources.md)"


def _subject(subject: str, claims: Mapping[str, Claim], sources: Mapping[str, m.Source]) -> Iterator[str]:
    yield f"# Evidence: {SUBJECTS[subject].lower()}\n"
    for claim in claims.values():
        if claim.subject == subject:
            yield from _claim(claim, claims, sources)


def _claim(claim: Claim, claims: Mapping[str, Claim], sources: Mapping[str, m.Source]) -> Iterator[str]:
    yield f"## {claim.title}\n"
    yield f"**{ANSWERS[claim.answer]}.** Grade {claim.grade}: {GRADES[claim.grade].lower()}. {claim.reason}\n"
    yield f"`{claim.id}` · People ask: {' · '.join(claim.asked_as)}\n"
    yield "| | |\n|---|---|"
    yield f"| For the clinician | {claim.clinician_says} |"
    yield f"| For the patient | {claim.patient_says} |"
    yield f"| What this does not show | {claim.not_shown} |"
    yield f"| Where to read on | {'<br>'.join(f'{pointer.name}: {pointer.at}' for pointer in claim.see)} |"
    if claim.see_claims:
        links = (f"[{claims[name].title}]({_link(claims[name])})" for name in claim.see_claims)
        yield f"| See also | {'<br>'.join(links)} |"
    if claim.see_topics:
        yield f"| Rules | {', '.join(f'[{topic}]({topic}.md)' for topic in claim.see_topics)} |"
    yield "\n| study | design | finding | figures | risk of bias |\n|---|---|---|---|---|"
    for study in claim.studies:
        yield _study(study, sources[study.source])
    yield ""


def _study(study: Study, source: m.Source) -> str:
    design = "<br>".join(str(part) for part in (DESIGNS[study.design], people(study), study.population) if part)
    compared = f"<br>Compared: {study.compared}" if study.compared else ""
    figures = "<br>".join(f"{number.says}: {figure(number)} (`{number.id}`)" for number in study.numbers)
    return (
        f"| [{source.title}](evidence-sources.md), {source.dated} | {design}{compared} | {study.finding} "
        f"| {figures} | {study.bias}; confidence {study.confidence} |"
    )


def _plain(page: PlainPage, claims: Mapping[str, Claim], sources: Mapping[str, m.Source]) -> Iterator[str]:
    yield f"# {page.title}\n"
    yield f"{page.says}\n"
    for section in page.sections:
        yield f"## {section.title}\n"
        yield "\n\n".join(section.says) + "\n"
        if section.points:
            yield "\n".join(f"- {point}" for point in section.points) + "\n"
        if section.claims:
            links = (f"[{claims[name].title}]({_link(claims[name])})" for name in section.claims)
            yield f"Evidence: {' · '.join(links)}\n"
        yield f"Sources: {'; '.join(sources[name].title for name in section.sources)}.\n"
    yield UNSIGNED


def _sources(
    claims: Mapping[str, Claim], plain: Mapping[str, PlainPage], sources: Mapping[str, m.Source]
) -> Iterator[str]:
    named = {name for claim in claims.values() for name in claim.sources}
    named |= {name for page in plain.values() for name in page.sources}
    yield "# Sources of the evidence library\n"
    yield "| id | title | publisher | dated | where | read |\n|---|---|---|---|---|---|"
    for name in sorted(named):
        source = sources[name]
        yield f"| {source.id} | {source.title} | {source.publisher} | {source.dated} | {source.at} | {source.read} |"
