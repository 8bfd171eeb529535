"""The handbook as a small web site: static pages to read, search and print, with nothing from elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape

from markdown_it import MarkdownIt

from isocourse.words.handbook_text import slug

BREAK = "\ue000"  # a line break within a cell of a table; no protocol holds this character
TEMPLATE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · isocourse handbook</title><link rel="stylesheet" href="handbook.css"></head>
<body><header><a class="home" href="index.html">isocourse handbook</a>
<label for="search">Search</label>
<input id="search" type="search" placeholder="a rule, a word, a value" autocomplete="off">
<p class="unsigned">Not clinically signed off</p><a class="menu" href="#contents">Contents</a></header>
<div class="page"><ol id="found" hidden></ol><main>{body}</main>
<nav id="contents" aria-label="Contents">{nav}</nav></div><script src="search.js"></script></body></html>
"""
STYLE = """:root{--ink:#1a2330;--quiet:#5a6675;--line:#d5dbe3;--paper:#fff;--accent:#0b5c8a}
*{box-sizing:border-box}body{margin:0;font:16px/1.55 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
header{display:flex;gap:1rem;align-items:center;flex-wrap:wrap;padding:.7rem 1.5rem;border-bottom:2px solid var(--ink)}
header .home{font-weight:700;color:inherit;text-decoration:none;margin-right:auto}
#search{font:inherit;padding:.35rem .6rem;min-width:16rem;border:1px solid var(--quiet);border-radius:4px}
.unsigned{margin:0;padding:.15rem .6rem;border:1px solid #a33;color:#8a1f1f;border-radius:4px;font-size:.85rem}
.page{display:flex;flex-direction:row-reverse;justify-content:flex-end;align-items:flex-start}
nav{flex:0 0 14.5rem;padding:1rem 1.5rem;font-size:.92rem}.menu{display:none}
nav a{display:block;padding:.15rem 0;color:var(--accent)}
nav b,summary{display:block;margin-top:.8rem;color:var(--quiet);font-size:.8rem;text-transform:uppercase;
letter-spacing:.05em}summary{cursor:pointer}summary::after{content:" +"}details[open]>summary::after{content:" −"}
main,#found{flex:1 1 auto;min-width:0;overflow-x:auto;padding:1rem 2rem 4rem;max-width:62rem}
main [id]:target{background:#fff6d6}
h1{font-size:1.7rem}
h2{margin-top:2.2rem;border-bottom:1px solid var(--line)}h3{margin:1.8rem 0 .3rem;font-size:1.08rem}
code{background:#f1f4f7;padding:.05rem .3rem;border-radius:3px;font-size:.88em;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{border:1px solid var(--line);padding:.35rem .5rem;
text-align:left;vertical-align:top;overflow-wrap:break-word}th{background:#f5f7f9}
:is(h2,h3)~table thead:not(:has(th:not(:empty))){display:none}td:first-child{overflow-wrap:normal}
table+table{margin-top:1rem}li{margin:.12rem 0}a{color:var(--accent)}
@media(max-width:52rem){.page{display:block}.menu{display:block}main,#found{padding:1rem 1rem 2rem}}
@media print{header input,header label,nav,.menu,#found{display:none}main{padding:0;max-width:none}h3{break-after:avoid}
a{color:inherit;text-decoration:none}tr{break-inside:avoid}}
"""
SEARCH = """const entries = %s;
const box = document.getElementById("search"), found = document.getElementById("found");
const main = document.querySelector("main");
box.addEventListener("input", () => {
  const words = box.value.toLowerCase().split(/\\s+/).filter(Boolean);
  found.replaceChildren();
  found.hidden = main.hidden = false;
  if (!words.length) { found.hidden = true; return; }
  main.hidden = true;
  const hits = entries.filter(e => words.every(w => e.text.includes(w))).slice(0, 60);
  for (const hit of hits) {
    const item = document.createElement("li"), link = document.createElement("a");
    link.href = hit.page + "#" + hit.anchor;
    link.textContent = hit.title;
    link.addEventListener("click", () => { box.value = ""; found.hidden = true; main.hidden = false; });
    item.append(link, " · " + hit.page.replace(".html", ""));
    found.append(item);
  }
  if (!hits.length) { found.append("Nothing found."); }
});
"""


def site(pages: Mapping[str, str]) -> dict[str, str]:
    """Markdown pages by file name to the files of the site by name."""
    nav = _nav(pages)
    entries: list[dict[str, str]] = []
    made: dict[str, str] = {}
    for name, markdown in pages.items():
        page = name.replace(".md", ".html")
        body, sections = _html(markdown)
        entries += [{"page": page, **section} for section in sections]
        title = sections[0]["title"] if sections else page
        made[page] = TEMPLATE.format(title=escape(title), nav=nav, body=body)
    made["handbook.css"] = STYLE
    made["search.js"] = SEARCH % json.dumps(entries, ensure_ascii=False).replace("</", "<\\/")
    return made


def _nav(pages: Mapping[str, str]) -> str:
    def links(names: list[str]) -> str:
        return "".join(f'<a href="{n.replace(".md", ".html")}">{escape(_title(pages[n]))}</a>' for n in names)

    examples = [name for name in pages if name.startswith("examples-")]
    evidence = [name for name in pages if name.startswith("evidence-")]
    rest = [name for name in pages if name not in (*examples, *evidence, "index.md")]
    return (
        f"<b>Topics</b>{links(rest)}<details><summary>Evidence</summary>{links(evidence)}</details>"
        f"<details><summary>Examples</summary>{links(examples)}</details>"
    )


def _title(markdown: str) -> str:
    match = re.search(r"^# (.+)$", markdown, re.MULTILINE)
    return match.group(1).removeprefix("Examples: ").removeprefix("Evidence: ") if match else "page"


def _anchor(title: str, taken: set[str]) -> str:
    """The anchor of a heading; numbered where the same words stand twice."""
    plain = slug(title)
    anchor, count = plain, 0
    while anchor in taken:
        count += 1
        anchor = f"{plain}-{count}"
    return anchor


def _html(markdown: str) -> tuple[str, list[dict[str, str]]]:
    """The page's body, and its sections (title, anchor, all their words) for the search."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    text = re.sub(r"<!--.*?-->\n?", "", markdown)
    tokens = parser.parse(text.replace("<br>", f" {BREAK} "))
    sections: list[dict[str, str]] = []
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            title = tokens[index + 1].content
            anchor = _anchor(title, {section["anchor"] for section in sections})
            token.attrSet("id", anchor)
            sections.append({"title": title.replace("`", ""), "anchor": anchor, "text": title.lower()})
        elif token.type == "inline" and sections:
            sections[-1]["text"] += " " + token.content.lower().replace(BREAK, " ")
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("href", re.sub(r"\.md(?=#|$)", ".html", str(child.attrGet("href"))))
    return str(parser.renderer.render(tokens, parser.options, {})).replace(f" {BREAK} ", "<br>"), sections
