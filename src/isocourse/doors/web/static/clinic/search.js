// Finding a patient: "/" goes there, the arrow down goes to what was found, Escape clears it.
"use strict";

// Single keys can be turned off on the worklist (they may be in a screen reader's way).
function singleKeys() { try { return localStorage.getItem("single-keys") !== "off"; } catch { return true; } }

function isTyping(target) {
  return target.isContentEditable || Boolean(target.closest("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, dialog"));
}

function singleKey(event) {
  return singleKeys() && !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);
}

document.addEventListener("keydown", (event) => {
  const sought = document.getElementById("sought"), found = document.getElementById("found");
  if (!sought) return;
  if (event.key === "/" && singleKey(event)) { event.preventDefault(); sought.focus(); sought.select(); return; }
  const within = event.target === sought || found.contains(event.target);
  if (!within) return;
  if (event.key === "Escape") { found.replaceChildren(); sought.focus(); return; }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const stops = [sought, ...found.querySelectorAll("a")];
  const next = stops[stops.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
  if (next) { event.preventDefault(); next.focus(); }
});
document.addEventListener("click", (event) => {
  const finder = document.querySelector(".top .finder");
  if (finder && !finder.contains(event.target)) document.getElementById("found").replaceChildren();
});
