/* "Here": asks for the position when it is chosen. Without this file the row is not shown and the form works all the same. */
(() => {
  "use strict";

  const form = document.querySelector("[data-report]");
  const row = form?.querySelector("[data-here]");
  if (!row || !("geolocation" in navigator)) return;

  const choice = row.querySelector("input");
  const far = row.querySelector(".far");
  const status = form.querySelector("[data-here-status]");
  const { lon, lat, accuracy } = form.elements;
  const known = () => lon.value !== "" && lat.value !== "";

  function found({ coords }) {
    lon.value = coords.longitude.toFixed(6);
    lat.value = coords.latitude.toFixed(6);
    accuracy.value = Math.round(coords.accuracy);
    far.textContent = status.dataset.found.replace("{n}", accuracy.value);
    status.textContent = "";
  }

  function ask() {
    status.textContent = status.dataset.wait;
    const options = { enableHighAccuracy: true, timeout: 10000, maximumAge: 30000 };
    navigator.geolocation.getCurrentPosition(found, () => { status.textContent = status.dataset.none; }, options);
  }

  row.hidden = false;
  form.addEventListener("change", (event) => {
    if (event.target === choice && !known()) ask();
    else if (event.target.name === choice.name) status.textContent = "";
  });
})();
