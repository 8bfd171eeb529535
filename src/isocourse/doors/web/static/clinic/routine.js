// The sheet for the patient: its button prints it. No inline script.
"use strict";
document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) window.print(); });
