"""Tables of programmes: a vendor's programme, its rules, its partners and what is known of them."""

from mutualist.apps.programme.models.facts import FactBefore, FactImport, FactRow
from mutualist.apps.programme.models.joining import Acceptance, AgreementVersion
from mutualist.apps.programme.models.levels import LevelChange, LevelProposal
from mutualist.apps.programme.models.plans import Plan, PlanStep
from mutualist.apps.programme.models.programmes import (
    NAME_LENGTH,
    Contact,
    PartnerLink,
    PartnerNote,
    Programme,
    Relation,
    RelationRoom,
    RuleSetVersion,
)

__all__ = [
    "NAME_LENGTH",
    "Acceptance",
    "AgreementVersion",
    "Contact",
    "FactBefore",
    "FactImport",
    "FactRow",
    "LevelChange",
    "LevelProposal",
    "PartnerLink",
    "PartnerNote",
    "Plan",
    "PlanStep",
    "Programme",
    "Relation",
    "RelationRoom",
    "RuleSetVersion",
]
