"""The content security policy in a real browser: pages live with it, and what is slipped in does not run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from journeys.person import Person

TRY = """async () => {
  window.ran = [];
  const tried = {
    "inline script": () => { const s = document.createElement("script"); s.textContent = "ran.push('inline script')"; document.body.append(s); },
    "foreign script": () => { const s = document.createElement("script"); s.src = "https://elsewhere.example/x.js"; document.body.append(s); },
    "handler": () => { const b = document.createElement("button"); b.setAttribute("onclick", "ran.push('handler')"); document.body.append(b); b.click(); },
    "javascript address": () => { const a = document.createElement("a"); a.href = "javascript:ran.push('javascript address')"; document.body.append(a); a.click(); },
    "eval": () => setTimeout(() => { try { new Function("ran.push('eval')")(); } catch { /* wanted */ } }),
    "style": () => { const e = document.createElement("div"); e.setAttribute("style", "width: 7px"); document.body.append(e); if (e.style.width) ran.push("style"); },
    "base": () => { const b = document.createElement("base"); b.href = "https://elsewhere.example/"; document.head.append(b); if (document.baseURI.includes("elsewhere")) ran.push("base"); },
    "frame": () => { const f = document.createElement("iframe"); f.src = location.href; document.body.append(f); },
    "image": () => { const i = new Image(); i.onload = () => ran.push("image"); i.src = "https://elsewhere.example/i.png"; },
  };
  const stopped = [];
  addEventListener("securitypolicyviolation", event => stopped.push(event.effectiveDirective));
  for (const one of Object.values(tried)) one();
  await fetch("https://elsewhere.example/").catch(() => 0);
  await new Promise(done => setTimeout(done, 300));
  return [window.ran, [...new Set(stopped)].sort()];
}"""
WANTED = {
    *("base-uri", "connect-src", "frame-src", "img-src"),
    *("script-src", "script-src-attr", "script-src-elem", "style-src-attr"),
}


@pytest.mark.parametrize("path", ["/", "/api/v1/docs"])
def test_what_is_slipped_into_a_page_does_not_run(browser: Any, site: str, path: str) -> None:
    page = browser.new_page()
    page.goto(site + path)
    ran, stopped = page.evaluate(TRY)
    assert ran == []
    assert set(stopped) >= WANTED
    page.close()


def test_the_description_of_the_api_lives_with_the_policy(person: Callable[..., Person]) -> None:
    reader = person("Reader")
    reader.page.goto(f"{reader.site}/api/v1/docs")
    operations = reader.page.locator(".opblock")
    expect(operations.first).to_be_visible()
    assert operations.count() >= 20
    operations.first.click()
    expect(reader.page.locator(".opblock-body").first).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_the_style_guide_lives_with_the_policy(
    person: Callable[..., Person], settings: Any, dark: bool
) -> None:
    settings.MUTUALIST_DEMO = True
    reader = person("Reader", dark=dark)
    reader.go("/styleguide/")
    style = "getComputedStyle(document.body).fontFamily"
    assert "Instrument" in reader.page.evaluate(style), "the style sheet and its font arrived"
