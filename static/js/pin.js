/* "On the map": a press, the arrow keys or the buttons set the pin; its position goes along as "here" would. Without a script the row is not shown. */
(() => {
  "use strict";

  const form = document.querySelector("[data-report]");
  const row = form?.querySelector("[data-pin]");
  if (!row) return;

  const STEP = 10; // units of the picture; with Shift one
  const choice = row.querySelector("input");
  const { lon, lat, accuracy } = form.elements;
  let from = form.querySelector("input[name=where]:checked")?.value;

  /* A position belongs to the answer it was given for; one that was logged before is where the pin begins. */
  const kept = form.querySelector("#pin").hasAttribute("data-kept");
  form.addEventListener("change", (event) => {
    const where = event.target;
    if (where.name !== choice.name || !(where === choice || where.value === "here")) return;
    if (from !== where.value && !kept) [lon, lat, accuracy].forEach((field) => { field.value = ""; });
    from = where.value;
    if (where === choice) show();
  }, true);
  row.hidden = false;

  const chart = () => form.querySelector("[data-pin-chart]");

  /* Degrees of a point of the picture: between the four corners. */
  function degrees(corners, u, v) {
    const between = (n) => {
      const [a, b, c, d] = corners.map((corner) => corner[n]);
      return (a * (1 - u) + b * u) * (1 - v) + (c * (1 - u) + d * u) * v;
    };
    return [between(0), between(1)];
  }

  function cornersOf(part) {
    return part.dataset.corners.split(" ").map((corner) => corner.split(",").map(Number));
  }

  /* The way back, corrected until it fits. */
  function shares(corners, at) {
    const [a, b, c] = corners;
    const [x1, y1, x2, y2] = [b[0] - a[0], b[1] - a[1], c[0] - a[0], c[1] - a[1]];
    const whole = x1 * y2 - x2 * y1;
    let [u, v] = [0.5, 0.5];
    for (let n = 0; n < 4; n += 1) {
      const [x, y] = degrees(corners, u, v);
      const [dx, dy] = [at[0] - x, at[1] - y];
      u += (dx * y2 - dy * x2) / whole;
      v += (dy * x1 - dx * y1) / whole;
    }
    return [u, v];
  }

  function put(u, v) {
    const part = chart();
    const [u1, v1] = [u, v].map((share) => Math.min(1, Math.max(0, share)));
    const at = degrees(cornersOf(part), u1, v1);
    lon.value = at[0].toFixed(6);
    lat.value = at[1].toFixed(6);
    accuracy.value = part.dataset.accuracy;
    show();
    choice.dispatchEvent(new Event("input", { bubbles: true })); // the draft is kept
  }

  /* The pin where the position is, when it lies on this chart. */
  function show() {
    const part = chart();
    if (!part) return;
    const mark = part.querySelector("[data-pin-mark]");
    const status = part.querySelector("[data-pin-status]");
    const known = lon.value !== "" && lat.value !== "";
    const [u, v] = known ? shares(cornersOf(part), [Number(lon.value), Number(lat.value)]) : [-1, -1];
    const inside = u >= 0 && u <= 1 && v >= 0 && v <= 1;
    mark.setAttribute("visibility", inside ? "visible" : "hidden");
    mark.setAttribute("transform", `translate(${(u * part.dataset.width).toFixed(1)} ${(v * part.dataset.height).toFixed(1)})`);
    const words = { lat: Number(lat.value).toFixed(5), lon: Number(lon.value).toFixed(5), n: accuracy.value || part.dataset.accuracy };
    status.textContent = inside ? part.dataset.set.replace(/\{(\w+)\}/g, (_all, name) => words[name]) : part.dataset.none;
  }

  function step(right, down, units) {
    const part = chart();
    const known = lon.value !== "" && lat.value !== "";
    const [u, v] = known ? shares(cornersOf(part), [Number(lon.value), Number(lat.value)]) : [0.5, 0.5];
    put(u + (right * units) / part.dataset.width, v + (down * units) / part.dataset.height);
  }

  const KEYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  form.addEventListener("keydown", (event) => {
    if (!(event.key in KEYS) || !event.target.matches("[data-pin-ground]")) return;
    event.preventDefault();
    step(...KEYS[event.key], event.shiftKey ? 1 : STEP);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-pin-step]");
    if (button) {
      step(...button.dataset.pinStep.split(",").map(Number), STEP);
      return;
    }
    const svg = event.target.closest("[data-pin-ground]")?.querySelector("svg");
    if (!svg) return;
    const box = svg.getBoundingClientRect();
    put((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  });

  /* An area chosen before the list was listened to is drawn all the same. */
  function caughtUp() {
    const list = form.querySelector("#id_pin_area");
    const drawn = list ? Math.max(0, [...list.options].findIndex((option) => option.defaultSelected)) : -1;
    if (list && list.selectedIndex !== drawn) list.dispatchEvent(new Event("change", { bubbles: true }));
    show();
  }
  document.addEventListener("htmx:afterSettle", caughtUp);
})();
