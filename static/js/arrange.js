/* A line of the agenda is dragged to its place; the buttons beside it do the same. */
(() => {
  "use strict";

  const list = document.querySelector("[data-arrange]");
  if (!list) return;
  let held = null;

  for (const line of list.children) line.draggable = true;
  list.addEventListener("dragstart", (event) => {
    held = event.target.closest("li");
    event.dataTransfer.effectAllowed = "move";
  });
  list.addEventListener("dragover", (event) => {
    if (held) event.preventDefault();
  });
  list.addEventListener("drop", (event) => {
    const over = event.target.closest("li");
    if (!held || !over || over === held) return;
    event.preventDefault();
    const form = held.querySelector("form");
    const to = Object.assign(document.createElement("input"), { type: "hidden", name: "to", value: over.dataset.position });
    form.append(to);
    form.submit();
  });
  list.addEventListener("dragend", () => {
    held = null;
  });
})();
