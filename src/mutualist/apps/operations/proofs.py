"""What a restored database has to prove before it counts: its chains hold, its keys open."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit_check import verify_all
from mutualist.apps.core.keyring import LostKeyError
from mutualist.apps.core.vault import VaultError
from mutualist.apps.operations.cipher import DamagedError
from mutualist.apps.operations.errors import OperationError
from mutualist.apps.rooms.public import a_key_opens


def require_chains(*, accept_broken: bool, signed: bool) -> int:
    """Refuse a database whose audit chains do not hold; return how many do.

    Parameters
    ----------
    signed
        Also look at the signatures of heads, which needs the installation's own keys.
    """
    done = verify_all()
    faults = [fault for fault in done.faults if signed or fault.reason != "signature"]
    if faults and not accept_broken:
        raise DamagedError(
            _(
                "The audit chain {chain} does not hold at entry {number}; nothing was restored. "
                "With --accept-broken-chains it is restored as it is."
            ),
            chain=faults[0].chain,
            number=faults[0].seq,
        )
    return done.chains - len({fault.chain for fault in faults})


def require_opening() -> None:
    """Refuse a database whose answers nobody could read."""
    try:
        a_key_opens()
    except (VaultError, LostKeyError) as error:
        raise OperationError(
            _("The key does not open the rooms of this backup; nothing was restored.")
        ) from error
