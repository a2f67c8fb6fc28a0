"""What a restored database has to prove before it counts: its chains hold, its keys open."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core import audit
from mutualist.apps.core.models import AuditHead
from mutualist.apps.core.vault import VaultError
from mutualist.apps.operations.cipher import DamagedError
from mutualist.apps.operations.errors import OperationError
from mutualist.apps.operations.keys import with_keys
from mutualist.apps.rooms.public import a_key_opens


def broken_chains() -> tuple[int, list[audit.ChainFault]]:
    """Verify every audit chain; return how many there are and the first fault of each broken one."""
    count, faults = 0, []
    for chain in AuditHead.objects.order_by("chain").values_list("chain", flat=True).iterator():
        faults += [fault for fault in [next(iter(audit.verify(chain)), None)] if fault]
        count += 1
    return count, faults


def require_chains(*, accept_broken: bool) -> int:
    """Refuse a database whose audit chains do not hold; return how many do."""
    count, faults = broken_chains()
    if faults and not accept_broken:
        raise DamagedError(
            _(
                "The audit chain {chain} does not hold at entry {number}; nothing was restored. "
                "With --accept-broken-chains it is restored as it is."
            ),
            chain=faults[0].chain,
            number=faults[0].seq,
        )
    return count - len(faults)


def require_opening(new_keys: Mapping[str, bytes]) -> None:
    """Refuse a database whose answers nobody could read."""
    try:
        with with_keys(new_keys):
            a_key_opens()
    except VaultError as error:
        raise OperationError(
            _("The key does not open the rooms of this backup; nothing was restored.")
        ) from error
