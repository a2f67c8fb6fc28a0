"""Which organisations may hear, by their programs, what happens in a programme: vendor and the partner concerned."""

from __future__ import annotations

from mutualist.apps.core.stream import Source, register_source
from mutualist.apps.programme.models import Programme, Relation


def source_of(chain: str, audience: str) -> Source | None:
    """Return the programme of a chain with its vendor, and the partner where the entry is about one."""
    _kind, number, *rest = chain.split(":")
    programme = Programme.objects.filter(pk=int(number)).only("uid", "organisation_id").first()
    if programme is None:
        return None
    organisations = {programme.organisation_id}
    name = f"programme:{programme.uid}"
    if rest:
        relation = Relation.objects.filter(pk=int(rest[0])).only("uid", "organisation_id").first()
        if relation is None:
            return None
        name += f":{relation.uid}"
        if audience != "host" and relation.organisation_id is not None:
            organisations.add(relation.organisation_id)
    return Source(name, frozenset(organisations))


register_source("programme", source_of)
