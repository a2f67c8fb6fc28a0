"""Bank accounts at rest: each under a key of its own, bound to its place; the last four signs alone are in plain."""

from __future__ import annotations

import json
from typing import Any

from mutualist.apps.core.vault import Vault, new_wrapped_key
from mutualist.library.payments import BankAccount

#: Lengths are hidden in steps of so many bytes.
STEP = 128


def place_of_account(programme: int, relation: int | None) -> bytes:
    """Return what the account of a partner, or of the vendor, is bound to."""
    return f"bank:{programme:d}:{relation or 0:d}".encode()


def place_of_run(programme: int, number: int) -> bytes:
    """Return what the payer's account of a run is bound to."""
    return f"run:{programme:d}:{number:d}".encode()


def place_of_payment(reference: str) -> bytes:
    """Return what the receiver's account of a payment is bound to."""
    return f"payment:{reference}".encode()


def sealed(account: BankAccount, place: bytes) -> dict[str, Any]:
    """Return key, ciphertext and last four signs of an account."""
    content = json.dumps([account.name, account.iban, account.bic]).encode()
    content += b" " * (-len(content) % STEP)
    key = new_wrapped_key(context=place)
    return {
        "key": key,
        "ciphertext": Vault(key, place).encrypt(content, aad=place),
        "last4": account.iban[-4:],
    }


def opened(row: Any, place: bytes) -> BankAccount:
    """Return the account of a row."""
    content = Vault(bytes(row.key), place).decrypt(bytes(row.ciphertext), aad=place)
    name, iban, bic = json.loads(content)
    return BankAccount(name, iban, bic)
