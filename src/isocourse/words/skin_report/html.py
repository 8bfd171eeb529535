"""The report as one web page by itself: no script, nothing from elsewhere, pictures inside. To read, send and print.

It is written in pieces, so that a thousand photographs need no more memory than one.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from html import escape

from isocourse.words.skin_report.pictures import Shown
from isocourse.words.skin_report.sheet import NOT_VALIDATED, ChangeSheet, Sheet

STYLE = """:root{--ink:#1a2330;--quiet:#4d5866;--line:#d5dbe3;--paper:#fff;--soft:#f5f7f9;--stop:#8a1f1f;--care:#7a4a00;
--good:#1c5f3a;color-scheme:light dark}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e6ebf2;--quiet:#a9b4c2;--line:#3a4553;--paper:#12171e;
--soft:#1c232d;--stop:#ff9c9c;--care:#f0b35e;--good:#7fd3a2}}*{box-sizing:border-box}
body{margin:0 auto;max-width:74rem;padding:1.5rem;font:16px/1.5 system-ui,sans-serif;color:var(--ink);
background:var(--paper)}
h1{font-size:1.6rem;margin:.2rem 0}h2{font-size:1.25rem;margin:0 0 .4rem;overflow-wrap:anywhere}
h3{font-size:1rem;margin:1.4rem 0 .4rem}section{border-top:2px solid var(--ink);padding:1.2rem 0;margin-top:1.6rem}
.caveat{border:1px solid var(--stop);border-left-width:6px;padding:.6rem .9rem;margin:1rem 0;max-width:56rem}
.says{font-size:1.2rem;line-height:1.4;margin:.6rem 0 1rem;max-width:50rem}
.refused{border-left:6px solid var(--stop);padding:.3rem .9rem}
.pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(26rem,100%),1fr));gap:1rem;align-items:start}
figure{max-width:34rem}
figure{margin:0}img{width:100%;height:auto;display:block;border:1px solid var(--line)}
figcaption{font-size:.85rem;color:var(--quiet);margin-top:.3rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.92rem;min-width:50%}
th,td{border-bottom:1px solid var(--line);padding:.3rem .7rem;text-align:left;vertical-align:top}
thead th{background:var(--soft);border-bottom:1px solid var(--quiet)}.scroll{margin-top:1rem}td.n{white-space:nowrap}
td.n,th.n{text-align:right;
font-variant-numeric:tabular-nums}tbody th{font-weight:400}caption{text-align:left;font-weight:600;padding:.4rem 0}
.stops,.worse{color:var(--stop);font-weight:600}.care{color:var(--care);font-weight:600}
.good,.improved{color:var(--good);font-weight:600}.quiet{color:var(--quiet)}
ul{padding-left:1.2rem}li{margin:.15rem 0;max-width:56rem}details{margin:1rem 0}summary{cursor:pointer;font-weight:600}
@media print{body{max-width:none;padding:0;font-size:10pt}section{break-before:page;border-top:0;margin:0}
section:first-of-type{break-before:auto}figure,tr{break-inside:avoid}.pictures{grid-template-columns:1fr 1fr}
summary{list-style:none}}
"""
_CLASS = {"good": "good", "take care": "care", "stops": "stops"}


def head(title: str) -> str:
    """The beginning of a page, with what has to be known about every figure on it."""
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f'<body><main><h1>{escape(title)}</h1><p class="caveat"><strong>Read this first.</strong> '
        f"{escape(NOT_VALIDATED)}</p>\n"
    )


def foot() -> str:
    """The end of a page."""
    return "</main></body></html>\n"


def section(sheet: Sheet, pictures: Sequence[Shown]) -> str:
    """One photograph."""
    return "".join(("<section>", *_section(sheet, pictures), "</section>\n"))


def change_section(sheet: ChangeSheet, pair: Sequence[Shown], maps: Sequence[Shown]) -> str:
    """Two photographs."""
    return "".join(("<section>", *_change_section(sheet, pair, maps), "</section>\n"))


def unread_section(title: str, says: str) -> str:
    """A file that could not be read."""
    return f'<section><h2>{escape(title)}</h2><p class="says refused">{escape(says)}</p></section>\n'


def _section(sheet: Sheet, pictures: Sequence[Shown]) -> Iterator[str]:
    yield f"<h2>{escape(sheet.title)}</h2>"
    if sheet.refused:
        yield f'<p class="says refused">Not measured. {escape(sheet.refused)}</p>'
    else:
        yield f'<p class="says">{escape(sheet.says)}</p>'
    yield _pictures(pictures)
    if sheet.rows:
        rows = [(row.name, row.value, row.error) for row in sheet.rows]
        heads = ("figure", "value", "one standard error, or why there is no value")
        yield _table("The whole face", heads, rows, numbers={1})
    if sheet.regions:
        wide = set(range(1, len(sheet.region_heads)))
        yield _table("By part of the face (– is not measured)", sheet.region_heads, sheet.regions, numbers=wide)
    yield _checks(sheet)
    yield _list("How it was measured", sheet.facts)


def _change_section(sheet: ChangeSheet, pair: Sequence[Shown], maps: Sequence[Shown]) -> Iterator[str]:
    yield "<h2>Baseline and follow-up</h2>"
    if sheet.refused:
        yield f'<p class="says refused">Not compared. {escape(sheet.refused)}</p>'
    else:
        yield f'<p class="says">{escape(sheet.says)}</p>'
    yield _pictures(pair)
    if sheet.rows:
        heads = ("figure", "baseline", "follow-up", "noise", "what that says")
        body = "".join(
            f'<tr><th scope="row">{escape(row.what)}</th><td class="n">{escape(row.before)}</td>'
            f'<td class="n">{escape(row.after)}</td><td class="n">{escape(row.noise)}</td>'
            f'<td class="{row.state.replace(" ", "-")}">{escape(row.verdict)}</td></tr>'
            for row in sheet.rows
        )
        yield _framed("Smaller is better for everything here. Noise: the smallest change that is more than noise.",
                      heads, body, numbers={1, 2, 3})  # fmt: skip
    yield _list("What has to be known", (*sheet.notes, *sheet.facts))
    if maps:
        yield "<h3>Where colour changed</h3>" + _pictures(maps)


def _pictures(pictures: Sequence[Shown]) -> str:
    if not pictures:
        return ""
    return '<div class="pictures">' + "".join(map(_figure, pictures)) + "</div>"


def _figure(picture: Shown) -> str:
    inside = base64.b64encode(picture.jpeg).decode()
    return (
        f'<figure><img src="data:image/jpeg;base64,{inside}" width="{picture.width}" height="{picture.height}" '
        f'alt="{escape(picture.alt)}"><figcaption>{escape(picture.caption)}</figcaption></figure>'
    )


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: set[int]) -> str:
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td{_number(at in numbers)}>{escape(cell)}</td>" for at, cell in enumerate(row[1:], start=1))
        + "</tr>"
        for row in rows
    )
    return _framed(caption, heads, body, numbers=numbers)


def _framed(caption: str, heads: Sequence[str], body: str, *, numbers: set[int]) -> str:
    columns = "".join(f'<th scope="col"{_number(at in numbers)}>{escape(head)}</th>' for at, head in enumerate(heads))
    # Wide tables are scrolled, by the keyboard as well.
    name = escape(caption)
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{name}"><table><caption>{name}</caption>'
        f"<thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _number(yes: bool) -> str:
    return ' class="n"' if yes else ""


def _checks(sheet: Sheet) -> str:
    if not sheet.checks:
        return ""
    failed = [check for check in sheet.checks if check.state != "good"]
    body = "".join(
        f'<tr><th scope="row">{escape(check.name)}</th><td class="{_CLASS[check.state]}">{check.told}</td>'
        f"<td>{escape(check.value)}</td><td>{escape(check.says)}</td></tr>"
        for check in sheet.checks
    )
    many = f"{len(sheet.checks) - len(failed)} of {len(sheet.checks)} checks of the photograph are good"
    table = _framed(
        "In the order in which they are asked", ("check", "state", "value", "what to do"), body, numbers=set()
    )
    return f"<details{' open' if failed else ''}><summary>{many}</summary>{table}</details>"


def _list(title: str, items: Sequence[str]) -> str:
    if not items:
        return ""
    return f"<h3>{escape(title)}</h3><ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"
