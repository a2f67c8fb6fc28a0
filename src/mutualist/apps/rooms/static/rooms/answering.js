/* Comfort for the answer sheet. Every page works without it. */

const FORM = "form.sheet";

document.addEventListener("click", (event) => {
  const button = event.target.closest(".stepper[data-steps] > [data-go]");
  if (button) step(button.parentElement, Number(button.dataset.go));
});
document.addEventListener("keydown", (event) => {
  const stepper = event.target.closest(".stepper[data-steps]");
  const go = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  if (!stepper || !go) return;
  event.preventDefault();
  step(stepper, go);
});
document.addEventListener("input", (event) => refresh(event.target));
document.addEventListener("change", (event) => settle(event.target));

/* − and + : a step of the stride, kept within the bounds */
function step(stepper, direction) {
  const input = stepper.querySelector("input");
  const stride = Number(stepper.dataset.steps) || 1;
  const low = stepper.dataset.low === undefined ? -Infinity : Number(stepper.dataset.low);
  const high = stepper.dataset.high === undefined ? Infinity : Number(stepper.dataset.high);
  const before = numberIn(input);
  if (Number.isNaN(before)) return;
  const after = Math.min(high, Math.max(low, before + direction * stride));
  if (input.value !== "" && after === before) return;
  input.value = String(after);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function numberIn(input) {
  const text = input.value.trim().replace(",", ".");
  return text === "" ? 0 : Number(text);
}

/* What is shown while one types */
function refresh(target) {
  const shares = target.closest("[data-shares]");
  if (shares) count(shares);
  if (target.dataset?.thousands) inFull(target);
  if (target.dataset?.longest) remaining(target);
}

function count(shares) {
  let given = 0;
  for (const input of shares.querySelectorAll("input")) {
    const points = numberIn(input) || 0;
    given += points;
    input.closest(".points-row").querySelector("progress").value = points;
  }
  const total = shares.querySelector(".points-total");
  const rest = shares.querySelector("[data-rest]");
  total.dataset.state = given > 100 ? "over" : given === 100 ? "exact" : "under";
  shares.querySelector("[data-given]").textContent = String(given);
  const words = { over: rest.dataset.over, exact: rest.dataset.exact, under: rest.dataset.left };
  const word = words[total.dataset.state];
  rest.textContent = given === 100 ? word : `${Math.abs(100 - given)} ${word}`;
}

/* Money is typed in thousands: write the sum out, so that nobody is wrong by a factor */
function inFull(input) {
  const place = document.querySelector(`[data-in-full="${input.id}"]`);
  if (!place) return;
  const amount = readNumber(input.value) * 1000;
  const language = document.documentElement.lang === "de" ? "de-DE" : "en-GB";
  const shown = Number.isFinite(amount) && input.value.trim() !== "";
  place.textContent = shown ? `= ${amount.toLocaleString(language)} ${input.dataset.thousands}` : "";
}

function readNumber(text) {
  const bare = text.replace(/[\s\u00a0'€$£]/g, "").replace("−", "-");
  const grouping = document.documentElement.lang === "de" ? "." : ",";
  const plain = bare.split(grouping).join("").replace(",", ".");
  return /^[+-]?\d*\.?\d+$/.test(plain) ? Number(plain) : NaN;
}

function remaining(area) {
  const place = document.querySelector(`[data-count-of="${area.id}"]`);
  const left = Number(area.dataset.longest) - area.value.trim().length;
  place.dataset.state = left < 0 ? "over" : "fine";
  place.textContent = `${Math.abs(left)} ${left < 0 ? place.dataset.over : place.dataset.left}`;
}

/* Answers that exclude each other: "none of these" and a tick, "don't know" and an answer */
function settle(target) {
  const item = target.closest(".item");
  if (!item || target.type === "hidden") return;
  const unsure = item.querySelector(".item-foot input[type=checkbox]");
  if (target === unsure) {
    item.classList.toggle("is-dont-know", unsure.checked);
    setAside(item, unsure.checked);
    return;
  }
  if (unsure?.checked) {
    unsure.checked = false;
    item.classList.remove("is-dont-know");
  }
  if (target.dataset.none !== undefined && target.checked) clearBeside(target);
  else if (target.checked) untickNone(target);
}

/* "Don't know" puts the typed answer aside; taking the tick back brings it again. */
function setAside(item, aside) {
  for (const box of item.querySelectorAll(".item-body :is(input, select, textarea)")) {
    if (aside) {
      box.dataset.kept = isChoice(box) ? String(box.checked) : box.value;
      if (isChoice(box)) box.checked = false;
      else box.value = "";
    } else if (box.dataset.kept !== undefined && isEmpty(box)) {
      if (isChoice(box)) box.checked = box.dataset.kept === "true";
      else box.value = box.dataset.kept;
    }
  }
  for (const shares of item.querySelectorAll("[data-shares]")) count(shares);
}

function isChoice(box) {
  return box.type === "radio" || box.type === "checkbox";
}
function isEmpty(box) {
  return isChoice(box) ? !box.checked : box.value === "";
}

function clearBeside(none) {
  const column = none.name.replace(/\.none$/, "");
  const item = none.closest(".item");
  for (const box of item.querySelectorAll(".item-body input:checked")) {
    if (box !== none && (box.name === column || box.name.startsWith(`${column}.`))) box.checked = false;
  }
}

function untickNone(box) {
  for (const none of box.closest(".item").querySelectorAll("[data-none]:checked")) {
    const column = none.name.replace(/\.none$/, "");
    if (box.name === column || box.name.startsWith(`${column}.`)) none.checked = false;
  }
}

/* Autosave: points are sent once they add up; messages are put where they belong */
document.addEventListener("htmx:beforeRequest", (event) => {
  const shares = event.target.querySelector?.("[data-shares]");
  if (!shares || shares.querySelector(".points-total").dataset.state === "exact") return;
  const typed = [...shares.querySelectorAll("input")].map((input) => input.value.trim()).filter(Boolean);
  if (!typed.length || typed.some((text) => !/^\d+$/.test(text))) return;
  event.preventDefault();
  const note = document.createElement("span");
  note.className = "unfinished";
  note.textContent = document.querySelector(FORM).dataset.unfinished;
  event.target.querySelector(".item-status").replaceChildren(note);
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([409, 422].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
document.addEventListener("item-errors", (event) => {
  const { item, errors } = event.detail;
  const box = document.querySelector(`.item[data-item="${item}"]`);
  for (const place of box?.querySelectorAll("[data-error-of]") ?? []) {
    const id = place.dataset.errorOf;
    place.textContent = errors[id] ?? "";
    const input = document.getElementById(id);
    if (!input || input.tagName === "FIELDSET") continue;
    if (errors[id]) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
});
for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(failure, (event) => {
    if (!event.target.closest?.(FORM)) return;
    const state = document.getElementById("saved-at");
    state.dataset.state = "failed";
    state.textContent = document.querySelector(FORM).dataset.notSaved;
  });
}

/* A link to another question saves this page first, so that half an answer isn't lost */
document.addEventListener("click", (event) => {
  const link = event.target.closest(".question-nav a");
  const form = document.querySelector(FORM);
  if (!link || !form || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const number = new URL(link.href).pathname.match(/\/(\d)\/$/)?.[1];
  if (number === undefined) return;
  event.preventDefault();
  const go = Object.assign(document.createElement("input"), { type: "hidden", name: "go", value: number });
  form.append(go);
  form.requestSubmit();
});

/* What is being saved is heard out before the page is sent: it would meet its own saving as somebody else's */
const PATIENCE = 5000;
let underway = 0;
let heldBack = false;
document.addEventListener("htmx:beforeSend", (event) => {
  if (event.target.closest(FORM)) underway += 1;
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.target.closest(FORM)) return;
  underway = Math.max(0, underway - 1);
  // Another saving of the same item may stand in the queue behind this one.
  setTimeout(() => underway || document.dispatchEvent(new Event("all-saved")));
});
document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!form.matches(FORM) || !underway) return;
  event.preventDefault();
  if (heldBack) return;
  heldBack = true;
  allSaved().then(() => {
    heldBack = false;
    underway = 0;
    form.requestSubmit(submitter);
  });
});

function allSaved() {
  return new Promise((done) => {
    document.addEventListener("all-saved", done, { once: true });
    setTimeout(done, PATIENCE);
  });
}

/* What a link of the summary of errors leads to gets the focus, also inside a folded row */
document.addEventListener("click", (event) => {
  const link = event.target.closest('.error-summary a[href^="#"]');
  const goal = link && document.getElementById(link.hash.slice(1));
  if (!goal) return;
  goal.closest("details")?.setAttribute("open", "");
  const box = goal.matches("input, select, textarea") ? goal : goal.querySelector("input:not([type=hidden]), select, textarea");
  if (!box) return;
  event.preventDefault();
  box.scrollIntoView({ block: "center" });
  box.focus({ preventScroll: true });
});

for (const input of document.querySelectorAll("[data-thousands]")) inFull(input);
for (const area of document.querySelectorAll("[data-longest]")) if (area.value) remaining(area);
