// Shows only the words that are spelled as typed, else those that begin so, else those that say it. Without script all
// are shown.
"use strict";
const find = document.querySelector("#find-word");
const found = document.querySelector(".find-word [role=status]");
const rows = [...document.querySelectorAll(".word")].map((row) => ({
  row,
  names: row.dataset.names.split("|"),
  text: bare(row.textContent),
}));

function bare(text) {
  return text.toLowerCase().replace(/[^\p{L}\p{N}\s/]/gu, "").split(/\s+/).filter(Boolean).join(" ");
}

function hits(wanted) {
  const ways = [
    (each) => each.names.includes(wanted),
    (each) => each.names.some((name) => name.startsWith(wanted)),
    (each) => each.text.includes(wanted),
  ];
  for (const way of ways) {
    const some = rows.filter(way);
    if (some.length) return some;
  }
  return [];
}

function show() {
  const wanted = bare(find.value);
  const some = new Set(wanted ? hits(wanted) : rows);
  for (const each of rows) each.row.hidden = !some.has(each);
  for (const group of document.querySelectorAll(".word-group")) group.hidden = !group.querySelector(".word:not([hidden])");
  document.querySelector(".subjects").hidden = Boolean(wanted);
  const words = found.dataset;
  const count = some.size === 0 ? words.none : some.size === 1 ? words.one : words.many.replace("{0}", some.size);
  found.textContent = wanted ? count : "";
}

find?.addEventListener("input", show);
// A link to a word that the search hides shows it again.
window.addEventListener("hashchange", () => {
  const wanted = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!wanted?.closest("[hidden]")) return;
  find.value = "";
  show();
  wanted.scrollIntoView();
  wanted.focus();
});
