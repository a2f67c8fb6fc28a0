/* What was typed before the scripts came, or was put back into a form, is checked like what is typed later. */

export function startEarly() {
  document.addEventListener("htmx:load", checkTyped, { once: true });
}

function checkTyped() {
  for (const place of document.querySelectorAll("[hx-trigger^=input]")) {
    if (fieldsIn(place).some(isTyped)) place.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function fieldsIn(place) {
  return place.elements ? [...place.elements] : [place];
}

function isTyped(field) {
  if (["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
  if (field.options) return field.value !== shownFirst(field.options)?.value;
  return field.type !== "hidden" && field.defaultValue !== undefined && field.value !== field.defaultValue;
}

function shownFirst(options) {
  return [...options].find((one) => one.defaultSelected) ?? options[0];
}
