/* Single keys in the list of observations. Each stands in the panel as a button that does the same; the panel's switch ends them. */
(() => {
  "use strict";

  const panel = document.querySelector("details[data-keys]");
  if (!panel) return;
  panel.hidden = false;

  const links = Array.from(document.querySelectorAll("tr[data-row] th a[href]"));
  let last = -1; // the row that had the focus most recently: a press on a button takes it away
  const rowOf = (element) => links.findIndex((link) => link.closest("tr").contains(element));
  document.addEventListener("focusin", (event) => {
    const at = rowOf(event.target);
    if (at >= 0) last = at;
  });

  const move = (by) => () => links[Math.min(Math.max(last + by, 0), links.length - 1)]?.focus();
  const acts = {
    j: move(1),
    k: move(-1),
    Enter: () => links[Math.max(last, 0)]?.click(),
    "/": () => document.querySelector("input[type=search]")?.focus(),
    "?": () => {
      panel.open = true;
      panel.querySelector("summary").focus();
    },
  };

  panel.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-key]");
    if (button) acts[button.dataset.key]();
  });

  if (panel.dataset.keys === "off") return;
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    const inList = event.target.closest("[data-list]");
    const key = inList ? { ArrowDown: "j", ArrowUp: "k" }[event.key] ?? event.key : event.key;
    if (key === "Enter" || !Object.hasOwn(acts, key)) return; // Enter opens a link by itself
    event.preventDefault();
    acts[key]();
  });
})();
