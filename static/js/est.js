/* Small comforts. Every page works without this file; it loads after htmx and uses no eval. */
(() => {
  "use strict";

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  function focus(element) {
    if (!element) return;
    if (!element.matches("a[href], button, input, select, textarea, summary, [tabindex]")) element.tabIndex = -1;
    element.focus({ preventScroll: false });
  }

  /* Say it in the frame's status line. */
  function say(kind) {
    const place = $("#messages");
    if (!place) return;
    const line = document.createElement("p");
    line.className = "message message-error";
    line.textContent = place.dataset[kind];
    place.replaceChildren(line);
  }

  /* After a swap the focus is never left on the page as a whole: the errors, else the same control, else what holds it. */
  let trail = [];
  let wasInside = false;

  document.addEventListener("htmx:beforeSwap", (event) => {
    const signIn = document.body.dataset.signIn;
    const answer = event.detail.xhr.responseURL;
    if (signIn && answer && location.pathname !== signIn && new URL(answer).pathname === signIn) {
      event.detail.shouldSwap = false;
      say("signedOut");
      return;
    }
    wasInside = document.activeElement !== document.body;
    trail = [];
    for (let at = document.activeElement; at && at !== document.body; at = at.parentElement) if (at.id) trail.push(at.id);
  });

  function settle() {
    const errors = $("[data-error-summary]:not([data-seen])");
    if (errors) {
      errors.dataset.seen = "";
      focus(errors);
    } else if (wasInside && (!document.activeElement || document.activeElement === document.body)) {
      focus($("[data-focus]") || trail.map((id) => document.getElementById(id)).find(Boolean) || $("#content"));
    }
    limits();
  }
  document.addEventListener("htmx:afterSettle", settle);
  document.addEventListener("htmx:afterRequest", (event) => {
    release(event.target);
    setTimeout(settle);
  });
  document.addEventListener("htmx:sendError", () => say("lost"));
  document.addEventListener("htmx:responseError", () => say("failed"));

  /* A second press while the first is on its way does nothing. The server's own guard is the one that counts. */
  function release(element) {
    const form = element instanceof Element && element.closest("form");
    if (form) delete form.dataset.sent;
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if ("sent" in form.dataset) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    form.dataset.sent = "";
    setTimeout(() => release(form), 8000); // an answer that is a file leaves the page where it is
  }, true);
  window.addEventListener("pageshow", () => $$("form[data-sent]").forEach(release));

  /* Ctrl+Enter saves where the button says so. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest("form[data-submit-key]");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  });

  /* A row and its area on the map point at each other: same data-area, hover or focus, both ways. */
  let lit = null;

  function light(area) {
    if (area === lit) return;
    lit = area;
    $$(".m-lit").forEach((outline) => outline.remove());
    $$("[data-area]").forEach((element) => {
      const on = area !== null && element.dataset.area === area;
      element.classList.toggle("is-lit", on);
      const shape = on && element.closest("svg") && (element.matches("path, polygon") ? element : $("path, polygon", element));
      if (!shape) return;
      const outline = shape.cloneNode(false); // drawn last, so that no neighbour lies over it
      ["id", "data-area", "tabindex", "role", "aria-label"].forEach((name) => outline.removeAttribute(name));
      outline.setAttribute("class", "m-on m-lit");
      outline.setAttribute("aria-hidden", "true");
      shape.ownerSVGElement.append(outline);
    });
  }
  const areaOf = (element) =>
    (element instanceof Element && (element.closest("[data-area]") ?? $(":scope > [data-area]", element))?.dataset.area) || null;
  /* A row and its dot likewise; a press on the dot leads to the first of its rows. */
  const cellOf = (element) => (element instanceof Element && element.closest("[data-cell]")?.dataset.cell) || null;
  const inCell = (cell) => (cell ? $$("[data-cell]").filter((element) => element.dataset.cell === cell) : []);
  function point(cell) {
    $$("[data-cell].is-lit").forEach((element) => element.dataset.cell === cell || element.classList.remove("is-lit"));
    inCell(cell).forEach((element) => element.classList.add("is-lit"));
  }
  function show(element) {
    light(areaOf(element));
    point(cellOf(element));
  }
  document.addEventListener("pointerover", (event) => {
    show(areaOf(event.target) || cellOf(event.target) ? event.target : document.activeElement);
  });
  document.addEventListener("focusin", (event) => show(event.target));
  document.addEventListener("click", (event) => {
    const dot = event.target instanceof Element && event.target.closest("circle[data-cell]");
    if (dot) inCell(dot.dataset.cell).map((element) => $("a[href]", element)).find(Boolean)?.focus();
  });

  /* How much room is left in a running text, said before it is too late and never cut off. */
  function limits() {
    $$("textarea[data-limit]").forEach((text) => {
      const place = document.getElementById(`${text.id}_limit`);
      if (!place || "said" in place.dataset) return;
      place.dataset.said = place.textContent;
      const tell = () => {
        const left = Number(text.dataset.limit) - [...text.value.replace(/\r?\n/g, "\r\n")].length;
        const words = left < 0 ? place.dataset.over : place.dataset.left;
        place.textContent = text.value ? words.replace("{n}", Math.abs(left)) : place.dataset.said;
        place.classList.toggle("error-text", left < 0);
      };
      text.addEventListener("input", tell);
      tell();
    });
  }

  /* What the guard says about a text, half a second after the last letter. */
  const waiting = new WeakMap();
  document.addEventListener("input", (event) => {
    const text = event.target;
    const url = document.body.dataset.guard;
    if (!url || !text.matches("[data-guarded]")) return;
    clearTimeout(waiting.get(text));
    waiting.set(text, setTimeout(() => {
      const place = document.getElementById(`${text.id}_guard`);
      if (!place) return;
      const chosen = $$("input:checked, input[type=hidden]", place).map((input) => [input.name, input.value]);
      const values = { ...Object.fromEntries(chosen), field: text.name, place: place.id, text: text.value };
      htmx.ajax("POST", url, { source: document.body, target: place, values });
    }, 500));
  });

  limits();
  const first = $("[data-error-summary]");
  if (first) {
    first.dataset.seen = "";
    focus(first);
  }
})();
