// Comfort on the result pages: unfold the findings for paper, print button.
(() => {
  "use strict";

  const unfolded = new Set();

  addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("main .disclosure:not([open], .answers)")) {
      part.open = true;
      unfolded.add(part);
    }
  });
  addEventListener("afterprint", () => {
    for (const part of unfolded) part.open = false;
    unfolded.clear();
  });
  document.getElementById("print")?.addEventListener("click", () => print());
})();
