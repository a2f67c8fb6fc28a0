"""Run one command line: from arguments to an exit code, without a traceback for users' errors."""

from __future__ import annotations

import difflib
import os
import sys
from typing import Any, Final

from mutualist.cli.context import (
    DONE,
    ERROR,
    INTERRUPTED,
    USAGE,
    GlobalOptionError,
    _,
    lang,
    paint,
    split_global,
    use,
)
from mutualist.library.words import N_

#: What is said where an option wants a number and gets none, by what its reader says.
NUMBERS: Final = {
    "valid integer": N_("A whole number is needed, such as 1000."),
    "valid number": N_("A number is needed, such as 0.04."),
}


class CommandError(Exception):
    """A command can't go on; its message is already in the user's language."""

    def __init__(self, message: str, code: int = ERROR) -> None:
        super().__init__(message)
        self.code = code


def run(arguments: list[str]) -> int:
    """Run ``mutualist`` with these arguments and return its exit code."""
    try:
        settings, rest = split_global(arguments)
    except GlobalOptionError as error:
        complain(f"{error}")
        return USAGE
    use(settings)
    try:
        code = _dispatch(rest)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough; silence the flush at the end of the process as well.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    return code


def _dispatch(rest: list[str]) -> int:
    from mutualist.cli.app import build

    if rest == ["--version"]:
        from mutualist import __version__

        sys.stdout.write(f"mutualist {__version__}\n")
        return DONE
    if not rest and "_MUTUALIST_COMPLETE" not in os.environ:
        from mutualist.cli.help import print_first_screen

        print_first_screen()
        return DONE
    try:
        result = build().main(args=rest, prog_name="mutualist", standalone_mode=False)
    except KeyboardInterrupt:
        complain(_("Interrupted."))
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except SystemExit as error:
        # Typer ends the process by itself where the reader of stdout has gone.
        if isinstance(error.__context__, BrokenPipeError):
            raise BrokenPipeError from error
        raise
    except CommandError as error:
        complain(str(error))
        return error.code
    except Exception as error:  # noqa: BLE001 - the last line before a traceback
        return _report(error, as_json="--json" in rest)
    if result == INTERRUPTED:
        complain(_("Interrupted."))
    return result if isinstance(result, int) else DONE


def _report(error: Exception, *, as_json: bool = False) -> int:
    """Say what went wrong; only errors of the program itself keep their traceback."""
    import typer

    usage_error, click_error = typer.BadParameter.__mro__[1:3]
    if isinstance(error, typer.Abort):
        complain(_("Interrupted."))
        return INTERRUPTED
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(str(error) + "\n")
        return USAGE
    if isinstance(error, usage_error):
        complain(_usage_message(error))
        return USAGE
    if isinstance(error, click_error):
        complain(str(error))
        return ERROR
    return _report_file_error(error, as_json=as_json)


def _report_file_error(error: Exception, *, as_json: bool = False) -> int:
    from mutualist.cli.problems import SHOWN
    from mutualist.domain.assess import AnswerError
    from mutualist.domain.shared.errors import MutualistError
    from mutualist.library.errors import FileError, WorkbookError

    if isinstance(error, AnswerError):
        # A note, if there is one, is the name of the file.
        file = ": ".join(getattr(error, "__notes__", ()))
        lines = error.message(lang()).splitlines()
        wrong = [(file, "", line) for line in lines]
        return complain_of(wrong, [f"{file}: {line}" if file else line for line in lines], as_json)
    if isinstance(error, WorkbookError):
        return complain_of(*broken_cells(error.file, error), as_json)
    if isinstance(error, FileError):
        complain(error.message(lang()))
        return ERROR
    if isinstance(error, MutualistError):
        message = getattr(error, "message", None)
        # Many mistakes stand one a line; what is wrong with the first ones often explains the rest.
        first, *rest = (message(lang()) if callable(message) else str(error)).splitlines()
        complain("\n".join([first, *rest[: SHOWN - 1]]))
        if len(rest) >= SHOWN:
            sys.stderr.write(_("... and {count} more.", count=len(rest) - SHOWN + 1) + "\n")
        return ERROR
    if os.environ.get("MUTUALIST_TRACE"):
        raise error
    if isinstance(error, OSError) and error.strerror:
        # A full disk, another owner, a folder that is gone: nothing of it is an error of the program.
        place = error.filename or os.environ.get("MUTUALIST_DATA", "data")
        complain(_("{file} can't be used: {reason}.", file=place, reason=error.strerror))
        return ERROR
    complain(
        _(
            "This is an error of mutualist itself ({kind}: {error}). With MUTUALIST_TRACE=1 it "
            "shows where.",
            kind=type(error).__name__,
            error=error,
        )
    )
    return ERROR


