/* A bar of tabs wider than the screen starts where its current tab is seen. */
export function startTabs() {
  for (const current of document.querySelectorAll(".tabs [aria-current]")) {
    const bar = current.closest(".tabs");
    const left = current.getBoundingClientRect().left - bar.getBoundingClientRect().left;
    bar.scrollLeft += left - (bar.clientWidth - current.offsetWidth) / 2;
  }
}
