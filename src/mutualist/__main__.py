"""``python -m mutualist`` is the command ``mutualist``."""

from __future__ import annotations

from mutualist.cli import main

main()
