"""What commissions keep under the key-encryption key: keys of bank accounts."""

from __future__ import annotations

from mutualist.apps.commissions.sealing import place_of_account, place_of_payment, place_of_run
from mutualist.apps.core.wrapping import WrappedColumn, register_wrapped

register_wrapped(
    WrappedColumn(
        "commissions.BankAccount",
        "key",
        lambda row: place_of_account(row.programme_id, row.relation_id),
    ),
    WrappedColumn(
        "commissions.PaymentRun", "key", lambda row: place_of_run(row.programme_id, row.number)
    ),
    WrappedColumn("commissions.Payment", "key", lambda row: place_of_payment(row.reference)),
)
