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

  /* A new row has the place and the day of the one above. */
  function add() {
    const number = entries().length + 1;
    if (number > Number(form.dataset.most)) {
      status.textContent = form.dataset.full;
      return null;
    }
    const above = fields(entries().at(-1));
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
    const own = fields(entries().at(-1));
    own[1].value = above[1].value;
    own[2].value = day(above[2].value);
    status.textContent = form.dataset.added.replace("{n}", number);
    return own[0];
  }

  function next(field) {
    const all = entries().flatMap(fields);
    return all[all.indexOf(field) + 1] ?? add();
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
