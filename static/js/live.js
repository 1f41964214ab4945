/* The meeting's pages bring themselves up to date: every other second while seen, less often when EST is pressed. */
(() => {
  "use strict";

  const OFTEN = 2000;
  const SELDOM = 60000;
  let wait = OFTEN;
  let timer = 0;
  let asking = false;

  const place = () => document.getElementById("live");

  function lost(why) {
    const line = document.getElementById("live-lost");
    if (!line || line.dataset.why === why) return;
    line.dataset.why = why;
    line.textContent = why && line.dataset[why];
  }

  /* What had the focus keeps it, when the new content has it too. */
  function put(text) {
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("live");
    if (!fresh) return;
    const held = place().contains(document.activeElement) ? document.activeElement : null;
    const links = held ? Array.from(place().querySelectorAll("a[href]")).map((link) => link.href) : [];
    const same = links.indexOf(held?.href);
    place().replaceWith(document.adoptNode(fresh));
    if (!held) return;
    const now = Array.from(place().querySelectorAll("a[href]"));
    (document.getElementById(held.id || "live") ?? now[same] ?? now[0])?.focus({ preventScroll: true });
  }

  async function look() {
    const state = place()?.dataset.state;
    if (!state || asking || document.hidden) return;
    asking = true;
    try {
      const answer = await fetch(state, { signal: AbortSignal.timeout(8000), redirect: "manual" });
      if (answer.status === 200) put(await answer.text());
      if (answer.ok) {
        wait = OFTEN;
      } else {
        const told = Number(answer.headers.get("Retry-After")) * 1000;
        wait = Math.min(SELDOM, Math.max(told || 0, wait * 2));
      }
      lost(answer.ok ? "" : answer.type === "opaqueredirect" ? "out" : "silent");
    } catch {
      wait = Math.min(5000, wait * 2); // no answer at all costs nobody anything: back within five seconds of the net
      lost("silent");
    }
    asking = false;
    clearTimeout(timer);
    timer = setTimeout(look, wait);
  }

  /* How long an item has been at hand, in whole minutes, beside what was planned for it. */
  function clock() {
    for (const shown of document.querySelectorAll("[data-clock]")) {
      const since = shown.dataset.since ? Math.max(0, Date.now() - Date.parse(shown.dataset.since)) / 1000 : 0;
      const minutes = Math.floor((Number(shown.dataset.clock) + since) / 60);
      shown.textContent = String(minutes);
      shown.classList.toggle("over", minutes >= Number(shown.dataset.planned));
    }
  }

  function age() {
    const line = document.querySelector("[data-age]");
    if (line) line.textContent = line.dataset.age.replace("{n}", Math.floor((Date.now() - Date.parse(line.dataset.since)) / 60000));
  }

  ["visibilitychange", "online", "pageshow"].forEach((kind) => window.addEventListener(kind, look, true));
  timer = setTimeout(look, wait);
  age();
  clock();
  setInterval(age, 10000);
  setInterval(clock, 10000);
})();
