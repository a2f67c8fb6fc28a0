"""`mutualist room ...`: a room in a folder, from the frame to the opening."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from mutualist.cli.context import DONE, NOT_OPEN, _, lang, paint
from mutualist.cli.output import as_json, deliver, refuse_overwriting, suggest, tell
from mutualist.cli.run import CommandError
from mutualist.library.words import N_

HELP = N_("A room in a folder you share: answer, seal, open. No server needed.")

Folder = Annotated[Path, typer.Argument(metavar="ROOM", help=N_("Folder of the room."))]
As = Annotated[
    str | None,
    typer.Option("--as", metavar="PARTY", help=N_("Who you are: id or beginning of the name.")),
]

HELPS: Final = {
    "new": (N_("Make a room: its frame and parties, nothing else yet."),),
    "ask": (
        N_("Answer the six questions in the terminal; stop with q and go on at any time."),
        N_("Answers stay on this machine until everybody has sealed."),
    ),
    "seal": (
        N_("Seal your answers: a fingerprint goes into the folder, the answers stay here."),
        N_("The fingerprint tells nothing about the answers, and no other answers fit it later."),
    ),
    "open_": (
        N_("Open the room together, once all have sealed; prints the result."),
        N_(
            "Your sheet goes into the folder only when every party's fingerprint is there. "
            "Whoever looks first could still keep its own sheet back; the folder then shows "
            "that it did."
        ),
    ),
    "status": (N_("Show who has sealed and who is awaited."),),
    "workbook": (N_("Write the workbook that a party fills in instead of the interview."),),
}


def new(
    room: Annotated[Path, typer.Argument(metavar="ROOM", help=N_("Folder to be made."))],
    parties: Annotated[
        str, typer.Option(help=N_("Names of the parties, with commas between them."))
    ],
    offer: Annotated[str, typer.Option(help=N_("What is sold to whom, in one sentence."))] = "",
    relation: Annotated[str, typer.Option(help=N_("Relation today, e.g. customer_supplier."))] = "",
    since: Annotated[
        str, typer.Option(metavar="YYYY-MM", help=N_("Month of the first logo or news."))
    ] = "",
    currency: Annotated[str, typer.Option(help=N_("Currency of the amounts."))] = "EUR",
) -> int:
    """Make a room: its frame and parties, nothing else yet."""
    from mutualist.domain.assess import AnswerError, check_room
    from mutualist.library import folder
    from mutualist.library.rules import CURRENT

    names = [name.strip() for name in parties.split(",") if name.strip()]
    frame = {
        "name": room.name,
        "offer": offer,
        "currency": currency,
        "relation": relation,
        "public_since": since,
        "opens": "all_press",
    }
    document = {
        "ruleset": CURRENT,
        "frame": {key: value for key, value in frame.items() if value},
        "parties": {_party_id(position): name for position, name in enumerate(names)},
    }
    problems = check_room({**document, "answers": {}})
    if problems:
        raise AnswerError(problems)
    made = folder.create(room, document)
    print(_("Room {name} with {parties}.", name=room.name, parties=_listed(made.parties)))
    suggest(f"mutualist room ask {room} --as {names[0]}", _("answer the six questions"))
    return DONE


def _party_id(position: int) -> str:
    return chr(ord("A") + position) if position < 26 else f"P_{position}"


def _listed(parties: dict[str, str]) -> str:
    return ", ".join(f"{key} = {name}" for key, name in parties.items())


def ask(
    room: Folder,
    as_: As = None,
    item: Annotated[
        list[str] | None, typer.Option(metavar="NUMBER", help=N_("Ask this item only, e.g. 2.3."))
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help=N_("Go through the answered items as well."))
    ] = False,
    answers: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="FILE", help=N_("Take the answers of a filled-in workbook.")
        ),
    ] = None,
) -> int:
    """Answer the six questions in the terminal; stop with q and go on at any time."""
    from mutualist.cli.interview import Interview
    from mutualist.library import folder
    from mutualist.library.rules import form_of

    shared = folder.load(room)
    party = _who(shared, as_)
    draft = shared.draft(party)
    if answers is not None:
        return _take(shared, party, answers)
    form = form_of(shared.ruleset, shared.parties)
    wanted = list(item or []) or [n for n in form.items() if all_ or n not in draft]
    unknown = [number for number in wanted if number not in form.items()]
    if unknown:
        raise CommandError(_("There is no item {number}.", number=unknown[0]))
    if not wanted:
        tell(_("All items are answered."))
    else:
        if "header" not in draft and not item:
            tell(_("You answer for {name}.", name=shared.parties[party]))
        interview = Interview(
            form, party, shared.ruleset, draft, lambda sheet: shared.save_draft(party, sheet)
        )
        if not interview.run(wanted):
            tell(_("Saved: {count} answers.", count=sum(key != "header" for key in draft)))
            suggest(f"mutualist room ask {room} --as {party}", _("go on"))
            return DONE
    suggest(f"mutualist room seal {room} --as {party}", _("seal your answers"))
    return DONE


def _take(shared: Any, party: str, source: Path) -> int:
    """Take a party's answers from a workbook or a room file."""
    from mutualist.library.files import read_data
    from mutualist.library.workbook import read_answers_workbook

    if source.suffix.lower() == ".xlsx":
        sheet = read_answers_workbook(source, party, ruleset=shared.ruleset)
    else:
        document = read_data(source)
        if str(document.get("ruleset")) != shared.ruleset:
            raise CommandError(
                _(
                    "The answers are for rule version {found}, the room uses {expected}.",
                    found=document.get("ruleset"),
                    expected=shared.ruleset,
                )
            )
        sheet = document.get("answers", {}).get(party)
        if not isinstance(sheet, dict):
            raise CommandError(_("The file has no answers of {party}.", party=party))
    _refuse_wrong(shared, party, sheet)
    shared.save_draft(party, sheet)
    count = sum(key != "header" for key in sheet)
    print(_("Saved: {count} answers.", count=count))
    suggest(f"mutualist room seal {shared.path} --as {party}", _("seal your answers"))
    return DONE


