// The results inbox by keyboard: arrows walk through the list, Ctrl+Enter files. No inline script.
"use strict";

document.addEventListener("keydown", (event) => {
  const list = document.activeElement?.closest("[data-walk]");
  if (list && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const links = [...list.querySelectorAll("a")];
    const next = links[links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) { event.preventDefault(); next.focus(); }
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) document.querySelector("#file-form")?.requestSubmit();
});
