"""Rules of the tests: those of a published partnership agreement (commissions of Odoo, v11), and shorter ones."""

from __future__ import annotations

from copy import deepcopy

ODOO = {
    "schema": "commission/1",
    "id": "odoo",
    "version": "v11",
    "effective": {"from": "2023-05-19"},
    "levels": ["learning", "ready", "silver", "gold"],
    "products": {
        "enterprise": {
            "rate": {"learning": "10 %", "ready": "10 %", "silver": "15 %", "gold": "20 %"}
        },
        "hosting": {
            "rate": {"learning": "10 %", "ready": "50 %", "silver": "50 %", "gold": "50 %"},
            "caps": [
                {"per": "subscription", "each": "month", "amount": {"EUR": 150, "USD": 180}},
                {"per": "subscription", "each": "year", "amount": {"EUR": 1440, "USD": 1728}},
            ],
        },
        "maintenance": {"rate": "82 %"},
    },
}


def small(**changes: object) -> dict[str, object]:
    """Return short rules of one product with something changed."""
    rules: dict[str, object] = {
        "schema": "commission/1",
        "id": "own",
        "version": "1",
        "effective": {"from": "2026-01-01", "until": "2026-12-31"},
        "levels": ["silver", "gold"],
        "products": {"licence": {"rate": {"silver": "10 %", "gold": "20 %"}}},
    }
    return deepcopy({**rules, **changes})
