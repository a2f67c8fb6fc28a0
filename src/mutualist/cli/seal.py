"""`mutualist seal verify`: check receipts of seals on one's own computer, without a server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from mutualist.cli.context import DONE, ERROR, _, lang, paint
from mutualist.cli.output import as_json, deliver, tell
from mutualist.cli.problems import show
from mutualist.library.words import N_

if TYPE_CHECKING:
    from mutualist.library.receipts import ReceiptCheck

HELP = N_("Check what was sealed, without believing a server.")

HELPS: Final = {
    "verify": (
        N_("Check receipts: form, seal, fingerprint and signature; several are compared."),
        N_(
            "With --result the opened answers are compared with the sealed ones. Nothing is sent anywhere. "
            "Without --public-key the key in the receipt is used: that shows that nothing was changed, not who signed."
        ),
    ),
}


def verify(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help=N_("Receipts; - is standard input."))
    ],
    result: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help=N_("Room file or answers with what was opened.")),
    ] = None,
    public_key: Annotated[
        str | None,
        typer.Option(metavar="KEY", help=N_("Key of the server, or a file or mail with it.")),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help=N_("One JSON document."))] = False,
) -> int:
    """Check receipts: form, seal, fingerprint and signature; several are compared."""
    from mutualist.library.receipts import verify_receipts

    key = _key(public_key) if public_key else None
    checks = verify_receipts(files, public_key=key, results=result or [], lang=lang())
    good = all(check.ok for check in checks)
    if json_:
        receipts = [check.to_dict(lang()) for check in checks]
        deliver(as_json({"schema": "mutualist-check/1", "ok": good, "receipts": receipts}))
        return DONE if good else ERROR
    for check in checks:
        _show(check)
    if good and key is None:
        tell(
            _(
                "Compare the key with the one in your mails about this room, or give it with --public-key."
            )
        )
    return DONE if good else ERROR


def _key(given: str) -> str:
    """Return the key itself, also out of a file or a mail with a head."""
    from mutualist.library.errors import FileError
    from mutualist.library.files import read_bytes
    from mutualist.library.heads import read_heads
    from mutualist.library.signatures import read_public_key

    if not Path(given).is_file():
        return read_public_key(given)
    try:
        keys = {head.key for head in read_heads(given)}
    except FileError:
        keys = set()
    return (
        keys.pop()
        if len(keys) == 1
        else read_public_key(read_bytes(given).decode(errors="replace"))
    )


def _show(check: ReceiptCheck) -> None:
    """Print one receipt's check in a few lines."""
    said = _("holds") if check.ok else _("does NOT hold")
    print(f"{check.file}: {paint(said, 'accent' if check.ok else 'red')}")
    if check.receipt:
        receipt = check.receipt
        print(
            "  "
            + _(
                "{party}, round {round} of {room}, sealed {when}",
                party=receipt["party_name"],
                round=receipt["round"],
                room=receipt["name"] or receipt["room"],
                when=receipt["sealed_at"],
            )
        )
        print("  " + _("Fingerprint of the seal: {mark}", mark=receipt["fingerprint"]))
        print("  " + _("Key of the server: {mark}", mark=receipt["key_fingerprint"]))
    for file, kind in check.compared:
        words = {
            "all": _("{file}: all answers are as they were sealed.", file=file),
            "shown": _("{file}: the answers shown to others are as they were sealed.", file=file),
        }
        print("  " + words[kind])
    show([f"  {message}" for message in check.messages(lang())])
