/* Light, dark, or as the device. The server reads the cookie, so the next page starts in the right scheme. */
const YEAR = 365 * 24 * 3600;

export function startTheme() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-switch] button");
    if (button) choose(button.value, button.closest("[data-theme-switch]"));
  });
}

function choose(scheme, group) {
  const tls = location.protocol === "https:";
  const [host, secure] = tls ? ["__Host-", "; Secure"] : ["", ""];
  document.cookie = `${host}theme=${scheme}; Path=/; Max-Age=${scheme ? YEAR : 0}; SameSite=Lax${secure}`;
  if (scheme) document.documentElement.dataset.theme = scheme;
  else delete document.documentElement.dataset.theme;
  for (const button of group.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === scheme));
  }
}
