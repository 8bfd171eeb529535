// The visit in the browser: keeps the draft, tells what an answer changes, goes by keyboard, loses nothing that was typed.
// What the clinic does not have yet stays in this tab's sessionStorage, and is deleted as soon as the clinic has it
// (docs/decisions/0016-typed-text-in-the-browser.md).
"use strict";
(() => {
const PREFIX = "isocourse-visit:";
const form = document.getElementById("visit");
const slot = PREFIX + location.pathname;
let left = false;

document.addEventListener("submit", (event) => {
  if (event.target.id === "discard") { left = true; sessionStorage.removeItem(slot); }
});
document.addEventListener("click", (event) => {
  const kind = event.target.closest("[data-print]")?.dataset.print;
  if (!kind) return;
  document.body.classList.toggle("print-patient", kind === "patient");
  window.print();
});
if (!form) return;

const say = form.dataset;
const state = document.getElementById("draft-state");
const signedOut = document.getElementById("signed-out");
let changes = 0, kept = 0, keeping = false, saveWaits = false, ready = false;
let previewTimer, keepTimer, retryTimer;
// Fields in which somebody has typed by hand; and those in which that was before the page was complete.
const touched = new Set(), early = new Set();
const cookie = (name) => document.cookie.split("; ").find((part) => part.startsWith(name + "="))?.slice(name.length + 1) || "";
const typed = () => [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");

// --- keeping what was typed ------------------------------------------------------------------------
function remember() {
  try { sessionStorage.setItem(slot, JSON.stringify({ user: say.user, typed: typed() })); } catch { /* full or forbidden: the page still holds it */ }
}
function recall() {
  for (const key of Object.keys(sessionStorage)) {
    if (!key.startsWith(PREFIX)) continue;
    let stored = null;
    try { stored = JSON.parse(sessionStorage.getItem(key)); } catch { /* not ours */ }
    if (stored?.user !== say.user) sessionStorage.removeItem(key);
  }
  const own = sessionStorage.getItem(slot);
  if (!own) return;
  const stored = JSON.parse(own);
  if (!stored.typed) {
    // The clinic has it all; this page was made a moment before it had.
    sessionStorage.removeItem(slot);
    if (stored.stamp !== say.stamp) location.reload();
    return;
  }
  fill(stored.typed);
  state.textContent = say.back;
  changed();
}
function fill(pairs) {
  const values = new Map();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) || []), value]);
  for (const name of values.keys()) ensureRow(name);
  for (const field of form.elements) {
    if (!field.name || field.name === "csrfmiddlewaretoken" || early.has(field.name)) continue;
    const said = values.get(field.name) || [];
    if (field.type === "radio" || field.type === "checkbox") field.checked = said.includes(field.value);
    else if (said.length || field.type !== "hidden") field.value = said[0] || "";
  }
}
function ensureRow(name) {
  if (!name.includes(".") || form.elements[name]) return;
  const key = name.slice(0, name.indexOf("."));
  const row = name.slice(key.length + 1, name.lastIndexOf("."));
  if (form.querySelector(`[data-add="${CSS.escape(key)}"]`)) addRow(key, row);
}
function changed() {
  changes += 1;
  if (ready) remember();
  clearTimeout(previewTimer);
  previewTimer = setTimeout(preview, 300);
  clearTimeout(keepTimer);
  keepTimer = setTimeout(keep, 1000);
}
function preview() { if (navigator.onLine && signedOut.hidden) htmx.trigger("#live", "preview"); }
async function keep() {
  clearTimeout(keepTimer);
  if (keeping || left || !ready || kept === changes) return;
  keeping = true;
  const number = changes;
  state.textContent = say.keeping;
  try {
    if (!navigator.onLine) throw new Error("offline");
    const answer = await fetch(say.draft, { method: "POST", body: new FormData(form), headers: { "X-CSRFToken": cookie("csrftoken") } });
    if (answer.redirected && answer.url.includes(say.signIn)) throw signIn();
    if (!answer.ok) throw new Error("not kept");
    const told = await answer.json();
    kept = number;
    signedOut.hidden = true;
    if (kept === changes) { sessionStorage.setItem(slot, JSON.stringify({ user: say.user, stamp: told.stamp })); state.textContent = say.kept.replace("{0}", told.at); }
    if (saveWaits) send();
  } catch {
    if (!left) { state.textContent = saveWaits ? say.waiting : say.notKept; retry(); }
  }
  keeping = false;
  if (kept < changes && state.textContent !== say.notKept && state.textContent !== say.waiting) keepTimer = setTimeout(keep, 300);
}
function retry() { clearTimeout(retryTimer); retryTimer = setTimeout(() => { keeping = false; keep().then(preview); }, 3000); }
function signIn() { signedOut.hidden = false; return new Error("signed out"); }
window.addEventListener("online", () => { keep().then(preview); });
window.addEventListener("focus", () => { if (!signedOut.hidden) keep(); });
window.addEventListener("pagehide", () => { if (!left && kept < changes) navigator.sendBeacon(say.draft, new FormData(form)); });
window.addEventListener("beforeunload", (event) => { if (!left && kept < changes && !navigator.onLine) event.preventDefault(); });

