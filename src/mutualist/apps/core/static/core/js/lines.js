/* A link marked data-line puts the cursor on that line of the text it names; without script it leads to the text. */

export function startLines() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    const text = link && document.getElementById(link.dataset.lineOf);
    if (!text) return;
    event.preventDefault();
    show(text, Number(link.dataset.line));
  });
}

function show(text, line) {
  const lines = text.value.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(start, start + (lines[line - 1] || "").length);
  text.scrollTop = Math.max(0, (text.scrollHeight / lines.length) * (line - 3));
  text.scrollIntoView({ block: "center" });
}
