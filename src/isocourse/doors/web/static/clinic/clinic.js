// What every page does in the browser: says when the connection is lost, runs live clocks, closes menus. No inline script.
"use strict";

// A clock that counts down to a moment: <time data-closes="2026-11-28T23:59:00-05:00">. Words, not blinking.
function tellClocks() {
  for (const clock of document.querySelectorAll("[data-closes]")) {
    const left = new Date(clock.dataset.closes) - Date.now();
    if (Number.isNaN(left)) continue;
    const minutes = Math.max(0, Math.floor(left / 60000));
    const days = Math.floor(minutes / 1440), hours = Math.floor((minutes % 1440) / 60);
    const parts = clock.dataset;
    clock.textContent = left <= 0 ? parts.over
      : days > 1 ? parts.days.replace("{0}", days)
      : parts.hours.replace("{0}", days * 24 + hours).replace("{1}", minutes % 60);
  }
}
setInterval(tellClocks, 15000);

function tellConnection(lost) {
  let bar = document.querySelector(".offline");
  if (!lost) { bar?.remove(); return; }
  if (bar) return;
  bar = document.createElement("p");
  bar.className = "offline";
  bar.setAttribute("role", "alert");
  bar.textContent = document.body.dataset.offline || "";
  document.body.prepend(bar);
}
window.addEventListener("offline", () => tellConnection(true));
window.addEventListener("online", () => tellConnection(false));
document.addEventListener("htmx:sendError", () => tellConnection(true));
document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) tellConnection(false); });

// Signed out while the page was open: nothing is replaced, what was typed stays.
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status !== 401 || document.querySelector(".signed-out")) return;
  const bar = document.createElement("p");
  bar.className = "offline signed-out";
  bar.setAttribute("role", "alert");
  bar.textContent = document.body.dataset.signedOut || "";
  document.body.prepend(bar);
});

// An answer that is an error page still says something: show it instead of nothing.
document.addEventListener("htmx:beforeSwap", (event) => {
  const status = event.detail.xhr.status;
  if (status === 409 || status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
});
document.addEventListener("DOMContentLoaded", tellClocks);
document.addEventListener("htmx:afterSettle", tellClocks);

// Whoever signs out leaves nothing in this tab of what they typed (docs/decisions/0016-typed-text-in-the-browser.md).
document.addEventListener("submit", (event) => {
  if (!/logout/.test(event.target.action || "")) return;
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("isocourse")) sessionStorage.removeItem(key);
});
