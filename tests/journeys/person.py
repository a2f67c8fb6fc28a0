"""A person at a browser, who notices what a careful visitor would notice."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from journeys.pictures import small

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
PHONE = 500
NARROWEST = 360
# While an answer is on its way its line is pale for a moment, and so is the result of other answers;
# whether axe looks just then is chance.
WHILE_SAVING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`.htmx-request > .item-foot > .item-status { opacity: 1 !important }
    .what-if > .card { opacity: 1 !important; transition: none !important }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
# A call into the page has no time limit of its own.
LOOK = """() => Promise.race([
  axe.run(document, {resultTypes: ["violations"], preload: false}).then(result => result.violations.map(
    one => `${one.id}: ${one.help} – ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 200)).join(" | ")}`)),
  new Promise(done => setTimeout(() => done(["did not come to an end"]), 30000)),
])"""
# Whatever the content security policy stops is a fault of the page, even if nobody would notice.
STOPPED = """addEventListener("securitypolicyviolation", event => console.error(
  `stopped by the policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`))"""
STICKING_OUT = """[...document.querySelectorAll("main *")]
  .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth)
  .slice(-3).map(one => one.outerHTML.slice(0, 160))"""


@cache
def axe() -> str:
    return (Path(__file__).parent / "static" / "axe.min.js").read_text(encoding="utf-8")


class Person:
    """One browser profile with one page, and a list of everything that went wrong there."""

    def __init__(
        self,
        browser: Any,
        site: str,
        name: str,
        language: str,
        width: int,
        folder: Path,
        *,
        script: bool = True,
        dark: bool = False,
    ) -> None:
        self.site, self.name, self.language, self.width = site, name, language, width
        self.folder, self.script = folder, script
        self.faults: list[str] = []
        #: What this person's browser may ask; everything else is a fault.
        self.hosts = {urlsplit(site).netloc}
        self._expected: set[int] = set()
        self.context = browser.new_context(
            locale={"de": "de-DE", "en": "en-GB"}[language],
            timezone_id="Europe/Berlin",
            viewport={"width": width, "height": 844 if self.on_phone else 860},
            is_mobile=self.on_phone,
            has_touch=self.on_phone,
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            accept_downloads=True,
        )
        self.context.set_default_timeout(15_000)
        self.context.add_init_script(STOPPED)
        self.page = self.context.new_page()
        self._listen()

    @property
    def on_phone(self) -> bool:
        return self.width < PHONE

    def say(self, german: str, english: str) -> str:
        """Return the words in this person's language."""
        return german if self.language == "de" else english

    # What goes wrong

    def _listen(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)
        self.page.on("requestfailed", self._failed)

    def _heard(self, message: Any) -> None:
        # A refused request is reported by its status already.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.faults.append(f"console on {self.page.url}: {message.text}")

    def _asked(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and parts.netloc not in self.hosts:
            self.faults.append(f"asks a foreign host: {request.url}")

    def _answered(self, response: Any) -> None:
        if response.status >= 400 and response.status not in self._expected:
            self.faults.append(f"{response.status} {response.request.method} {response.url}")

    def _failed(self, request: Any) -> None:
        # Leaving a page cuts what it was still loading, and a download is no page.
        if "ERR_ABORTED" not in (request.failure or ""):
            self.faults.append(f"{request.failure}: {request.url}")

    @contextmanager
    def refused(self, *statuses: int) -> Iterator[None]:
        """Inside, these statuses are what is wanted."""
        self._expected |= set(statuses)
        yield
        self._expected -= set(statuses)

    # Going about

    def go(self, path: str, name: str = "") -> Any:
        """Open an address and look at the page."""
        response = self.page.goto(path if path.startswith("http") else self.site + path)
        self.look(name)
        return response

    def press(
        self, words: str | re.Pattern[str], *, exact: bool = True, within: Any = None
    ) -> None:
        """Press a button or follow a link by its words, as they are read out."""
        place = within or self.page.locator("main")
        both = place.get_by_role("button", name=words, exact=exact).or_(
            place.get_by_role("link", name=words, exact=exact)
        )
        both.first.click()

    def status(self, path: str, method: str = "GET", form: dict[str, str] | None = None) -> int:
        """Return how the site answers this person's browser, without going there."""
        more: dict[str, Any] = {}
        if method != "GET":
            cookies = {one["name"]: one["value"] for one in self.context.cookies()}
            token = cookies.get("csrftoken", "")
            more = {"headers": {"X-CSRFToken": token, "Referer": self.site}, "form": form or {}}
        answer = self.context.request.fetch(
            self.site + path, method=method, max_redirects=0, **more
        )
        return int(answer.status)

    def download(self, words: str) -> bytes:
        """Press on a download; return the file."""
        with self.page.expect_download() as waiting:
            self.press(words)
        path = waiting.value.path()
        return Path(path).read_bytes()

    # Looking at a page

    def look(self, name: str = "") -> None:
        """Check accessibility and width of the page; keep a picture of it under a name."""
        if self.script:
            self.check_accessibility()
        if self.on_phone:
            self.check_width()
        if name:
            self._keep_picture(name)

    def check_accessibility(self) -> None:
        if not self.page.evaluate("typeof window.axe === 'object'"):
            self.page.evaluate(axe())
            self.page.evaluate(WHILE_SAVING)
        found = self.page.evaluate(LOOK)
        if found:
            # Colours may be half way to what they become, on a busy machine for long: a fault is still there afterwards.
            again = self.page.evaluate(LOOK)
            found = [one for one in found if one in again]
        self.faults += [f"axe {self._where()}: {one}" for one in found]

    def check_width(self) -> None:
        """Nothing scrolls sideways, down to the narrowest phone."""
        size = self.page.viewport_size
        self.page.set_viewport_size({**size, "width": NARROWEST})
        wide, inner = self.page.evaluate(
            "[document.scrollingElement.scrollWidth, document.documentElement.clientWidth]"
        )
        if wide > inner:
            stick_out = self.page.evaluate(STICKING_OUT)
            self.faults.append(f"{self._where()} scrolls sideways: {wide} of {inner}: {stick_out}")
        self.page.set_viewport_size(size)

    def _where(self) -> str:
        return urlsplit(self.page.url).path

    def _keep_picture(self, name: str) -> None:
        file = f"{name}-{'phone' if self.on_phone else 'desktop'}.png"
        wanted = os.environ.get("MUTUALIST_SCREENSHOTS") == "1"
        folder = IMAGES / self.language if wanted else self.folder
        folder.mkdir(parents=True, exist_ok=True)
        self.page.evaluate("document.fonts.ready")
        self.page.evaluate("window.scrollTo(0, 0)")
        raw = self.page.screenshot(animations="disabled", caret="hide")
        (folder / file).write_bytes(small(self.context, raw) if wanted else raw)

    def leave(self) -> None:
        self.context.close()
