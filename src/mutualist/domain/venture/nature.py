"""What the flows make of a relationship: logo, supplier, distributor, partnership, by rules with named thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final, cast

import yaml

from mutualist.domain.venture.accounts import Account, account
from mutualist.domain.venture.measures import Shares, balance, joint_values, share_all
from mutualist.domain.venture.scalar import evaluate
from mutualist.domain.venture.simulation import Simulated
from mutualist.domain.venture.tail import Array

CURRENT: Final = "2026.1"
Words = Mapping[str, str]


@cache
def nature_rules(version: str = CURRENT) -> Mapping[str, Any]:
    """Return a rule file of the economic nature."""
    place = files("mutualist.domain.venture").joinpath("data").joinpath(f"nature-{version}.yaml")
    return cast("Mapping[str, Any]", yaml.safe_load(place.read_text("utf-8")))


@dataclass(frozen=True, slots=True)
class PartyNature:
    """What one party is by its flows.

    Attributes
    ----------
    kind : str
        ``logo_only``, ``supplier``, ``distributor``, ``partner`` or ``principal``.
    invested_share, exposure, risk_share, return_share, fixed_income_share : float or None
        Parts of the whole; None where there is nothing to share. Risk and return may lie outside 0..1.
    value_added : bool
        Whether the party has an own line or contribution besides buying and reselling.
    words, because : dict
        Name of the kind and the reason with its figures, ``de`` and ``en``.
    """

    party: str
    kind: str
    invested_share: float | None
    exposure: float | None
    risk_share: float | None
    return_share: float | None
    fixed_income_share: float | None
    value_added: bool
    words: Words
    because: Words


@dataclass(frozen=True, slots=True)
class Nature:
    """What a relationship is by its flows.

    Attributes
    ----------
    kind : str
        ``logo_only``, ``supplier``, ``distributor``, ``partnership`` or ``mixed``.
    balance : float or None
        1 - half the sum of |risk share - return share|.
    parties : tuple of PartyNature
        Each party.
    notes : tuple
        Stated results, such as a venture that never earns, each with ``de`` and ``en``.
    """

    kind: str
    words: Words
    because: Words
    balance: float | None
    parties: tuple[PartyNature, ...]
    notes: tuple[tuple[str, Words], ...] = ()
    version: str = CURRENT
    figures: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "rules": self.version,
            "kind": self.kind,
            "words": dict(self.words),
            "because": dict(self.because),
            "balance": self.balance,
            "notes": [{"code": code, **words} for code, words in self.notes],
            "parties": [
                {
                    "id": one.party,
                    "kind": one.kind,
                    "words": dict(one.words),
                    "because": dict(one.because),
                    "invested_share": one.invested_share,
                    "fixed_income_share": one.fixed_income_share,
                    "value_added": one.value_added,
                }
                for one in self.parties
            ],
        }


def judge(
    run: Simulated,
    rules: Mapping[str, Any] | None = None,
    *,
    joint: Array | None = None,
    shared: tuple[tuple[Shares, ...], float] | None = None,
) -> Nature:
    """Judge the economic nature of a venture.

    Parameters
    ----------
    run
        A simulation.
    rules
        A rule file's mapping; the current one if left out.
    joint, shared
        Joint values and what :func:`share_all` makes of them, if they are known already.

    Returns
    -------
    Nature
        Kind of the relationship and of each party, with the figures they come from.
    """
    rules = nature_rules() if rules is None else rules
    limits = {name: float(entry["value"]) for name, entry in rules["thresholds"].items()}
    joint = joint_values(run) if joint is None else joint
    shares, es = share_all(run.values, joint) if shared is None else shared
    books = [account(run, party) for party in run.description.parties]
    figures = {
        party: _figures(run, party, at, books, shares[at])
        for at, party in enumerate(run.description.parties)
    }
    parties = tuple(
        _party(run, party, figures[party], books[at], limits, rules)
        for at, party in enumerate(run.description.parties)
    )
    overall: dict[str, float | None] = {"parties": len(parties)}
    for rule in rules["parties"]:
        count = sum(one.kind == rule["kind"] for one in parties)
        overall[f"count_{rule['kind']}"] = count
    found = _first(rules["relationship"], {**limits, **overall})
    return Nature(
        kind=found["kind"],
        words={"de": found["de"], "en": found["en"]},
        because=found["because"],
        balance=balance(shares),
        parties=parties,
        notes=tuple((code, rules["notes"][code]) for code in _notes(run, joint, es, shares)),
        version=rules["version"],
        figures=figures,
    )


def _figures(
    run: Simulated, party: str, at: int, books: list[Account], shares: Shares
) -> dict[str, float | None]:
    own = books[at]
    described = run.description.parties[party]
    years = run.description.periods.count / run.description.periods.per_year
    largest = max(book.flows for book in books)
    outlays = max(book.outlay for book in books)
    invested = sum(book.invested for book in books)
    risk = shares.risk if shares.risk is not None else shares.exposure
    gap = None if risk is None or shares.return_ is None else risk - shares.return_
    return {
        "flows": own.flows,
        "flow_share": own.flows / largest if largest else None,
        "outlay_share": own.outlay / outlays if outlays else 0.0,
        "flow_of_revenue": own.flows / years / described.revenue if described.revenue else None,
        "fixed": sum(own.fixed.values()) / own.income if own.income else None,
        "fixed_from_one": max(own.fixed.values(), default=0.0) / own.income if own.income else None,
        "resale": own.resale / own.income if own.income else None,
        "value_added": float(own.value_added),
        "invested": own.invested / invested if invested else None,
        "exposure": shares.exposure,
        "risk": shares.risk,
        "return": shares.return_,
        "gap": gap,
    }


def _first(rules: Any, figures: Mapping[str, float | None]) -> Any:
    return next(rule for rule in rules if evaluate(rule["when"], figures))


def _party(
    run: Simulated,
    party: str,
    figures: Mapping[str, float | None],
    own: Account,
    limits: Mapping[str, float],
    rules: Mapping[str, Any],
) -> PartyNature:
    found = _first(rules["parties"], {**figures, **limits})
    payer = max(own.fixed, key=lambda name: own.fixed[name], default="")
    parties = run.description.parties
    values = {
        "name": parties[party].name,
        "payer": parties[payer].name if payer in parties else payer,
    }
    because = {
        lang: found["because"][lang].format(
            **values, **{name: _percent(value, lang) for name, value in figures.items()}
        )
        for lang in ("de", "en")
    }
    return PartyNature(
        party=party,
        kind=found["kind"],
        invested_share=figures["invested"],
        exposure=figures["exposure"],
        risk_share=figures["risk"],
        return_share=figures["return"],
        fixed_income_share=figures["fixed"],
        value_added=own.value_added,
        words={"de": found["de"], "en": found["en"]},
        because=because,
    )


def _percent(value: float | None, lang: str) -> str:
    if value is None:
        return "–"
    return f"{100 * value:.0f} %" if lang == "de" else f"{100 * value:.0f}%"


def _notes(run: Simulated, joint: Any, es: float, shares: tuple[Shares, ...]) -> list[str]:
    found = []
    if not run.means:
        return ["no_flows"]
    if float(joint.max()) <= 0:
        found.append("never_earns_at_all")
    elif shares[0].return_ is None:
        found.append("never_earns")
    if shares[0].exposure is None:
        found.append("nothing_moves")
    elif es <= 0:
        found.append("no_tail_loss")
    return found


def compare_witnesses(nature: Nature, answers: str, words: Words, score: float) -> Words | None:
    """Return one sentence when a room's result and the flows disagree, else None.

    Parameters
    ----------
    nature
        What the flows say.
    answers
        Kind by the room's answers.
    words
        Its name, ``de`` and ``en``.
    score
        Its score of 100.
    """
    rules = nature_rules(nature.version)
    if answers in rules["agrees"][nature.kind]:
        return None
    return {
        lang: rules["disagree"][lang].format(
            answers=words[lang],
            score=round(score),
            flows=nature.words[lang],
            balance=_percent(nature.balance, lang),
        )
        for lang in ("de", "en")
    }
