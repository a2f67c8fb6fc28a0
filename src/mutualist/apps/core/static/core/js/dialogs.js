/* Dialogs for browsers without invoker commands, questions before a step that cannot be undone, menus, messages. */

export function startDialogs() {
  document.addEventListener("click", (event) => {
    invoke(event);
    confirmFirst(event);
    event.target.closest("[data-dismiss]")?.closest(".toast").remove();
    for (const menu of document.querySelectorAll("[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  for (const button of document.querySelectorAll("[data-dismiss]")) button.hidden = false;
}

function invoke(event) {
  const button = event.target.closest("button[command][commandfor]");
  if (!button || "command" in HTMLButtonElement.prototype) return;
  const dialog = document.getElementById(button.getAttribute("commandfor"));
  if (button.getAttribute("command") === "show-modal") dialog?.showModal();
  else dialog?.close();
}

function confirmFirst(event) {
  const button = event.target.closest("[data-confirm]");
  if (!button || window.confirm(button.dataset.confirm)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}
