"""Write a result as Markdown, HTML and the board's PDF into the present folder."""

from __future__ import annotations

from pathlib import Path

import mutualist as mu

verdict = mu.assess(mu.datasets.load_pumpenpuls(round=2))
Path("result.md").write_text(verdict.to_markdown("en", changes=True), encoding="utf-8")
Path("result.html").write_text(verdict.to_html("de"), encoding="utf-8")
Path("board.pdf").write_bytes(verdict.to_pdf("de"))
print(verdict, *sorted(p.name for p in Path().glob("result.*")), "board.pdf")
