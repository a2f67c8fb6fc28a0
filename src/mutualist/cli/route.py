"""`mutualist route`: hand enquiries to partners, each with a reason."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from mutualist.cli.context import DONE, _, lang
from mutualist.cli.output import as_json, deliver, refuse_overwriting
from mutualist.library.words import N_, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mutualist.library.routing import Routing

EXAMPLES = """mutualist route --partners partners.csv --enquiries enquiries.csv
mutualist route --partners partners.csv --enquiries enquiries.csv --json -o routed.json"""

HELPS: Final = {
    "route": (
        N_(
            "Hand enquiries to the able, near and free partner, all at once and each with a reason."
        ),
        N_(
            "Columns of partners: id, name, country, postal_code, abilities (iot|ai), certificates "
            "(C-1:2027-03-31), languages, serves, level, capacity, load, recent, answered, active. Columns of "
            "enquiries: id, country, postal_code, abilities, certificate, language, level, day, declined."
        ),
    ),
}


def route(
    partners: Annotated[
        str, typer.Option("--partners", metavar="CSV", help=N_("Partners, one a row; - is stdin."))
    ],
    enquiries: Annotated[
        str, typer.Option("--enquiries", metavar="CSV", help=N_("Enquiries, one a row."))
    ],
    json_: Annotated[bool, typer.Option("--json", help=N_("One JSON document."))] = False,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help=N_("Where to write it; else stdout.")),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=N_("Replace the file."))] = False,
) -> int:
    """Hand enquiries to partners, each with a reason."""
    from mutualist.library.routing import route_files

    refuse_overwriting(output, force=force)
    found = route_files(partners, enquiries)
    told = as_json(found.to_dict(lang())) if json_ else "\n".join(_told(found)) + "\n"
    deliver(told, output)
    return DONE


def _told(found: Routing) -> Iterator[str]:
    for one in found.to_dict(lang())["assignments"]:
        yield f"{one['enquiry']} → {one['name'] or '–'}: {one['reason']}"
        for other in one["why_not"]:
            yield f"    {other['partner']}: {other['text']}"
    spread = found.spread
    yield ""
    yield _(
        "Served {served} of {all}, at most {most} a partner (mean {mean}), {none} without any.",
        served=spread.served,
        all=spread.served + spread.unserved,
        most=spread.most,
        mean=number(spread.mean, lang(), 1),
        none=spread.none,
    )
    if spread.median_km is not None and spread.far_km is not None:
        yield _(
            "Half are no farther than {near} km, nine of ten no farther than {far} km.",
            near=number(spread.median_km, lang()),
            far=number(spread.far_km, lang()),
        )
    yield ""
    yield _("The more even, the farther: nobody above so many times the mean load.")
    for bound, one in found.trade_off:
        yield _(
            "  {bound} times: at most {most} a partner, half no farther than {near} km, {unserved} without a partner",
            bound=number(bound, lang(), 1),
            most=one.most,
            near="–" if one.median_km is None else number(one.median_km, lang()),
            unserved=one.unserved,
        )
