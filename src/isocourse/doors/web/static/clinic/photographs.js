// Photographs in the browser: files dropped on the form, and each sent by itself so that a bad one keeps no other back.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-add]");
  if (!form) return;
  const input = form.querySelector("input[type=file]");
  const drop = form.querySelector("[data-drop]");
  for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
  });
  form.addEventListener("submit", (event) => {
    if (input.files.length === 1 && !tooLarge(form, input.files[0])) return;
    if (!input.files.length) return;
    event.preventDefault();
    sendEach(form, [...input.files]);
  });
});

// A file that the clinic would refuse is not sent at all: that takes minutes on a slow line.
const tooLarge = (form, file) => file.size > Number(form.dataset.largest) * 1024 * 1024;

async function sendEach(form, files) {
  const list = form.querySelector(".sending"), button = form.querySelector("button");
  button.disabled = true;
  list.replaceChildren();
  form.querySelector(".sent").textContent = "";
  let wrong = 0;
  for (const [place, file] of files.entries()) {
    const line = list.appendChild(document.createElement("li"));
    line.textContent = form.dataset.sending.replace("{0}", place + 1).replace("{1}", files.length);
    const said = await sendOne(form, file);
    if (!said.length) { line.remove(); continue; }
    wrong += 1;
    line.className = "wrong";
    line.textContent = `${file.name}: ${said.join(" ")}`;
  }
  button.disabled = false;
  if (!wrong) { location.reload(); return; }
  const kept = files.length - wrong;
  form.querySelector(".sent").textContent = form.dataset.kept.replace("{0}", kept).replace("{1}", files.length);
  if (kept) htmx.ajax("GET", form.dataset.progress, { target: "#visits", swap: "outerHTML" });
}

async function sendOne(form, file) {
  if (tooLarge(form, file)) return [form.dataset.tooLarge];
  const body = new FormData(form);
  body.delete("files");
  body.append("files", file);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.headers.get("Content-Type")?.startsWith("application/json")) return (await answer.json()).wrong;
  } catch { /* told below */ }
  return [form.dataset.lost];
}

// Two photographs laid on each other: left of the handle the earlier one, right of it the later one.
function readySlider() {
  const pair = document.querySelector("[data-pair]"), slider = document.querySelector("[data-slider]");
  if (!pair || !slider) return;
  for (const each of document.querySelectorAll(".needs-script")) each.hidden = false;
  const show = () => pair.style.setProperty("--shown", `${slider.value}%`);
  slider.addEventListener("input", show);
  show();
}
document.addEventListener("DOMContentLoaded", readySlider);
document.addEventListener("htmx:afterSettle", readySlider);
