"use strict";
// Everything here is a convenience: without it the report is complete.

// Print all that is folded away.
addEventListener("beforeprint", () => {
  for (const one of document.querySelectorAll("details:not([open])")) {
    one.dataset.folded = "";
    one.open = true;
  }
});
addEventListener("afterprint", () => {
  for (const one of document.querySelectorAll("details[data-folded]")) {
    one.open = false;
    delete one.dataset.folded;
  }
});

// A link to a finding opens what it is folded into.
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const fold = target && target.closest("details:not([open])");
  if (fold) {
    fold.open = true;
    target.scrollIntoView();
  }
}
addEventListener("hashchange", reveal);
reveal();

// Tables sort by the column whose heading is pressed.
function amount(cell) {
  const text = cell.textContent.trim().replace(/\u2212/g, "-").replace(/[,<>+]/g, "").trim();
  const number = parseFloat(text);
  return Number.isNaN(number) ? null : number;
}
function compare(a, b, column, sign) {
  const [one, two] = [a.cells[column], b.cells[column]];
  const [x, y] = [amount(one), amount(two)];
  if (column === 0) return sign * one.textContent.localeCompare(two.textContent);
  if (x === null || y === null) return (x === null) - (y === null);
  return sign * (x - y);
}
for (const table of document.querySelectorAll("table.sortable")) {
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", sign === 1 ? "ascending" : "descending");
      const rows = [...table.tBodies[0].rows].sort((a, b) => compare(a, b, column, sign));
      table.tBodies[0].append(...rows);
    });
  });
}

// Galleries filter by words.
for (const gallery of document.querySelectorAll(".gallery")) {
  const entries = [...gallery.querySelectorAll(".items > details")];
  if (entries.length < 4) continue;
  const label = document.createElement("label");
  const input = document.createElement("input");
  const told = document.createElement("span");
  label.className = "filter";
  input.type = "search";
  told.setAttribute("role", "status");
  label.append("Show items with the words ", input, told);
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    for (const entry of entries) {
      const text = entry.textContent.toLowerCase();
      entry.hidden = !words.every((word) => text.includes(word));
      left += entry.hidden ? 0 : 1;
    }
    for (const frame of gallery.querySelectorAll(".entry")) {
      frame.hidden = !frame.querySelector(".items > details:not([hidden])");
    }
    told.textContent = words.length ? ` ${left} of ${entries.length}` : "";
  });
  gallery.querySelector(".entries").before(label);
}
