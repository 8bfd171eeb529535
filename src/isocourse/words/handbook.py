"""The handbook: the protocol as pages a clinician can read, one a topic, made from the protocol itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from isocourse.engine import model as m
from isocourse.engine.examples import Story
from isocourse.engine.language import names_in
from isocourse.record.dates import iso
from isocourse.words.handbook_dosing import dosing_page
from isocourse.words.handbook_text import effect_text, lowered, value_shown, values_under
from isocourse.words.sign_off_page import sign_off_page

MADE = "<!-- Made by `make docs` from src/isocourse/protocol. Do not edit. -->\n"


# By rule: the examples, with their days, in which it fires (True) and in which it does not (False).
Shown = Mapping[str, Mapping[bool, Sequence[tuple[Story, int]]]]


def handbook_pages(library: m.Library, stories: Mapping[str, Story], shown: Shown) -> dict[str, str]:
    """File name to Markdown."""
    found = {"index.md": _index(library, stories)}
    for topic in library.topics.values():
        if topic.loaded:
            found[f"{topic.word}.md"] = "\n".join(_topic(library, topic, shown)) + "\n"
    for name, told in _by_file(stories).items():
        found[f"examples-{name}.md"] = "\n".join(_examples(name, told)) + "\n"
    found["reports.md"] = "\n".join(_reports(library)) + "\n"
    found["dosing.md"] = "\n".join([MADE, *dosing_page(library)]) + "\n"
    found["sources.md"] = "\n".join(_sources(library)) + "\n"
    found["sign-off.md"] = "\n".join([MADE, *sign_off_page(library)]) + "\n"
    return found


def _index(library: m.Library, stories: Mapping[str, Story]) -> str:
    lines = [MADE, "# The protocol", "", f"Edition `{library.name}-{library.content}`. Not clinically signed off.", ""]
    lines += ["| topic | covers | rules |", "|---|---|---|"]
    for topic in library.topics.values():
        count = sum(rule.topic == topic.word for rule in library.rules.values())
        title = f"[{topic.title}]({topic.word}.md)" if topic.loaded else topic.title
        lines.append(f"| {title} | {topic.says} | {count or 'not loaded'} |")
    lines += ["", "## Programmes", ""]
    for programme in library.programmes.values():
        lines += [f"### {programme.title} (`{programme.id}`)", ""]
        for version in programme.versions:
            state = "" if version.status == "in_force" else " **Not confirmed.**"
            lines.append(f"- `{version.id}` from {iso(version.from_day)}.{state} {version.says}")
        if programme.registry_note:
            lines += ["", programme.registry_note]
        lines.append("")
    count = sum(len(story.expectations) for story in stories.values())
    lines += ["## Examples", "", f"{len(stories)} stories with {count} expectations run as tests.", ""]
    lines += [f"- [{name}](examples-{name}.md): {len(told)}" for name, told in _by_file(stories).items()]
    lines += [""]
    lines += ["[Products, ways to dose, totals, advice](dosing.md) · [Where reports go](reports.md)", ""]
    lines += ["[Sources](sources.md) · [What awaits sign-off](sign-off.md)", ""]
    return "\n".join(lines)


def _topic(library: m.Library, topic: m.Topic, shown: Shown) -> Iterator[str]:
    yield MADE
    yield f"# {topic.title}\n"
    yield f"{topic.says}\n"
    yield "## Rules\n"
    for rule in library.rules.values():
        if rule.topic == topic.word:
            yield from _rule(library, rule, shown)
    tasks = [task for task in library.tasks.values() if task.topic == topic.word]
    if tasks:
        yield "## Tasks and windows\n"
        yield "| task | when | from | until | who |\n|---|---|---|---|---|"
        for task in tasks:
            yield f"| {task.what} | `{task.text}` | {task.earliest} | {task.due} | {task.who} |"
        yield ""
    yield "## Values\n"
    yield "| value | programme | since | is | strength | confidence | sources |\n|---|---|---|---|---|---|---|"
    for value in library.values.values():
        if value.topic == topic.word:
            for step in value.steps:
                content = value_shown(step.value, value.kind)
                remark = f"<br>{step.remark}" if step.remark else ""
                yield (
                    f"| `{value.name}`: {value.says}{remark} | {step.programme} | {step.version} | {content} "
                    f"| {step.strength} | {step.confidence} | {', '.join(step.sources)} |"
                )
    yield "\n## Facts\n"
    yield "| fact | says | type | definition |\n|---|---|---|---|"
    for fact in library.facts.values():
        if fact.topic == topic.word:
            yield f"| `{fact.name}` | {fact.says} | {fact.type.kind} | `{fact.text}` |"


def _rule(library: m.Library, rule: m.Rule, shown: Shown) -> Iterator[str]:
    yield f"### {rule.says}\n"
    yield f"`{rule.id}` · {_basis(rule.strength, rule.confidence)} · {_signed(rule)}\n"
    if rule.why:
        yield f"{rule.why}\n"
    undecided = "the same." if rule.if_unknown == rule.then else lowered(effect_text(rule.if_unknown))
    yield f"**{effect_text(rule.then)}** If it cannot be decided: {undecided}\n"
    yield "| | |\n|---|---|"
    chosen = "" if rule.act == "as_of" else f" (the day that counts is `{rule.act}`)"
    yield f"| Holds in | {'; '.join(_spans(library, rule))}{chosen} |"
    yield f"| When | `{rule.text}` |"
    yield f"| It reads | {'<br>'.join(_reads(library, rule))} |"
    limits = list(_limits(library, rule))
    if limits:
        yield f"| Limits | {'<br>'.join(limits)} |"
    if rule.mend is not None:
        yield f"| What would mend it | {rule.mend.says} ({rule.mend.who}) |"
    yield f"| Comes from | {_sources_of(library, rule.sources)} |"
    for programme, own in rule.cited.items():
        told = f"{_basis(own.strength, own.confidence)}; {_sources_of(library, own.sources)}"
        yield f"| In {programme} | {told} |"
    for side, words in ((True, "Examples in which it fires"), (False, "Examples in which it does not")):
        yield f"| {words} | {_links(shown.get(rule.id, {}).get(side, ()))} |"
    yield ""


def _basis(strength: str, confidence: str) -> str:
    return f"{strength.replace('_', ' ')}, confidence {confidence}"


def _signed(rule: m.Rule) -> str:
    return f"reviewed by {rule.reviewed_by or 'nobody yet'}, next review {iso(rule.next_review)}"


def _spans(library: m.Library, rule: m.Rule) -> Iterator[str]:
    """Where and from which day a rule holds."""
    for name, (begin, end) in rule.in_force.items():
        days = {version.id: iso(version.from_day) for version in library.programmes[name].versions}
        yield f"{name} from {days[begin]}" + (f" until {days[end]}" if end else "")


def _reads(library: m.Library, rule: m.Rule) -> Iterator[str]:
    for name in dict.fromkeys(names_in(rule.condition)):
        if name in library.facts:
            yield f"`{name}`: {library.facts[name].says}"
        elif name not in library.values:
            yield f"`{name}`: The day of the decision"


def _limits(library: m.Library, rule: m.Rule) -> Iterator[str]:
    """Every value that the condition rests on, directly or through its facts, where the rule holds."""
    for name in values_under(library, rule):
        value = library.values[name]
        by_content: dict[str, list[str]] = {}
        for step in value.steps:
            if step.programme in rule.in_force:
                told = f"{value_shown(step.value, value.kind)}, {step.strength.replace('_', ' ')}"
                by_content.setdefault(told, []).append(step.programme)
        if by_content:
            numbers = "; ".join(f"{told} ({', '.join(dict.fromkeys(who))})" for told, who in by_content.items())
            yield f"`{name}`: {value.says} **{numbers}**"


def _sources_of(library: m.Library, names: tuple[str, ...]) -> str:
    told = (library.sources[name] for name in names)
    return "<br>".join(f"[{source.title}](sources.md). {source.publisher}, {source.dated}" for source in told)


def _links(where: Sequence[tuple[Story, int]]) -> str:
    links = (f"[{story.name}](examples-{_file(story)}.md#{story.name}) on {iso(on)}" for story, on in where)
    return "<br>".join(links) or "none"


def _by_file(stories: Mapping[str, Story]) -> dict[str, list[Story]]:
    """Stories by the file that tells them: "pregnancy-us", "mood-uk", ..."""
    found: dict[str, list[Story]] = {}
    for story in stories.values():
        found.setdefault(_file(story), []).append(story)
    return found


def _file(story: Story) -> str:
    """The file that tells a story: "pregnancy-us"."""
    return story.where.split("/")[-1].split(".yaml")[0].replace(".", "-")


def _examples(name: str, stories: list[Story]) -> Iterator[str]:
    yield MADE
    yield f"# Examples: {name}\n"
    yield "Small stories with their expected answers. They run as tests.\n"
    for story in stories:
        yield f"## {story.name}\n"
        yield f"{story.says} Programme `{story.programme}`.\n"
        yield "| day | supply | capsules | withheld by | window | earliest | remark |\n|---|---|---|---|---|---|---|"
        for e in story.expectations:
            window = f"{iso(e.window[0])} to {iso(e.window[1])}" if e.window else ""
            adopted = "".join(f"{name} adopted {iso(day)}. " for name, day in e.adopted.items())
            yield (
                f"| {iso(e.on)} | {e.supply} | {(e.capsules or '').replace('_', ' ')} "
                f"| {', '.join(sorted(e.withheld_by or ()))} | {window} "
                f"| {iso(e.earliest) if e.earliest else ''} | {adopted}{e.says} |"
            )
        yield ""


def _reports(library: m.Library) -> Iterator[str]:
    yield MADE
    yield "# Where reports go\n"
    yield "`isocourse report` drafts them; sending one is the clinician's.\n"
    yield "| programme | place | occasions | at | strength | confidence | sources |\n|---|---|---|---|---|---|---|"
    for place in library.reports.values():
        occasions = ", ".join(place.occasions).replace("_", " ")
        remark = f"<br>{place.remark}" if place.remark else ""
        yield (
            f"| {place.programme} | {place.title}{remark} | {occasions} | {place.phone} {place.address} "
            f"| {place.strength} | {place.confidence} | {', '.join(place.sources)} |"
        )


def _sources(library: m.Library) -> Iterator[str]:
    yield MADE
    yield "# Sources\n"
    yield "Where a programme has a text of its own for something, its answers leave out the texts of other countries.\n"
    yield "| id | title | own text of | publisher | dated | where | read |\n|---|---|---|---|---|---|---|"
    for source in library.sources.values():
        of = ", ".join(source.of)
        yield (
            f"| {source.id} | {source.title} | {of} | {source.publisher} | {source.dated} | {source.at} "
            f"| {source.read} |"
        )
