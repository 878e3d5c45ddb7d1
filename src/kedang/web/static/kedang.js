// Keys, menus and small comforts. Every page also works without this file.
"use strict";
(() => {
  const typing = (el) => el.closest("input, textarea, select, [contenteditable]") !== null;
  const rowLinks = () => Array.from(document.querySelectorAll("a.k-row, .k-todo a"));

  function focusSearch(event) {
    const box = document.getElementById("find");
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  }

  // Arrow keys walk through the rows of a list; the link in a row has the focus, so Enter opens it.
  function walk(event, step) {
    const links = rowLinks();
    if (!links.length) return;
    const at = links.indexOf(document.activeElement);
    const next = links[at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return focusSearch(event);
    if (event.key === "Escape") return closeMenus();
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) {
      if (event.key === "ArrowDown" && event.target.matches("[data-into-list]")) walk(event, 1);
      return;
    }
    if (event.key === "/") return focusSearch(event);
    if (event.key === "ArrowDown" || event.key === "j") walk(event, 1);
    if (event.key === "ArrowUp" || event.key === "k") walk(event, -1);
  });

  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details.k-menu[open]")) if (menu !== except) menu.open = false;
  }

  async function copy(button) {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.classList.add("k-copied");
    const told = document.getElementById("told");
    if (told) told.textContent = button.dataset.copied;
  }

  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.k-menu"));
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest(".k-notice").remove();
    const copying = event.target.closest("[data-copy]");
    if (copying) copy(copying);
  });

  // A select with data-submit sends its form at once, where htmx does not already do it.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
    if (event.target.matches("input[type=file][data-names]")) nameFile(event.target);
  });

  function nameFile(input) {
    const place = document.getElementById(input.dataset.names);
    if (place) place.textContent = Array.from(input.files, (file) => file.name).join(", ");
  }

  // Dropping a file on the field is the same as choosing it.
  for (const drop of document.querySelectorAll(".k-drop")) {
    const input = drop.querySelector("input[type=file]");
    drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("k-over"); });
    drop.addEventListener("dragleave", () => drop.classList.remove("k-over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("k-over");
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  // A key field that differs from what was loaded asks for a reason; leaving with changes asks once more.
  for (const form of document.querySelectorAll("form[data-guard]")) {
    let dirty = false;
    form.addEventListener("input", () => {
      dirty = true;
      const asks = form.querySelector("[data-reason]");
      if (!asks) return;
      const changed = Array.from(form.querySelectorAll("[data-key]")).some((el) => el.value.trim() !== el.dataset.key);
      asks.querySelector("input, textarea").required = changed;
      asks.classList.toggle("k-wanted", changed);
    });
    form.addEventListener("submit", () => { dirty = false; });
    window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
  }

  // The open tab of a dossier stands in sight where the row of tabs is longer than the screen.
  const here = document.querySelector(".k-tabbar [aria-current]");
  if (here) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - 48;

  // What htmx put in place: say it to screen readers by moving the focus where the server asks for it.
  document.addEventListener("htmx:afterSettle", (event) => {
    const wanted = event.target.querySelector?.("[data-focus]");
    if (wanted) wanted.focus();
  });
})();
