"""Make the environment of the programs that are measured beside this one: python bench/peers.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".venv-peers"
PYTHON = FOLDER / "bin" / "python"


def main() -> None:
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(FOLDER)], check=True)
    lock = str(ROOT / "requirements" / "peers.txt")
    uv = [str(ROOT / ".venv/bin/uv"), "pip", "sync", "--quiet", "--require-hashes"]
    subprocess.run([*uv, "--python", str(PYTHON), lock], check=True)


if __name__ == "__main__":
    main()