// --- sending ---------------------------------------------------------------------------------------
function send() { saveWaits = false; form.requestSubmit(document.getElementById("save")); }
document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = cookie("csrftoken"); });
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status !== 401 && !xhr.responseURL?.includes(say.signIn)) return;
  // Said beside the form, where signing in again does not lead away from it; so it is no error of the page.
  event.detail.shouldSwap = event.detail.isError = false;
  signIn();
});
function wait() {
  saveWaits = true;
  state.textContent = say.waiting;
  kept = Math.min(kept, changes - 1);
  retry();
}
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt !== form) return;
  clearTimeout(previewTimer);
  if (navigator.onLine) return;
  event.preventDefault();
  wait();
});
// Of everything that can be recorded, the page takes what it does not show already. Before it is put in: two fields of
// one name would choose against each other.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "more-body" || !event.detail.shouldSwap) return;
  const came = document.createElement("template");
  came.innerHTML = event.detail.serverResponse;
  for (const item of came.content.querySelectorAll(".more-item"))
    if (document.getElementById("section-" + item.dataset.item)) item.remove();
  event.detail.serverResponse = came.innerHTML;
});
document.addEventListener("htmx:sendError", (event) => { if (event.detail.elt === form) wait(); });
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt === form && event.detail.xhr.getResponseHeader("HX-Redirect")) { left = true; sessionStorage.removeItem(slot); }
});
// An answer to a preview puts nothing in the place of fields that are the same: somebody may be typing in them.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const now = document.getElementById(event.detail.target?.id || "");
  const next = event.detail.fragment?.querySelector?.(".naming") || event.detail.fragment?.firstElementChild;
  if (now?.classList.contains("naming") && now.dataset.targets === next?.dataset?.targets) event.detail.shouldSwap = false;
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id === "effect" || event.detail.elt?.id === "effect") effect();
  const trouble = document.querySelector("#trouble [data-trouble]");
  if (trouble && event.detail.target?.id === "trouble") {
    for (const field of form.querySelectorAll("[data-name]")) touched.add(field.dataset.name);
    tell(document.querySelectorAll("#trouble [data-field]"));
    link(trouble);
    trouble.focus();
    preview();
  }
});
// A list of what is wrong leads to each field.
function link(trouble) {
  for (const item of trouble.querySelectorAll("[data-field]")) {
    const place = placeOf(item.dataset.field);
    const field = place?.querySelector("input, select, textarea");
    if (!field) continue;
    const title = place.closest("[data-section]")?.querySelector("h2")?.firstChild.textContent.trim();
    const label = place.querySelector("legend, label")?.textContent.trim();
    const go = document.createElement("a");
    go.href = "#";
    go.textContent = [title, label].filter(Boolean).join(", ") + ": " + item.textContent;
    go.addEventListener("click", (event) => { event.preventDefault(); open(place); field.focus(); });
    item.replaceChildren(go);
  }
}
function open(place) { for (let box = place.closest("details"); box; box = box.parentElement.closest("details")) box.open = true; }

