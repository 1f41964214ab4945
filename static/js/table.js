/* The table of several observations: Enter goes on to the next field, and from the last one to a new row. Works without this file. */
(() => {
  "use strict";

  const form = document.querySelector("[data-entries]");
  const template = document.getElementById("entry");
  if (!form || !template) return;

  const place = form.querySelector(".entries");
  const status = form.querySelector("[data-entries-status]");
  const entries = () => [...place.querySelectorAll("[data-entry]")];
  const fields = (entry) => [...entry.querySelectorAll(".input")];
  const day = (text) => (/^\s*(\d{1,4}[-/]\S+)/.exec(text) ?? ["", ""])[1];

  /* A row in which nothing is written yet has the place and the day of the one above. */
  function inherit(entry) {
    const [above, own] = [fields(entry.previousElementSibling), fields(entry)];
    if (own.some((field, n) => field.value && !(n === 2 && field.value.trim() === day(field.value)))) return;
    own[1].value = above[1].value;
    own[2].value = day(above[2].value);
  }

  function add() {
    const number = entries().length + 1;
    if (number > Number(form.dataset.most)) {
      status.textContent = form.dataset.full;
      return null;
    }
    const part = template.content.cloneNode(true);
    for (const element of part.querySelectorAll("*")) {
      for (const name of ["id", "name", "for", "aria-describedby"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replaceAll("r0-", `r${number}-`));
      }
    }
    const legend = part.querySelector("legend");
    legend.textContent = legend.textContent.replace("0", number);
    place.append(part);
    status.textContent = form.dataset.added.replace("{n}", number);
    inherit(entries().at(-1));
    return fields(entries().at(-1))[0];
  }

  function next(field) {
    const all = entries().flatMap(fields);
    const to = all[all.indexOf(field) + 1];
    if (!to) return add();
    const entry = to.closest("[data-entry]");
    if (to === fields(entry)[0]) inherit(entry);
    return to;
  }

  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || !field.matches("[data-entry] .input")) return;
    event.preventDefault();
    const to = next(field);
    if (!to) return;
    to.focus();
    to.setSelectionRange(to.value.length, to.value.length);
  });

  form.querySelector("[data-more]").addEventListener("click", (event) => {
    event.preventDefault();
    add()?.focus();
  });
})();
