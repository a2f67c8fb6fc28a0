// Says the value of a slider while it moves, and plays single futures; the server computes what follows.
(() => {
  "use strict";

  const form = document.getElementById("levers");
  if (!form) return;
  const locale = document.documentElement.lang === "de" ? "de-DE" : "en-GB";
  const PAUSE = 1200;
  // While a thumb moves the server is asked so often at most; an answer that takes longer is given up for a newer one.
  const RHYTHM = 100, LONG = 600;

  const AGAIN = 1500, TRIES = 5;
  const late = document.getElementById("late");

  let last = 0, waiting = 0, asked = 0, failed = 0;

  function move() {
    last = Date.now();
    if (asked && last - asked > LONG) htmx.trigger(form, "htmx:abort");
    form.dispatchEvent(new CustomEvent("moved"));
  }

  form.addEventListener("htmx:beforeSend", () => { asked = Date.now(); });
  form.addEventListener("htmx:afterRequest", (event) => {
    asked = 0;
    if (event.detail.successful) {
      failed = 0;
      late.hidden = true;
    }
  });
  // A server that is busy or out of reach is asked again; until then the page says that its figures are older.
  for (const name of ["htmx:responseError", "htmx:sendError"]) {
    form.addEventListener(name, () => {
      failed += 1;
      late.hidden = false;
      if (failed > TRIES) return;
      clearTimeout(waiting);
      waiting = setTimeout(move, failed * AGAIN);
    });
  }
  // Whoever is no longer signed in is led to the entrance, not shown it in the middle of the page.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, pathInfo } = event.detail;
    if (!xhr.responseURL || new URL(xhr.responseURL).pathname === pathInfo.requestPath) return;
    event.detail.shouldSwap = false;
    location.reload();
  });

  document.addEventListener("input", (event) => {
    const said = document.getElementById(`${event.target.id}-said`);
    if (!said || event.target.form !== form) return;
    const value = Number(event.target.value);
    const digits = Number.isInteger(value) ? 0 : 2;
    const number = value.toLocaleString(locale, { minimumFractionDigits: 0, maximumFractionDigits: digits });
    said.textContent = number + (said.dataset.unit || "");
    if (event.target.closest("#leave")) return;
    // The last place of the thumb is always asked for.
    clearTimeout(waiting);
    waiting = setTimeout(move, Math.max(0, RHYTHM - (Date.now() - last)));
  });

  let timer = 0;

  function figure() {
    return document.querySelector("[data-played]");
  }

  function step() {
    const shown = figure();
    const dots = shown ? [...shown.querySelectorAll("[data-said]")] : [];
    shown?.querySelector(".dot.now")?.classList.remove("now");
    if (!dots.length) return stop();
    const dot = dots[Math.floor(Math.random() * dots.length)];
    dot.classList.add("now");
    const text = shown.querySelector(".played");
    text.hidden = false;
    text.textContent = dot.dataset.said;
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    const shown = figure();
    shown?.querySelector(".dot.now")?.classList.remove("now");
    ready();
  }

  function ready() {
    const button = document.querySelector("[data-play]");
    if (!button) return;
    button.hidden = false;
    button.dataset.start ??= button.textContent;
    button.textContent = timer ? button.dataset.stop : button.dataset.start;
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-play]")) return;
    if (timer) return stop();
    timer = setInterval(step, PAUSE);
    step();
    ready();
  });
  // The figure is another one after each move of a slider.
  document.addEventListener("htmx:afterSettle", ready);
  ready();
})();
