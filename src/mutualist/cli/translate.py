"""Words of the command line that Typer brings along, in the user's language."""

from __future__ import annotations

from typing import Any

from mutualist.library.words import N_

INSTALL = N_("Install completion for this shell.")
SHOW = N_("Print the completion of this shell, to copy it.")


def translate_completion(command: Any) -> None:
    """Give Typer's two options for shell completion our words; help pages translate them."""
    for parameter in command.params:
        if parameter.name == "install_completion":
            parameter.help = INSTALL
        elif parameter.name == "show_completion":
            parameter.help = SHOW
