"""`mutualist audit ...`: check the log of everything that was done."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from mutualist.cli import problems
from mutualist.cli.context import DONE, ERROR, USAGE, _, lang, paint
from mutualist.cli.output import as_json, deliver, tell
from mutualist.cli.run import CommandError
from mutualist.cli.web import start_django
from mutualist.library.words import N_, number

if TYPE_CHECKING:
    from mutualist.apps.core.audit_check import AuditCheck
    from mutualist.domain.shared import Head

HELP = N_("The log of everything that was done: check it, compare heads of it.")

HELPS: Final = {
    "verify": (
        N_("Check the log in the database: every entry, every end, every head that was mailed."),
        N_(
            "Give the mails your users have kept with --heads: whoever can write to the database can change "
            "everything in it, but not what lies in other people's mail."
        ),
    ),
    "heads": (
        N_("Check heads of logs from mails: signatures, and whether they contradict each other."),
        N_(
            "Needs no server. Two sides that lay their mails side by side see whether both were told the same."
        ),
    ),
}

REASONS: Final = {
    "number": N_("entries before this one are missing or doubled"),
    "link": N_("the entry before is not the one it was written after"),
    "hash": N_("the entry was changed"),
    "columns": N_("action or time of the entry were changed"),
    "personal": N_("names or addresses of the entry were changed"),
    "head": N_("the log does not end where it ended"),
    "anchor": N_("at this place stood something else when its head was mailed"),
    "signature": N_("this head was not signed with the key of this installation"),
}
# Chain, number and hash as somebody reads them out: room:7 42 9f...
_READ_OUT: Final = re.compile(r"([!-~]{1,80})[\s,;]+([0-9]{1,16})[\s,;]+([0-9a-fA-F]{64})")

Json = Annotated[bool, typer.Option("--json", help=N_("One JSON document."))]


def verify(
    chains: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CHAIN]", help=N_("Some chains only, e.g. room:7; else all.")),
    ] = None,
    heads: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help=N_("File with heads: saved mails, text, JSON.")),
    ] = None,
    head: Annotated[
        list[str] | None,
        typer.Option(metavar="HEAD", help=N_("One head: a file, or 'CHAIN NUMBER HASH'.")),
    ] = None,
    processes: Annotated[
        int | None,
        typer.Option(metavar="NUMBER", min=1, max=64, help=N_("Processes; else one a core.")),
    ] = None,
    json_: Json = False,
) -> int:
    """Check the log in the database: every entry, every end, every head that was mailed."""
    start_django()
    from django.db import DatabaseError

    from mutualist.apps.core.audit_check import verify_all

    given = [*_from_files(heads or ()), *(one for text in head or () for one in _head(text))]
    try:
        check = verify_all(chains or (), heads=given, processes=processes)
    except LookupError as error:
        raise CommandError(_("There is no chain {chain}.", chain=error)) from error
    except DatabaseError as error:
        reason = " ".join(str(error).split())
        raise CommandError(_("The database can't be used: {reason}", reason=reason)) from error
    if json_:
        deliver(as_json(_document(check)))
    else:
        _show(check)
    if any(fault.reason == "signature" for fault in check.faults):
        _tell_of_the_key()
    return ERROR if check.faults else DONE


def _tell_of_the_key() -> None:
    """Say when signatures do not hold because the key is away, and not because they were forged."""
    from mutualist.apps.core.environment import SettingError
    from mutualist.apps.core.signing_keys import require_fitting

    try:
        require_fitting(make=False)
    except SettingError as error:
        tell(str(error))


def _from_files(files: Any) -> list[Head]:
    from mutualist.library.heads import read_heads

    return [head for file in files for head in read_heads(file)]


def _head(text: str) -> list[Head]:
    """Read a head given as a file, as its text, or as chain, number and hash."""
    from mutualist.apps.core.audit_check import bare_head
    from mutualist.domain.shared import find_heads

    if len(text) < 4096 and "\n" not in text and Path(text).is_file():
        return _from_files([Path(text)])
    found = list(find_heads(text))
    if found:
        return found
    short = _READ_OUT.fullmatch(text.strip())
    if short is None:
        raise CommandError(
            _("--head: expected a file, the lines of a head, or 'CHAIN NUMBER HASH'."), USAGE
        )
    return [bare_head(short[1], int(short[2]), short[3])]


def _document(check: AuditCheck) -> dict[str, Any]:
    return {
        "schema": "mutualist-audit/1",
        "ok": not check.faults,
        "chains": check.chains,
        "entries": check.entries,
        "anchors": check.anchors,
        "heads": check.heads,
        "faults": [
            {
                "chain": fault.chain,
                "seq": fault.seq,
                "reason": fault.reason,
                "message": _(REASONS[fault.reason]),
            }
            for fault in check.faults
        ],
    }


def _show(check: AuditCheck) -> None:
    problems.show(
        [f"{fault.chain} {fault.seq}: {_(REASONS[fault.reason])}" for fault in check.faults]
    )
    counted = _(
        "Checked: {entries} entries in {chains} chains, {anchors} heads that were mailed, {heads} given heads.",
        entries=number(check.entries, lang()),
        chains=number(check.chains, lang()),
        anchors=number(check.anchors, lang()),
        heads=number(check.heads, lang()),
    )
    tell(counted)
    if check.faults:
        said = _("The log does NOT hold: {count} faults.", count=number(len(check.faults), lang()))
        print(paint(said, "red"))
        return
    print(paint(_("The log holds."), "accent"))
    if not check.heads:
        tell(
            _(
                "Whoever can write to this database could have written all of it anew. Only heads from mails "
                "show that: --heads FILE."
            )
        )


def _told(head: Head, *, signed: bool) -> str:
    said = _("signed") if signed else _("NOT signed with this key")
    return f"{head.chain} {head.seq}  {head.hash[:16]}…  {head.time}  {said}"


def heads(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help=N_("Saved mails, text or JSON with heads."))
    ],
    public_key: Annotated[
        str | None, typer.Option(metavar="KEY", help=N_("Key of the server, if you know it."))
    ] = None,
    json_: Json = False,
) -> int:
    """Check heads of logs from mails: signatures, and whether they contradict each other."""
    from mutualist.domain.shared import contradictions
    from mutualist.library.heads import read_heads, signed_by
    from mutualist.library.signatures import read_public_key

    key = read_public_key(public_key) if public_key else None
    found = list(dict.fromkeys(head for file in files for head in read_heads(file)))
    signed = {head: signed_by(head, key) for head in found}
    against = contradictions(found)
    good = all(signed.values()) and not against
    if json_:
        listed = [{**head.to_dict(), "signed": signed[head]} for head in found]
        pairs = [[one.to_dict(), other.to_dict()] for one, other in against]
        document = {"schema": "mutualist-heads/1", "ok": good, "heads": listed}
        deliver(as_json({**document, "contradictions": pairs}))
        return DONE if good else ERROR
    # Those that do not hold first: of very many only the first are shown.
    in_order = sorted(found, key=lambda head: (signed[head], head.chain, head.seq))
    problems.show([_told(head, signed=signed[head]) for head in in_order])
    problems.show(
        [
            _(
                "{chain} {seq}: two different heads of one place, {one} and {other}. One side was told something else.",
                chain=one.chain,
                seq=one.seq,
                one=one.hash[:16],
                other=other.hash[:16],
            )
            for one, other in against
        ]
    )
    return DONE if good else ERROR
