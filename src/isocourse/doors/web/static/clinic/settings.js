// Shows only the rows whose words hold what is typed. Without script every row is shown.
"use strict";
const find = document.querySelector("[data-filter]");
find?.addEventListener("input", () => {
  const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const group of document.querySelectorAll("[data-group]")) {
    let some = false;
    for (const row of group.querySelectorAll(find.dataset.filter)) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) { some = true; count += 1; }
    }
    group.hidden = !some;
  }
  const found = document.querySelector("#found");
  if (found) found.textContent = words.length ? found.dataset.words.replace("{0}", count) : "";
});
