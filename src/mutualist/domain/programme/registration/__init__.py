"""Registered projects of a partner programme: who is the customer, who was first, and how long that holds.

Examples
--------
>>> one = customer("Müller Chemie GmbH", "DE", postcode="70173")
>>> other = customer("MUELLER CHEMIE Gesellschaft mit beschränkter Haftung", "DE", postcode="70173")
>>> compare(one, other).decision
'same'
"""

from mutualist.domain.programme.registration.conflicts import Hit, conflicts
from mutualist.domain.programme.registration.customers import (
    Comparison,
    Customer,
    Decision,
    Keys,
    Reason,
    compare,
    customer,
    is_rare,
    keys_of,
)
from mutualist.domain.programme.registration.evaluation import Marks, marks
from mutualist.domain.programme.registration.names import CompanyName, company_name
from mutualist.domain.programme.registration.problems import Fault, RegistrationError
from mutualist.domain.programme.registration.rules import (
    LIMITS,
    LOSSES,
    REJECTIONS,
    ProtectionRules,
    default_rules,
    expired,
    read_rules,
)
from mutualist.domain.programme.registration.states import (
    HOLDING,
    MOVES,
    OPEN_TO_PARTNER,
    OVER,
    PROTECTED,
    WAITING,
    Side,
    State,
    moved,
    moves,
)

__all__ = [
    "HOLDING",
    "LIMITS",
    "LOSSES",
    "MOVES",
    "OPEN_TO_PARTNER",
    "OVER",
    "PROTECTED",
    "REJECTIONS",
    "WAITING",
    "CompanyName",
    "Comparison",
    "Customer",
    "Decision",
    "Fault",
    "Hit",
    "Keys",
    "Marks",
    "ProtectionRules",
    "Reason",
    "RegistrationError",
    "Side",
    "State",
    "company_name",
    "compare",
    "conflicts",
    "customer",
    "default_rules",
    "expired",
    "is_rare",
    "keys_of",
    "marks",
    "moved",
    "moves",
    "read_rules",
]
