// Draws the charts of a page from the specifications the server put beside their tables.
// Loaded only on pages with a chart. `ast` makes Vega interpret its expressions instead of
// compiling them, so the content security policy needs no unsafe-eval.
(() => {
  "use strict";

  const options = {
    mode: "vega-lite",
    renderer: "svg",
    ast: true,
    actions: false,
    tooltip: false,
    defaultStyle: false,
  };

  async function draw(frame) {
    if (frame.dataset.drawn) return;
    frame.dataset.drawn = "yes";
    const spec = JSON.parse(frame.querySelector("script").textContent);
    const place = frame.querySelector("[data-place]");
    spec.width = "container";
    try {
      place.replaceChildren();
      await vegaEmbed(place, spec, options);
      const drawing = place.querySelector("svg");
      // Vega describes axes and legends in English only: one sentence in the page's language stands for all.
      drawing.setAttribute("aria-hidden", "true");
      place.setAttribute("role", "img");
      place.setAttribute("aria-label", spec.description);
    } catch (error) {
      // The table beside the chart says the same; show it instead of an empty frame.
      place.hidden = true;
      frame.parentElement.querySelector("details.twin")?.setAttribute("open", "");
      console.warn("chart not drawn", error);
    }
  }

  const near = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        near.unobserve(entry.target);
        draw(entry.target);
      }
    },
    { rootMargin: "400px" },
  );

  function find(root) {
    for (const frame of root.querySelectorAll("[data-chart]")) near.observe(frame);
  }

  // The rest follows while nobody waits, so that fast scrolling and printing find no empty frame.
  // What lies in a folded part has no width yet; it is drawn when it is unfolded.
  const idle = window.requestIdleCallback ?? ((then) => setTimeout(then, 200));

  async function drawRest() {
    for (const frame of document.querySelectorAll("[data-chart]:not([data-drawn])")) {
      if (!frame.getClientRects().length) continue;
      await new Promise((then) => idle(then));
      await draw(frame);
    }
  }

  // What was never scrolled to still has to be on paper.
  addEventListener("beforeprint", () => {
    for (const frame of document.querySelectorAll("[data-chart]")) draw(frame);
  });
  document.addEventListener("htmx:load", (event) => find(event.detail.elt));
  find(document);
  addEventListener("load", drawRest);
})();
