"""Commissions of a partner programme, exact to the cent: rules, earning, journal, statements.

Examples
--------
>>> from mutualist.domain.programme.commission import Credit, Invoice, earn, read_commission_rules
"""

from mutualist.domain.programme.commission.earning import earn
from mutualist.domain.programme.commission.model import (
    NO_LEVEL,
    CapKey,
    CommissionRules,
    Credit,
    Earned,
    Earnings,
    Invoice,
)
from mutualist.domain.programme.commission.problems import CommissionError, Problem
from mutualist.domain.programme.commission.reading import SCHEMA, read_commission_rules
from mutualist.domain.programme.commission.versions import check_versions, rules_on

__all__ = [
    "NO_LEVEL",
    "SCHEMA",
    "CapKey",
    "CommissionError",
    "CommissionRules",
    "Credit",
    "Earned",
    "Earnings",
    "Invoice",
    "Problem",
    "check_versions",
    "earn",
    "read_commission_rules",
    "rules_on",
]
