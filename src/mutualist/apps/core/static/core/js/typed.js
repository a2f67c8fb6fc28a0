/* A form sent after the session has ended leads to the sign-in. What was typed waits in this window meanwhile,
   and stands in the form again once the same person has signed in; on any other page it is forgotten.
   Only parts of a page marked data-keep-typed do this. Passwords, files and hidden fields are never kept. */

const KEY = "mutualist.typed";
const PLACES = "[data-keep-typed] form[method=post]";

export function startTyped() {
  const kept = read();
  if (location.pathname.startsWith("/accounts/")) {
    if (kept) write({ ...kept, signedOut: true });
    return;
  }
  if (kept) sessionStorage.removeItem(KEY);
  if (kept && kept.signedOut && kept.page === location.pathname && kept.person === person()) putBack(kept);
  document.addEventListener("submit", (event) => {
    if (event.target.matches(PLACES)) write(typedIn(event.target));
  });
}

function person() {
  return document.querySelector(".menu-name")?.textContent ?? "";
}

function fieldsOf(form) {
  return [...form.elements].filter(
    (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type),
  );
}

function typedIn(form) {
  return {
    page: new URL(form.getAttribute("action") || location.pathname, location.href).pathname,
    person: person(),
    form: [...document.querySelectorAll(PLACES)].indexOf(form),
    fields: fieldsOf(form).map((field) => ({ name: field.name, value: field.value, checked: field.checked })),
  };
}

function putBack(kept) {
  const form = document.querySelectorAll(PLACES)[kept.form];
  if (!form) return;
  const fields = fieldsOf(form);
  if (fields.map((field) => field.name).join() !== kept.fields.map((field) => field.name).join()) return;
  fields.forEach((field, at) => {
    const { value, checked } = kept.fields[at];
    if (["checkbox", "radio"].includes(field.type)) field.checked = checked;
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  const note = document.querySelector("[data-typed-note]");
  if (note) note.hidden = false;
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

function write(value) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(value));
  } catch {
    /* No room, or no storage allowed: the form is sent all the same. */
  }
}
