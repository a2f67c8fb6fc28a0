/* Says what autosave does: saving, saved 09:41, not saved. A form or field marked data-autosave is one whose htmx requests count. */

export function startSaving() {
  document.addEventListener("htmx:beforeRequest", (event) => show(event, "saving"));
  document.addEventListener("htmx:afterRequest", (event) => {
    show(event, event.detail.successful ? "saved" : "failed");
  });
  // A refused answer (422) or a conflict (409) comes with a fragment that explains it: show it.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if ([409, 422].includes(event.detail.xhr.status)) event.detail.shouldSwap = true;
  });
}

function show(event, state) {
  if (!event.target.closest("[data-autosave]")) return;
  for (const place of document.querySelectorAll("[data-save-state]")) {
    place.dataset.state = state;
    place.textContent = place.dataset[state];
    if (state === "saved") place.textContent += ` ${now()}`;
  }
}

function now() {
  return new Date().toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" });
}
