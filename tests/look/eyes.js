/* What a pair of eyes would see on a page, for tests: each function answers a list of what is wrong. */
(() => {
  "use strict";

  const HIDDEN = ".vh, .defs, .skip, script, style, template, noscript";
  const told = (e, why = "") => `${why} ${e.outerHTML.slice(0, 140)}`.trim();
  const readOut = (e) => getComputedStyle(e).clipPath === "inset(50%)"; // as .vh, from another rule
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(HIDDEN) && !readOut(e);
  const all = (selector) => Array.from(document.querySelectorAll(selector));

  function words(root = document.body) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) if (walker.currentNode.data.trim() && !walker.currentNode.parentElement.closest("script, style")) found.push(walker.currentNode);
    return found;
  }

  /* The page is as wide as its window, and no part of it cuts off its words. */
  function cut() {
    const wide = document.documentElement.clientWidth;
    const faults = [];
    if (document.documentElement.scrollWidth > wide) {
      const over = all("body *").filter((e) => e.getBoundingClientRect().right > wide + 1 && shown(e) && !e.closest(".scroll"));
      faults.push(...(over.length ? over.slice(-4) : [document.body]).map((e) => told(e, `wider than ${wide} px:`)));
    }
    all("body *").filter((e) => shown(e) && !e.closest("svg") && e.textContent.trim()).forEach((e) => {
      const style = getComputedStyle(e);
      const shut = (way) => ["hidden", "clip"].includes(way);
      if ((shut(style.overflowX) && e.scrollWidth > e.clientWidth + 1) || (shut(style.overflowY) && e.scrollHeight > e.clientHeight + 1)) faults.push(told(e, "cut off:"));
      if (e.matches("button, .button, .option-label, .tile-label") && e.scrollWidth > e.clientWidth + 2) faults.push(told(e, "sticks out:"));
    });
    words().forEach((text) => {
      const holder = text.parentElement;
      if (!shown(holder) || holder.closest("svg, .scroll, select, textarea")) return;
      const range = document.createRange();
      range.selectNodeContents(text);
      const box = range.getBoundingClientRect();
      if (box.width && (box.left < -1 || box.right > wide + 1)) faults.push(told(holder, "runs out of the page:"));
    });
    return [...new Set(faults)];
  }

  /* Lettering of a drawing stays inside it. */
  function lettering() {
    return all("svg text").filter((e) => e.checkVisibility() && e.getBoundingClientRect().width).filter((e) => {
      const [own, frame] = [e, e.closest("figure, .cell, td, svg")].map((x) => x.getBoundingClientRect());
      return own.left < frame.left - 4 || own.right > frame.right + 4;
    }).map((e) => told(e, "outside its drawing:"));
  }

  let sheet = null;
  function dress(rules) {
    if (sheet) document.adoptedStyleSheets = document.adoptedStyleSheets.filter((s) => s !== sheet);
    sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }

  /* Another language: every word 40 % longer. */
  function longer() {
    words().forEach((text) => {
      if (text.parentElement.closest("svg, textarea")) return;
      text.data = text.data.replace(/\p{L}{2,}/gu, (word) => word + word.slice(0, Math.ceil(word.length * 0.4)).toLowerCase());
    });
  }

  /* Whole texts, and labels that are only read out. */
  function texts() {
    const said = words().filter((text) => !text.parentElement.closest("[lang]:not(html)")).map((text) => text.data);
    const named = all("[aria-label], [title], [alt]").filter((e) => !e.closest("[lang]:not(html)")).flatMap((e) => ["aria-label", "title", "alt"].map((name) => e.getAttribute(name)));
    return [...said, ...named].filter(Boolean).map((text) => text.replace(/\s+/g, " ").trim());
  }

  const channels = (colour) => {
    const parts = colour.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    return colour.startsWith("color(srgb") ? [...parts.slice(0, 3).map((p) => p * 255), parts[3] ?? 1] : [...parts, 1].slice(0, 4);
  };
  function light(colour) {
    const [r, g, b] = channels(colour).map((p) => p / 255).map((p) => (p <= 0.04045 ? p / 12.92 : ((p + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
  function contrast(one, other) {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  }
  function ground(e) {
    for (let at = e; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (channels(colour)[3] === 1 && colour !== "transparent") return colour;
    }
    return "rgb(255, 255, 255)";
  }

  /* Every text has at least this contrast; on paper everything stands on white. */
  function pale(least, within = "body", white = false) {
    return words().map((text) => text.parentElement).filter((e) => e.closest(within) && shown(e) && !e.closest("svg, option"))
      .filter((e) => contrast(getComputedStyle(e).color, white ? "rgb(255, 255, 255)" : ground(e)) < least)
      .map((e) => told(e, `${getComputedStyle(e).color} on ${white ? "white" : ground(e)}:`));
  }
  const smaller = (least, within) => words().map((text) => text.parentElement).filter((e) => e.closest(within) && shown(e) && !e.closest("svg, option"))
    .filter((e) => parseFloat(getComputedStyle(e).fontSize) < least).map((e) => told(e, `${getComputedStyle(e).fontSize}:`));

  const low = (least, within) => all("a[href], button, input:not([type=hidden]), select, textarea, summary").filter((e) => e.closest(within) && e.checkVisibility())
    .filter((e) => Math.max(...[e, ...(e.labels ?? [])].map((x) => x.getBoundingClientRect().height)) + 0.5 < least).map((e) => told(e, `lower than ${least} px:`));

  /* On paper there is nothing to press and nothing to find one's way with; what was said stays. */
  function paper() {
    const pressed = all("nav, button, .button, .skip, .masthead, .foot, .tabs, .filters, .pages, input[type=submit]").filter((e) => e.checkVisibility());
    const dark = all("body, main, main *").filter((e) => e.checkVisibility() && !e.closest("svg")).filter((e) => {
      const colour = getComputedStyle(e).backgroundColor;
      return channels(colour)[3] > 0 && light(colour) < 0.6;
    });
    const gone = all("main a[href]").filter((e) => e.textContent.trim() && !e.checkVisibility() && !e.closest("nav, .button, .tabs, .filters, .pages, .bar, .dateline, .paper-tools, .no-print, .when-wide, .when-narrow, svg, details, .form-end, form, .act"));
    return [...pressed.map((e) => told(e, "no use on paper:")), ...dark.map((e) => told(e, "dark on paper:")), ...gone.map((e) => told(e, "gone:")), ...pale(4.5, "body", true)];
  }

  /* The keyboard: what it should meet, in this order, and what it met. Each stop is looked at when the next key is pressed. */
  const stops = [];
  function meant() {
    const groups = new Set();
    return all("a[href], button, input, select, textarea, summary, [tabindex]").filter((e) => {
      if (e.disabled || e.tabIndex < 0 || e.type === "hidden" || !e.checkVisibility({ visibilityProperty: true })) return false;
      if (e.tagName === "SUMMARY" && e !== e.parentElement.querySelector("summary")) return false;
      if (e.type !== "radio") return true;
      const same = all(`input[type=radio][name="${CSS.escape(e.name)}"]`).filter((o) => o.form === e.form && o.checkVisibility());
      const key = same[0];
      if (groups.has(key)) return false;
      const stop = same.find((o) => o.checked) ?? same[0];
      if (stop === e) groups.add(key);
      return stop === e;
    });
  }
  function look(e) {
    const drawn = [e, ...(e.matches("input") ? [e.nextElementSibling] : [])].filter(Boolean).find((x) => {
      const s = getComputedStyle(x);
      return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2;
    });
    if (!drawn) return told(e, "no visible focus:");
    const colour = getComputedStyle(drawn).outlineColor;
    if (contrast(colour, ground(drawn.parentElement)) < 3) return told(e, `focus ${colour} on ${ground(drawn.parentElement)}:`);
    const box = e.getBoundingClientRect();
    const top = document.elementFromPoint(Math.max(box.left, 0) + Math.min(box.width, 20) / 2, box.top + Math.min(box.height, 20) / 2);
    const mine = e.closest("svg") || (top && (e.contains(top) || top.contains(e) || [...(e.labels ?? [])].some((l) => l.contains(top))));
    return mine ? "" : told(e, top ? `covered by ${top.outerHTML.slice(0, 60)}:` : "out of sight:");
  }
  function watchKeys() {
    stops.length = 0;
    document.addEventListener("keydown", () => {
      const e = document.activeElement;
      if (e && e !== document.body && stops.at(-1)?.e !== e) stops.push({ e, fault: look(e) });
    }, true);
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
    return meant().length + 8 + 6 * all("input[type=date], input[type=time], input[type=datetime-local]").length; // these have several stops
  }
  function walked() {
    const [should, met] = [meant(), stops.map((stop) => stop.e)];
    const faults = stops.map((stop) => stop.fault).filter(Boolean);
    should.filter((e) => !met.includes(e)).forEach((e) => faults.push(told(e, "not reached:")));
    const order = met.filter((e) => should.includes(e)).map((e) => should.indexOf(e));
    const turn = order.findIndex((at, n) => n > 0 && at < order[n - 1]);
    if (turn > 0 && turn < should.length - 1) faults.push(told(should[order[turn]], "out of order:"));
    return faults;
  }

  /* Forms: those with something to write in, by where they are sent. */
  const sentTo = (form) => new URL(form.getAttribute("action") || location.href, location.href).pathname;
  const written = (form) => Array.from(form.elements).filter((e) => e.name && e.matches("input:not([type=hidden], [type=submit]), select, textarea"));
  const shape = (path) => path.replace(/\d+/g, "n"); // one of its sort will do
  const formTo = (action) => Array.from(document.forms).find((form) => form.method === "post" && shape(sentTo(form)) === shape(action) && written(form).length);
  const fields = (action) => [...new Set(written(formTo(action)).filter((e) => e.type !== "checkbox").map((e) => e.name))];

  /* What was typed in, that is not told in words of the page; files and secrets a browser never shows again. */
  const typed = (form) => Object.fromEntries(written(form).filter((e) => !["file", "password", "radio", "checkbox"].includes(e.type)).map((e) => [e.name, e.value]));

  /* What is asked with a certain choice only is answered with that choice. */
  function choose(e) {
    for (let part = e.closest(".option-more, .tile-more"); part; part = part.parentElement.closest(".option-more, .tile-more")) {
      let at = part.previousElementSibling;
      while (at && !at.matches(".option, .tile")) at = at.previousElementSibling;
      const key = at?.querySelector("input[type=radio]");
      if (key) key.checked = true;
    }
  }

  const text = (e) => e.matches("textarea") || ["text", "search", "email", "tel", "url"].includes(e.type);
  function send(action, how, field) {
    const form = formTo(action);
    if (!form) throw new Error(`no form for ${action} on this page`);
    form.noValidate = true;
    for (const e of written(form)) {
      if (how === "empty") {
        if (["radio", "checkbox"].includes(e.type)) e.checked = false;
        else if (e.tagName === "SELECT") e.value = [...e.options].some((o) => o.value === "") ? "" : e.value;
        else if (e.type !== "file") e.value = "";
      } else if (text(e) && !e.value) e.value = e.type === "email" ? "ny@est.example" : "Vid bryggan";
    }
    const wrong = how === "wrong" ? written(form).filter((e) => e.name === field) : [];
    for (const e of wrong.slice(0, 1)) {
      choose(e);
      if (e.tagName === "SELECT") e.add(new Option("999999", "999999", true, true));
      else if (e.type === "radio") { e.value = "999999"; e.checked = true; }
      else if (e.type === "file") { /* left out */ }
      else if (e.dataset.limit) e.value = "å".repeat(Number(e.dataset.limit) + 20);
      else if (text(e) && e.type !== "email") e.value = e.type === "search" ? "999999" : "å".repeat(9000);
      else { e.type = "text"; e.value = "fel sort"; }
    }
    const before = typed(form);
    const button = form.querySelector("button:not([type=button])");
    setTimeout(() => form.requestSubmit(button?.form === form ? button : undefined));
    return before;
  }

  /* The contract: the focus in the summary, each line leads to its control, the same words beside it, nothing typed lost. */
  function summary(action, before) {
    const place = document.querySelector("[data-error-summary]");
    if (!place) return ["no summary"];
    const faults = [];
    if (document.activeElement !== place) faults.push(told(document.activeElement, "the focus is on"));
    const lines = Array.from(place.querySelectorAll("li"));
    if (!lines.length) faults.push("the summary says nothing");
    lines.forEach((line) => {
      const link = line.querySelector("a[href^='#']");
      if (!link) return void (document.querySelector(".error-text") || faults.push(`leads nowhere: ${line.textContent}`));
      const control = document.getElementById(link.hash.slice(1));
      if (!control?.matches("input, select, textarea")) return void faults.push(told(link, "leads to no control:"));
      link.click();
      if (location.hash === link.hash && document.activeElement !== control) faults.push(told(control, "does not get the focus:"));
      if (!control.checkVisibility()) faults.push(told(control, "is not to be seen:"));
      if ("several" in link.dataset) return; // what concerns several fields stands above them and leads to the first
      const beside = Array.from(control.closest(".error, .field, fieldset")?.querySelectorAll(".error-text") ?? []).map((e) => e.textContent).join(" ");
      if (!beside.includes(link.textContent.trim())) faults.push(`“${link.textContent}” is not said beside the field, but “${beside.trim()}”`);
    });
    const form = formTo(action);
    if (!form) return [...faults, "the form is gone"];
    const after = typed(form);
    const normal = (value) => (value ?? "").trim();
    Object.entries(before).forEach(([name, value]) => {
      const held = form.elements[name];
      const sort = held instanceof Element && ["date", "time", "number", "datetime-local"].includes(held.type);
      const shown = sort ? held.getAttribute("value") ?? "" : after[name];
      if (name in after && normal(value) && normal(shown) !== normal(value) && value !== "999999") faults.push(`${name}: typed “${value.slice(0, 40)}”, shown “${normal(shown).slice(0, 40)}”`);
    });
    return faults;
  }

  window.eyes = { fields, send, summary, cut, lettering, dress, longer, low, texts, pale, smaller, paper, watchKeys, walked };
})();
