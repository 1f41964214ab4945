/* The report form's comforts: position, photos sent as they are chosen, a draft kept. The form works without this file. */

/* "Here": asks for the position when it is chosen; without a script the row is not shown. */
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

/* Photos are made small here and sent at once, so that nothing is chosen twice; what cannot be sent goes along on saving. */
(() => {
  "use strict";

  const EDGE = 1600;
  const form = document.querySelector("[data-report]");
  const place = form?.querySelector("[data-photos]");
  if (!place) return;

  async function small(file) {
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
      return made && made.size < file.size ? made : file;
    } catch {
      return file; // the server can read more kinds than the browser
    }
  }

  async function send(files) {
    const parcel = new FormData();
    parcel.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    parcel.append("client_uuid", form.elements.client_uuid.value);
    for (const file of files) parcel.append("photos", await small(file), file.name);
    const answer = await fetch(place.dataset.photos, { method: "POST", body: parcel, redirect: "error" });
    if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
    const part = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#photos");
    place.replaceChildren(...part.childNodes);
    place.className = part.className;
    place.querySelector("#id_photos").focus();
  }

  place.addEventListener("change", async (event) => {
    if (event.target.id !== "id_photos" || !event.target.files.length) return;
    const status = place.querySelector("[data-photos-status]");
    status.textContent = place.dataset.wait;
    try {
      await send([...event.target.files]);
    } catch {
      status.textContent = place.dataset.none;
    }
  });
})();

/* What is being written is kept by the server, a moment after the last key, until it is saved or a day old. */
(() => {
  "use strict";

  const PAUSE = 1200;
  const form = document.querySelector("[data-draft]");
  if (!form) return;
  let waiting = null;
  let saving = false;

  function keep() {
    waiting = null;
    if (saving) return;
    const parcel = new FormData(form);
    parcel.delete("photos");
    fetch(form.dataset.draft, { method: "POST", body: parcel, redirect: "error", keepalive: true }).catch(() => {});
  }

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, PAUSE);
  });
  form.addEventListener("submit", () => { saving = true; });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || !waiting) return;
    clearTimeout(waiting);
    keep();
  });
})();
