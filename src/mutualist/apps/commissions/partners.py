"""Partners of a programme by name, as its public part tells them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.errors import ActionError
from mutualist.apps.programme.public import PartnerName, Standing, partner_names

_MOST_NAMED = 5


def partners_of(standing: Standing) -> Mapping[int, PartnerName]:
    """Return the partners a person may know of, by the id of their relation."""
    return partner_names(standing)


def require_partners(standing: Standing, relations: Iterable[int]) -> None:
    """Refuse relations of another programme: to whoever asks, they do not exist."""
    there = partners_of(standing)
    for relation in relations:
        if relation not in there:
            raise ActionError(
                "partner", _("One of the partners is not in this programme. Choose from the list.")
            )


def partner_named(standing: Standing, text: str) -> int:
    """Return the partner a file means: by its name in any case, or by its id."""
    wanted = " ".join(text.split()).casefold()
    there = partners_of(standing)
    found = [pk for pk, card in there.items() if wanted in {card.name.casefold(), str(card.uid)}]
    if len(found) == 1:
        return found[0]
    if found:
        raise ActionError(
            "partner_twice",
            _("{count} partners are called {name}. Write the id of the one you mean."),
            count=len(found),
            name=text,
        )
    near = [card.name for card in there.values() if wanted[:4] in card.name.casefold()]
    if not near:
        said = _(
            "There is no partner {name} in this programme. Write a name from the list of partners."
        )
        raise ActionError("partner_unknown", said, name=text[:80])
    raise ActionError(
        "partner_unknown",
        _("There is no partner {name} in this programme. Similar: {near}."),
        name=text[:80],
        near=", ".join(near[:_MOST_NAMED]),
    )
