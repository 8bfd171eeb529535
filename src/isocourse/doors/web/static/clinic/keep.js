// A longer text that somebody is typing stays in this tab until it has been sent and taken: a session that ended, or a
// page left by mistake, loses none of it (docs/decisions/0016-typed-text-in-the-browser.md). A visit keeps its own draft.
"use strict";
(() => {
  const PREFIX = "isocourse-typed ", THROUGH_SIGN_IN = "isocourse-typed-sign-in";
  const user = document.body.dataset.user, slot = PREFIX + location.pathname;
  const read = (key) => { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } };
  const write = (stored) => { try { sessionStorage.setItem(slot, JSON.stringify(stored)); } catch { /* full or forbidden: the page still holds it */ } };
  const name = (field) => `${field.form.getAttribute("action") || ""} ${field.name}`;
  const fields = () => [...document.querySelectorAll("form textarea[name]")].filter((field) => !field.closest("[data-own-draft]"));

  // At the door, and on a page that says what went wrong, nobody knows yet whether what was sent was taken.
  const kept = Object.keys(sessionStorage).filter((each) => each.startsWith(PREFIX));
  if (!user) { if (kept.length) sessionStorage.setItem(THROUGH_SIGN_IN, "yes"); return; }
  if (document.querySelector("main.trouble")) return;
  const unsure = sessionStorage.getItem(THROUGH_SIGN_IN) !== null;
  sessionStorage.removeItem(THROUGH_SIGN_IN);
  for (const key of kept) {
    const stored = read(key);
    if (stored?.user !== user || (stored.sent && !unsure)) sessionStorage.removeItem(key);
  }

  function giveBack() {
    const stored = read(slot);
    for (const field of stored ? fields() : []) if (!field.value) field.value = stored.typed[name(field)] || "";
  }
  giveBack();
  document.addEventListener("htmx:afterSettle", giveBack);
  document.addEventListener("input", (event) => {
    if (!fields().includes(event.target)) return;
    const typed = { ...read(slot)?.typed, [name(event.target)]: event.target.value };
    if (Object.values(typed).some(Boolean)) write({ user, typed, sent: false }); else sessionStorage.removeItem(slot);
  });
  document.addEventListener("submit", (event) => {
    const stored = read(slot);
    if (stored && event.target.querySelector("textarea[name]")) write({ ...stored, sent: true });
  });
})();
