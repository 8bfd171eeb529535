// Printing a page of guidance, whole or only what the patient is told.
"use strict";
document.addEventListener("click", (event) => {
  const kind = event.target.closest("[data-print]")?.dataset.print;
  if (!kind) return;
  document.body.classList.toggle("print-patient", kind === "patient");
  window.print();
});
