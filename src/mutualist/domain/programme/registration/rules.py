"""How long projects are protected, by whom and until when decided: rules as data, and the dates that follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from mutualist.domain.programme.registration.problems import Fault, RegistrationError

SCHEMA = "protection/1"
VERSION_MOST = 60
#: Least and most of every figure.
LIMITS: Mapping[str, tuple[int, int]] = {
    "period_days": (1, 1095),
    "extension_days": (1, 1095),
    "extensions": (0, 20),
    "answer_hours": (1, 720),
    "remind_hours": (1, 720),
    "ask_before_days": (0, 365),
    "resubmit_after_days": (0, 1095),
    "reply_days": (1, 365),
    "appeal_days": (0, 365),
    "second_share": (0, 100),
}

#: Why a vendor may refuse (as deal registrations do it elsewhere), and why projects are lost.
REJECTIONS = (
    *("duplicate", "existing_customer", "too_early", "outside_territory"),
    *("insufficient_information", "direct_sales_active", "customer_decided"),
)
LOSSES = (
    *(
        "competitor",
        "price",
        "no_opportunity",
        "delay",
        "customer_deficiency",
        "legal",
        "security",
        "technical",
    ),
    *("partner_gap", "people", "product", "financial", "customer_experience", "other"),
)


@dataclass(frozen=True, slots=True)
class ProtectionRules:
    """The rules of one version.

    Attributes
    ----------
    second_share
        What the second registrant gets, in per cent of the terms.
    customer_decides
        Whether the customer's word in writing moves the protection to another partner.
    """

    version: str
    period_days: int
    extension_days: int
    extensions: int
    answer_hours: int
    remind_hours: int
    ask_before_days: int
    resubmit_after_days: int
    reply_days: int
    appeal_days: int
    second_share: int
    customer_decides: bool

    def to_dict(self) -> dict[str, Any]:
        """Return them as they are written in a file."""
        return {"schema": SCHEMA, **asdict(self)}

    def answer_by(self, submitted: datetime) -> datetime:
        """Return until when the vendor answers."""
        return submitted + timedelta(hours=self.answer_hours)

    def remind_at(self, submitted: datetime) -> datetime:
        """Return when the vendor is reminded."""
        return submitted + timedelta(hours=min(self.remind_hours, self.answer_hours))

    def protected_until(self, approved: date) -> date:
        """Return the last day of the protection."""
        return approved + timedelta(days=self.period_days)

    def extended_until(self, until: date) -> date:
        """Return the last day after one more extension."""
        return until + timedelta(days=self.extension_days)

    def ask_on(self, until: date) -> date:
        """Return the day on which the partner is asked how it stands."""
        return until - timedelta(days=self.ask_before_days)

    def reply_until(self, asked: date) -> date:
        """Return the last day on which a partner may give what it was asked for."""
        return asked + timedelta(days=self.reply_days)

    def appeal_until(self, decided: date) -> date:
        """Return the last day on which a decision may be objected to."""
        return decided + timedelta(days=self.appeal_days)

    def anew_from(self, ended: date) -> date:
        """Return the first day on which the same customer may be registered again by the same partner."""
        return ended + timedelta(days=self.resubmit_after_days)


def expired(until: date, today: date) -> bool:
    """Whether a protection has run out: its last day still counts."""
    return today > until


@cache
def default_rules() -> ProtectionRules:
    """Return the rules of who has written none."""
    return read_rules(
        yaml.safe_load((files(__package__) / "data" / "protection.yaml").read_text("utf-8"))
    )


def read_rules(content: Any) -> ProtectionRules:
    """Return rules from a mapping, as a file or the API gives them.

    Raises
    ------
    RegistrationError
        With every fault.
    """
    if not isinstance(content, Mapping):
        raise RegistrationError(Fault("mapping", "rules", type(content).__name__, SCHEMA))
    faults = [
        Fault("unknown", str(name), str(content[name])[:60])
        for name in content
        if name not in {"schema", "version", "customer_decides", *LIMITS}
    ]
    if content.get("schema", SCHEMA) != SCHEMA:
        faults.append(Fault("schema", "schema", str(content["schema"])[:60], SCHEMA))
    version = " ".join(str(content.get("version", "")).split())
    if not version or len(version) > VERSION_MOST:
        faults.append(Fault("version", "version", version[:VERSION_MOST], "2026-1"))
    figures: dict[str, int] = {}
    for name, (least, most) in LIMITS.items():
        value = content.get(name)
        if type(value) is not int or not least <= value <= most:
            faults.append(Fault("figure", name, str(value)[:60], f"{least}–{most}"))
        else:
            figures[name] = value
    decides = content.get("customer_decides", True)
    if type(decides) is not bool:
        faults.append(Fault("yes_no", "customer_decides", str(decides)[:60], "true, false"))
    if not faults and figures["remind_hours"] > figures["answer_hours"]:
        limit = str(figures["answer_hours"])
        faults.append(Fault("remind_late", "remind_hours", str(figures["remind_hours"]), limit))
    if faults:
        raise RegistrationError(*faults)
    return ProtectionRules(version=version, customer_decides=decides, **figures)
