/* Arrow keys go from figure to figure of the matrix: the next link of the row, or of the column above or below. */
(() => {
  "use strict";

  const STEPS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  document.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const cell = event.target.closest?.(".matrix td, .matrix th");
    if (!step || !cell || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const rows = Array.from(cell.closest("table").rows);
    let [row, column] = [rows.indexOf(cell.parentElement), cell.cellIndex];
    for (;;) {
      [row, column] = [row + step[0], column + step[1]];
      const next = rows[row]?.cells[column];
      if (!next) return;
      const link = next.querySelector("a[href]");
      if (!link) continue;
      event.preventDefault();
      link.focus();
      return;
    }
  });
})();
