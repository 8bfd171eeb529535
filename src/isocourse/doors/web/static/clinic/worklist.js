// The worklist: keys, ticks, and a list that renews itself without taking anybody's place, tick or opened row away.
"use strict";

const list = () => document.getElementById("list");
const links = () => [...list().querySelectorAll(".open a")];
const ticks = () => [...document.querySelectorAll("#rows input[name=patient]")];
const chosen = new Set();

// --- moving -----------------------------------------------------------------------------------------
function here() { return document.activeElement?.closest("tr.work"); }

function move(step) {
  const all = links(), at = all.indexOf(here()?.querySelector(".open a"));
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step];
  if (!next) return;
  next.focus();
  next.closest("tr").scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (!singleKey(event)) return;
  const row = here(), arrow = row && (event.key === "ArrowDown" || event.key === "ArrowUp");
  if (event.key === "j" || (arrow && event.key === "ArrowDown")) move(1);
  else if (event.key === "k" || (arrow && event.key === "ArrowUp")) move(-1);
  else if (event.key === "x" && row) row.querySelector("input[name=patient]")?.click();
  else if (event.key === "e" && row) { const more = row.querySelector("details.more"); if (more) more.open = !more.open; }
  else if (event.key === "?") document.getElementById("keys").showModal();
  else return;
  event.preventDefault();
});

const keys = document.getElementById("keys"), keysButton = document.getElementById("keys-button"), keysOn = document.getElementById("keys-on");
keysButton.hidden = false;
keysButton.addEventListener("click", () => keys.showModal());
keysOn.checked = singleKeys();
keysOn.addEventListener("change", () => { try { localStorage.setItem("single-keys", keysOn.checked ? "on" : "off"); } catch { /* not kept, then */ } });

// --- ticks: a patient who stands in two sections is ticked in both, and sent once -----------------------
function tellChosen() {
  for (const tick of ticks()) tick.checked = chosen.has(tick.value);
  const bar = document.getElementById("chosen"), words = document.getElementById("chosen-count");
  if (!bar) return;
  const count = chosen.size;
  words.textContent = count === 0 ? words.dataset.none : count === 1 ? words.dataset.one : words.dataset.many.replace("{0}", count);
  bar.classList.toggle("quiet-bar", count === 0);
}
document.addEventListener("change", (event) => {
  if (event.target.name !== "patient") return;
  if (event.target.checked) chosen.add(event.target.value); else chosen.delete(event.target.value);
  tellChosen();
});

// --- the filter shows at once what it leaves ---------------------------------------------------------------
document.getElementById("filters").addEventListener("change", (event) => event.target.form.requestSubmit());
document.getElementById("filters").addEventListener("submit", (event) => {
  // What is not chosen stays out of the address; the order alone is the list of everything.
  const selects = [...event.target.querySelectorAll("select")], some = selects.some((select) => select.name !== "sort" && select.value);
  for (const select of selects) select.disabled = select.value === "" || (some && select.name === "sort" && select.value === "risk");
});

// --- the list renews itself ---------------------------------------------------------------------------------
let kept = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "list") return;
  if (!event.detail.xhr.responseText.includes('id="list"')) {  // signed out, or an error: the page itself says it
    event.detail.shouldSwap = false;
    if (event.detail.xhr.status < 400) window.location.reload();
    return;
  }
  const focused = document.activeElement;
  kept = {
    focus: list().contains(focused) ? focused.id || focused.closest("[id]")?.id : null,
    summary: focused?.tagName === "SUMMARY",
    open: [...list().querySelectorAll("details[open]")].map((each) => each.id),
    top: window.scrollY,
  };
});
document.addEventListener("htmx:afterSettle", () => {
  if (!kept || !list()) return;
  for (const id of kept.open) { const again = document.getElementById(id); if (again) again.open = true; }
  tellChosen();
  if (kept.focus) {
    const again = document.getElementById(kept.focus);
    (kept.summary ? again?.querySelector("summary") : again)?.focus({ preventScroll: true });
  }
  window.scrollTo({ top: kept.top });
  kept = null;
});
window.addEventListener("pageshow", () => { for (const select of document.querySelectorAll("#filters select")) select.disabled = false; chosen.clear(); for (const tick of ticks()) if (tick.checked) chosen.add(tick.value); tellChosen(); });
