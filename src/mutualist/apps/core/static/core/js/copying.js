/* Copies the text of an element, numbered if it is a list of clauses. */

export function startCopying() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    if (!source) return;
    await write(text(source), source);
    say(button);
  });
}

function text(source) {
  if (source.tagName !== "OL") return (source.value ?? source.innerText).trim();
  return [...source.children].map((item, index) => `${index + 1}. ${item.innerText.trim()}`).join("\n\n");
}

async function write(content, source) {
  try {
    await navigator.clipboard.writeText(content);
  } catch {
    // Plain http on another machine has no clipboard: select the text, so that one key press copies it.
    getSelection().selectAllChildren(source);
  }
}

function say(button) {
  const label = button.querySelector("span");
  const before = label.textContent;
  label.textContent = button.dataset.copied;
  label.setAttribute("role", "status");
  setTimeout(() => {
    label.textContent = before;
    label.removeAttribute("role");
  }, 2000);
}