// --- what an answer changes ------------------------------------------------------------------------
const placeOf = (name) => form.querySelector(`[data-name="${CSS.escape(name)}"]`);
function effect() {
  const data = document.getElementById("effect-data");
  if (!data) return;
  const pinned = document.getElementById("effect");
  pinned.classList.remove("proceed", "withhold", "stop");
  pinned.classList.add(data.dataset.tone);
  const answered = new Set(data.dataset.answered.split(" "));
  for (const section of form.querySelectorAll("[data-section]")) section.toggleAttribute("data-done", answered.has(section.dataset.section));
  bring(data.dataset.asked.split(" "));
  tell(data.querySelectorAll("[data-field]"));
}
function bring(names) {
  const asked = document.getElementById("asked"), came = [];
  for (const name of names) {
    const section = document.getElementById("section-" + name);
    if (!section || section.parentElement === asked) continue;
    const item = section.closest(".more-item");
    const after = [...asked.children].find((other) => Number(other.dataset.order) > Number(section.dataset.order));
    asked.insertBefore(section, after || null);
    item?.remove();
    came.push(section.querySelector("h2").firstChild.textContent.trim());
  }
  if (came.length) document.getElementById("also").textContent = say.also.replace("{0}", came.join(", "));
}
function tell(problems) {
  const wrong = new Map([...problems].map((problem) => [problem.dataset.field, problem]));
  for (const place of form.querySelectorAll("[data-name]")) {
    const problem = touched.has(place.dataset.name) ? wrong.get(place.dataset.name) : undefined;
    const text = place.querySelector(".wrong"), field = place.querySelector("input:not([type=hidden]), select, textarea");
    if (!text) continue;
    text.hidden = !problem;
    text.textContent = problem ? problem.textContent : "";
    if (field && field.type !== "radio" && field.type !== "checkbox") field.setAttribute("aria-invalid", problem ? "true" : "false");
    const sure = place.querySelector(".sure");
    if (sure) sure.hidden = !(problem && problem.hasAttribute("data-doubt")) && !sure.querySelector("input").checked;
  }
}

// --- typing and keys -------------------------------------------------------------------------------
form.addEventListener("input", (event) => {
  const place = event.target.closest("[data-name]");
  if (place && event.target.type !== "text") touched.add(place.dataset.name);
  if (!ready) early.add(event.target.name);
  changed();
});
form.addEventListener("focusout", (event) => {
  const place = event.target.closest("[data-name]");
  if (place && event.target.value) { touched.add(place.dataset.name); if (changes) tell(document.querySelectorAll("#effect-data [data-field]")); }
});
form.addEventListener("click", (event) => {
  const key = event.target.closest("[data-add]")?.dataset.add;
  if (key) addRow(key, "x" + Date.now().toString(36)).querySelector("input, select")?.focus();
});
function addRow(key, row) {
  const blank = form.querySelector(`template[data-blank="${CSS.escape(key)}"]`);
  const added = blank.content.cloneNode(true).firstElementChild;
  const renamed = (text) => text.replace(`${key}.new.`, `${key}.${row}.`).replace(`-new-`, `-${row}-`);
  for (const part of [added, ...added.querySelectorAll("*")])
    for (const name of ["name", "id", "for", "aria-describedby", "data-name"])
      if (part.hasAttribute(name)) part.setAttribute(name, renamed(part.getAttribute(name)));
  form.querySelector(`[data-rows="${CSS.escape(key)}"]`).append(added);
  return added;
}
const shown = (part) => part.checkVisibility ? part.checkVisibility() : part.offsetParent !== null;
function questions() {
  return [...document.querySelectorAll("#asked [data-choices], #asked .field:not([data-choices])")].filter(shown);
}
const entryOf = (question) => question.querySelector("input:checked") || question.querySelector("input:not([type=hidden]), select, textarea");
const open_ = (question) => question.hasAttribute("data-choices") ? !question.querySelector("input:checked") : question.querySelector("[data-lead]") && !entryOf(question).value;
function next(from) {
  const all = questions(), at = from ? all.indexOf(from) : -1;
  const target = all.slice(at + 1).find(open_) || (from ? null : all.find(open_));
  (target ? entryOf(target) : document.getElementById("save")).focus();
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(document.getElementById("save")); return; }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const on = document.activeElement, writes = on?.matches("input:not([type=radio]):not([type=checkbox]), textarea, select");
  if (event.key === "Enter" && on?.matches("#visit input")) { event.preventDefault(); next(on.closest("[data-choices], .field")); return; }
  if (writes) return;
  if (event.key === "n" || event.key === "N") { event.preventDefault(); next(on?.closest("[data-choices], .field")); return; }
  if (!/^[0-9]$/.test(event.key)) return;
  const group = on?.closest("[data-choices]") || questions().find((question) => question.hasAttribute("data-choices") && open_(question));
  const choice = group?.querySelector(`[data-key="${event.key}"]`);
  if (!choice) return;
  event.preventDefault();
  choice.focus();
  choice.click();
  if (choice.type === "radio") setTimeout(() => next(group), 0);
});
// Everything that can be recorded comes a moment after the page; only then can all that was typed be put back.
function complete() {
  effect();
  if (ready) return;
  ready = true;
  recall();
  if (kept < changes) changed();
}
document.addEventListener("htmx:afterSettle", (event) => { if (event.detail.target?.id === "more-body") complete(); });
window.addEventListener("online", () => { if (!ready) htmx.trigger("#more-body", "again"); });
effect();
if (!document.querySelector("#more-body[hx-get]")) complete();
})();
