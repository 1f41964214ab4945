/* The background map. The first tile is asked for alone: one that does not come within three seconds leaves the chart as it
   is, and the page says so, instead of one error for each tile. */
(() => {
  "use strict";

  const group = document.querySelector("[data-tiles]");
  const note = document.querySelector("[data-tiles-away]");
  const [first, ...others] = group ? Array.from(group.children) : [];
  if (!first || !note) return;

  const show = (image) => image.setAttribute("href", image.dataset.href);
  const away = () => {
    note.hidden = false;
  };
  const patience = setTimeout(away, 3000);
  first.addEventListener("error", () => {
    clearTimeout(patience);
    away();
  });
  first.addEventListener("load", () => {
    clearTimeout(patience);
    note.hidden = true;
    group.ownerSVGElement.classList.add("has-tiles");
    others.forEach(show);
  });
  show(first);
})();