def _refuse_wrong(shared: Any, party: str, sheet: dict[str, Any]) -> None:
    from mutualist.domain.assess import AnswerError, builtin_ruleset, check_sheet

    problems = check_sheet(sheet, party, tuple(shared.parties), builtin_ruleset(shared.ruleset))
    if problems:
        raise AnswerError(problems)


def seal(
    room: Folder,
    as_: As = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help=N_("Seal even if items are not answered."))
    ] = False,
) -> int:
    """Seal your answers: a fingerprint goes into the folder, the answers stay here."""
    from mutualist.library import folder
    from mutualist.library.rules import form_of

    shared = folder.load(room)
    party = _who(shared, as_)
    draft = shared.draft(party)
    missing = [n for n in form_of(shared.ruleset, shared.parties).items() if n not in draft]
    if missing and not yes:
        raise CommandError(
            _(
                "{count} items are not answered: {items}. Answer them, if only with “don't know”, or "
                "seal with --yes.",
                count=len(missing),
                items=", ".join(missing),
            )
        )
    print_ = shared.seal(party, datetime.now().astimezone().date())
    print(
        _(
            "Sealed: {name}, fingerprint {fingerprint}.",
            name=shared.parties[party],
            fingerprint=print_,
        )
    )
    tell(_("Tell the other side the fingerprint; it proves later that nothing was changed."))
    suggest(f"mutualist room open {room}", _("once everybody has sealed"))
    return DONE


def open_(
    room: Folder,
    as_: As = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help=N_("Write the opened room here.")),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=N_("Replace the file."))] = False,
) -> int:
    """Open the room together, once all have sealed; prints the result."""
    from mutualist.cli.verdict import print_terminal
    from mutualist.library import folder
    from mutualist.library.files import dump_room
    from mutualist.library.verdict import assess

    refuse_overwriting(output, force=force)
    shared = folder.load(room)
    number = shared.round()
    try:
        for party in [shared.party(as_)] if as_ else shared.mine():
            shared.show(party)
        opened = shared.opened(_latest(shared, number))
    except folder.NotOpenError as error:
        raise CommandError(error.message(lang()), NOT_OPEN) from error
    if output is not None:
        deliver(dump_room(opened, "json" if output.suffix == ".json" else "yaml"), output)
    print_terminal(assess(opened), explain=False, changes=False)
    suggest(f"mutualist verdict {room} --explain", _("why this is so"))
    return DONE


def _latest(shared: Any, number: int) -> int:
    """Return the round to show: the one just opened, else the last that was."""
    status = shared.status(number)
    if number > 1 and not any(party.sealed for party in status):
        return number - 1
    return number


def status(
    room: Folder,
    json_: Annotated[bool, typer.Option("--json", help=N_("One JSON document."))] = False,
) -> int:
    """Show who has sealed and who is awaited."""
    from mutualist.library import folder

    shared = folder.load(room)
    number = shared.round()
    parties = shared.status(number)
    if json_:
        deliver(
            as_json(
                {
                    "schema": "room-status/1",
                    "room": shared.uid,
                    "round": number,
                    "parties": [
                        {"id": p.party, "name": p.name, "sealed": p.sealed, "shown": p.shown}
                        for p in parties
                    ],
                }
            )
        )
        return DONE
    print(paint(_("Round {number}", number=number), "bold"))
    for party in parties:
        state = _("not sealed yet")
        if party.sealed:
            state = _("sealed, fingerprint {fingerprint}", fingerprint=party.sealed)
        if party.shown:
            state += ", " + _("sheet shown")
        print(f"  {party.party}  {party.name}: {state}")
    return DONE


def workbook(
    room: Folder,
    as_: As = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help=N_("Where to write it."))
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=N_("Replace the file."))] = False,
) -> int:
    """Write the workbook that a party fills in instead of the interview."""
    from mutualist.library import folder
    from mutualist.library.workbook import answers_workbook

    shared = folder.load(room)
    party = _who(shared, as_)
    name = re.sub(r"\W+", "-", shared.parties[party]).strip("-").lower()
    target = output or Path(f"{room.name}-{name}.xlsx")
    refuse_overwriting(target, force=force)
    deliver(
        answers_workbook(
            shared.parties,
            party,
            ruleset=shared.ruleset,
            lang=lang(),
            frame=shared.document.get("frame"),
            answers=shared.draft(party),
        ),
        target,
    )
    suggest(
        f"mutualist room ask {room} --as {party} --from {target}", _("take the answers back in")
    )
    return DONE


def _who(shared: Any, wanted: str | None) -> str:
    """Return the party that is meant; without --as the one whose draft is here."""
    if wanted is None:
        raise CommandError(
            _("Say who you are: --as {parties}.", parties=" | ".join(shared.parties.values())), 2
        )
    return str(shared.party(wanted))
