// Says the value of a slider while it moves; the server computes what follows from it.
(() => {
  "use strict";

  const form = document.getElementById("levers");
  if (!form) return;
  const locale = document.documentElement.lang;

  form.addEventListener("input", (event) => {
    const said = document.getElementById(`${event.target.id}-said`);
    if (!said) return;
    const value = Number(event.target.value);
    const digits = Number.isInteger(value) ? 0 : 2;
    const number = value.toLocaleString(locale === "de" ? "de-DE" : "en-GB", { minimumFractionDigits: 0, maximumFractionDigits: digits });
    said.textContent = number + (said.dataset.unit || "");
  });
})();
