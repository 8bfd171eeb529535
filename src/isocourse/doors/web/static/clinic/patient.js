// Opens a flowsheet at its newest column.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const flow = document.getElementById("flow");
  if (flow) flow.scrollLeft = flow.scrollWidth;
});