def broken_cells(file: str, error: Any) -> tuple[list[tuple[str, str, str]], list[str]]:
    """Return the broken cells of a workbook as file, place and sentence, and as lines."""
    wrong = [
        (file, f"{one.sheet}!{one.cell}" if one.cell else one.sheet, one.message(lang()))
        for one in error.problems
    ]
    return wrong, [f"{file}: {one.line(lang())}" for one in error.problems]


def complain_of(wrong: list[tuple[str, str, str]], lines: list[str], as_json: bool) -> int:
    """Write many errors: some to stderr, with --json all of them to stdout; return the exit code."""
    from mutualist.cli import output, problems

    if as_json:
        output.deliver(output.as_json(problems.document(wrong)))
    else:
        problems.show(lines, complain, lambda line: sys.stderr.write(line + "\n"))
    return ERROR


def _usage_message(error: Any) -> str:
    """Return what is wrong with the arguments, a guess at what was meant, and where help is."""
    import typer

    from mutualist.cli.help import term

    ctx = error.ctx
    if hasattr(error, "possibilities"):
        said = _("There is no option {name}.", name=error.option_name)
        if error.possibilities:
            said += " " + _("Did you mean {name}?", name=min(error.possibilities))
    elif hasattr(error, "param_type"):
        said = _("{name} is missing.", name=term(error.param) if error.param else "")
    elif isinstance(error, typer.BadParameter):
        message = _bad_value(error)
        said = f"{term(error.param)}: {message}" if error.param else message
    else:
        said = _group_message(error)
    if ctx is not None:
        said += "\n" + _("Help: {command}", command=f"{ctx.command_path} --help")
    return said


def _bad_value(error: Any) -> str:
    """Return what is wrong with the value of an option, in the user's language where it is known."""
    known = next((said for kind, said in NUMBERS.items() if kind in error.message), None)
    if known:
        return _(known)
    low, high = getattr(error.param, "min", None), getattr(error.param, "max", None)
    if low is None or "or equal to" not in error.message:
        return str(error.message)
    if high is None:
        return _("A number from {low} on is needed.", low=low)
    return _("A number from {low} to {high} is needed.", low=low, high=high)


def _group_message(error: Any) -> str:
    """Return a message for a command that there is none of."""
    ctx = error.ctx
    commands = getattr(getattr(ctx, "command", None), "commands", None)
    if "unexpected extra argument" in error.message:
        return _(
            "These arguments are too many: {names}.", names=error.message.rpartition("(")[2][:-1]
        )
    quoted = error.message.split("'")
    if not commands or "No such command" not in error.message or len(quoted) < 2:
        return str(error.message)
    wanted = quoted[1]
    said = _("There is no command {name}.", name=f"'{wanted}'")
    near = difflib.get_close_matches(wanted, commands, n=1, cutoff=0.5)
    return said + (" " + _("Did you mean {name}?", name=f"'{near[0]}'") if near else "")


def complain(message: str) -> None:
    """Write an error to stderr."""
    first, _newline, rest = message.partition("\n")
    sys.stderr.write(paint(_("Error"), "red", sys.stderr) + f": {first}\n")
    if rest:
        sys.stderr.write(rest + "\n")
