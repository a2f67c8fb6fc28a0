"""The command ``mutualist``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line of this process and end it with its exit code."""
    from mutualist.cli.run import run

    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a letter shows a question mark; it is no reason to stop.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    sys.exit(run(sys.argv[1:]))
