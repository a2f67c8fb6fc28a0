"""Notes about a partner that the vendor's people leave for each other."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import record
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.actions.partners import require_vendor
from mutualist.apps.programme.models import PartnerNote, Relation
from mutualist.apps.programme.standing import Standing, chain_of

LONGEST_NOTE = 2000
#: So many notes about one partner are kept.
MOST_NOTES = 500


@transaction.atomic
def add_note(*, standing: Standing, relation: Relation, text: str) -> PartnerNote:
    """Note something about a partner; it is recorded that, not what. One's last note sent again changes nothing.

    Raises
    ------
    ActionError
        ``note_text`` if it is empty or too long, ``note_many`` if there are too many.
    """
    found = _partner(standing, relation)
    clean = text.strip().replace("\x00", "")
    if not clean or len(clean) > LONGEST_NOTE:
        raise ActionError(
            "note_text",
            _("Write a note of 1 to {most} characters (now {length})."),
            most=LONGEST_NOTE,
            length=len(clean),
        )
    last = found.notes.order_by("-pk").first()
    if last is not None and (last.text, last.author_id) == (clean, standing.actor.user_id):
        # Sent from a second window.
        return last
    if found.notes.count() >= MOST_NOTES:
        raise ActionError(
            "note_many", _("There are {most} notes already. Remove one first."), most=MOST_NOTES
        )
    made = PartnerNote.objects.create(relation=found, text=clean, author_id=standing.actor.user_id)
    _record("programme.note.added", standing, found)
    return made


@transaction.atomic
def remove_note(*, standing: Standing, relation: Relation, note: int) -> None:
    """Remove a note."""
    found = _partner(standing, relation)
    count, _rows = found.notes.filter(pk=note).delete()
    if not count:
        raise NotAllowed
    _record("programme.note.removed", standing, found)


def _partner(standing: Standing, relation: Relation) -> Relation:
    require_vendor(standing)
    found = Relation.objects.visible_to(standing).select_for_update().filter(pk=relation.pk).first()
    if found is None:
        raise NotAllowed
    return found


def _record(kind: str, standing: Standing, relation: Relation) -> None:
    # On the vendor's chain: the partner reads its own and is not to learn that there are notes.
    record(
        kind,
        actor=standing.actor,
        obj=relation,
        chain=chain_of(standing.programme),
        data={"name": relation.name},
    )
