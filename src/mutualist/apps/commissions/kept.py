"""Rules as they are kept: the text of a version, read again."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import yaml

from mutualist.apps.commissions.models import RuleVersion
from mutualist.domain.programme.commission import CommissionRules, read_commission_rules


def stored(version: RuleVersion) -> CommissionRules:
    """Return a stored version; where it was given an end later, that one counts."""
    return replace(_read(version.content), last=version.last)


@lru_cache(maxsize=64)
def _read(content: str) -> CommissionRules:
    """Return rules as they stand in a text; pages of invoices ask for the same ones again and again."""
    return read_commission_rules(yaml.safe_load(content))
