// Comfort while a venture is described: what the check says is tied to its box, words go into formulas, folds stay as they were.
(() => {
  "use strict";

  const form = document.querySelector("[data-described]");
  if (!form) return;
  let last = null;

  form.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-formula]")) last = event.target.id;
  });

  form.addEventListener("click", (event) => {
    const word = event.target.closest("[data-insert]");
    const box = word && last && document.getElementById(last);
    if (!box) return;
    box.closest("details")?.setAttribute("open", "");
    const before = box.value.slice(0, box.selectionStart);
    const after = box.value.slice(box.selectionEnd);
    const gap = before && !/[\s(]$/.test(before) ? " " : "";
    box.value = before + gap + word.dataset.insert + after;
    const at = (before + gap + word.dataset.insert).length;
    box.focus();
    box.setSelectionRange(at, at);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // Which entries are open is told to the server, so that they are when the parts come back.
  form.addEventListener("htmx:configRequest", (event) => {
    const open = [...form.querySelectorAll("details.entry[open]")].map((one) => one.id);
    for (const id of open) event.detail.formData?.append("open", id);
  });

  // Whoever reads what does not fit goes on reading while it is checked again.
  let reading = false;
  document.addEventListener("htmx:beforeSwap", () => {
    reading = form.querySelector(".problems")?.open ?? false;
  });
  document.addEventListener("htmx:afterSettle", () => {
    const problems = form.querySelector(".problems");
    if (problems && reading) problems.open = true;
    for (const said of form.querySelectorAll("[id$='-error']")) {
      for (const box of form.querySelectorAll(`:is(input, select, textarea)[aria-describedby~="${said.id}"]`)) {
        if (said.textContent.trim()) box.setAttribute("aria-invalid", "true");
        else box.removeAttribute("aria-invalid");
      }
    }
  });

  form.addEventListener("click", (event) => {
    const link = event.target.closest(".problems a");
    const box = link && document.getElementById(link.hash.slice(1));
    if (!box) return;
    for (let at = box; at; at = at.parentElement?.closest("details")) if (at.matches("details")) at.open = true;
    event.preventDefault();
    box.scrollIntoView({ block: "center" });
    const into = "input:not([type=hidden]), select, textarea";
    (box.matches(into) ? box : box.querySelector(into))?.focus();
  });
})();
