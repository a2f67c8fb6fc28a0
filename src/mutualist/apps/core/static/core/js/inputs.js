/* Steppers and the sharing out of points. Listeners sit on the document, so swapped-in fragments work at once. */

export function startInputs() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-stepper] [data-step]");
    if (button) step(button);
  });
  document.addEventListener("input", (event) => {
    const sheet = event.target.closest("[data-points]");
    if (sheet) count(sheet);
  });
  for (const summary of document.querySelectorAll("[data-focus]")) summary.focus();
}

function step(button) {
  const input = button.closest("[data-stepper]").querySelector("input");
  if (input.disabled || input.readOnly) return;
  const stride = Number(input.dataset.stride || input.step) || 1;
  const before = Number(input.value) || 0;
  const low = input.min === "" ? -Infinity : Number(input.min);
  const high = input.max === "" ? Infinity : Number(input.max);
  const after = Math.min(high, Math.max(low, before + Number(button.dataset.step) * stride));
  if (input.value !== "" && after === before) return;
  input.value = String(after);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function count(sheet) {
  const total = Number(sheet.dataset.points);
  let given = 0;
  for (const input of sheet.querySelectorAll("input[type=number]")) {
    const value = Number(input.value) || 0;
    given += value;
    const bar = input.closest(".points-row")?.querySelector("progress");
    if (bar) bar.value = value;
  }
  const rest = sheet.querySelector("[data-rest]");
  const state = given > total ? "over" : given === total ? "exact" : "under";
  sheet.querySelector(".points-total").dataset.state = state;
  sheet.querySelector("[data-given]").textContent = String(given);
  if (state === "exact") rest.textContent = rest.dataset.exact;
  else rest.textContent = `${Math.abs(total - given)} ${state === "over" ? rest.dataset.over : rest.dataset.left}`;
}
