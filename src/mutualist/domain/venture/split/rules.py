"""Apply a split rule to a game, and say how the result stands."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from mutualist.domain.venture.split import bargaining, graphs, margins
from mutualist.domain.venture.split.cents import to_cents
from mutualist.domain.venture.split.coalitions import Floats
from mutualist.domain.venture.split.core import (
    EXHAUSTIVE,
    Blocking,
    CoreCheck,
    Union,
    check_core,
    least_objection,
    worst_union,
)
from mutualist.domain.venture.split.game import Game
from mutualist.domain.venture.split.kohlberg import is_nucleolus
from mutualist.domain.venture.split.levels import nucleolus, per_capita_nucleolus
from mutualist.domain.venture.split.orders import owen, shapley
from mutualist.domain.venture.split.problems import SplitError
from mutualist.domain.venture.split.texts import texts
from mutualist.domain.venture.split.tolerance import cara_shares, side_payments


@dataclass(frozen=True, slots=True)
class Warned:
    """Something to know about a result: a code, and the values its sentence quotes."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def message(self, lang: str = "en") -> str:
        """Return the sentence in ``de`` or ``en``."""
        return texts().said(self.code, lang, **self.values)


class Findings:
    """What holds for a game whatever the rule; computed once and only when asked for.

    Examples
    --------
    >>> found = Findings(Game.listed([0, 0, 0, 1, 1, 1, 1]))
    >>> found.core_empty, found.worst_union
    (True, None)
    """

    def __init__(self, game: Game, before: Sequence[Warned] = ()) -> None:
        self.game = game
        self.before = tuple(before)

    @cached_property
    def objection(self) -> float:
        """The largest objection that no split avoids; above 0 the core is empty."""
        return least_objection(self.game.values)

    @property
    def core_empty(self) -> bool:
        """Whether with every split some coalition would do better alone."""
        return self.objection > self.game.tolerance

    @cached_property
    def worst_union(self) -> Union | None:
        """The two coalitions that lose most by joining, if any do."""
        return worst_union(self.game.values)

    def warnings(self) -> tuple[Warned, ...]:
        """Return what has to be said about the game itself."""
        game, union = self.game, self.worst_union
        said = [*self.before]
        if union is not None:
            names = {"first": game.called(union.first), "second": game.called(union.second)}
            said.append(Warned("not_superadditive", {**names, "loss": union.loss}))
        elif game.parties > EXHAUSTIVE:
            said.append(Warned("superadditivity_unchecked", {"parties": game.parties}))
        if self.core_empty:
            said.append(Warned("core_empty", {"gap": self.objection}))
        return tuple(said)


@dataclass(frozen=True, eq=False)
class Splitting:
    """What a rule makes of a game.

    Attributes
    ----------
    rule
        Name of the rule.
    game
        The game.
    payments
        What each party gets, shape ``(n,)``; costs are negative. None if the rule has no result here.
    core
        How the split stands towards coalitions; None without a split.
    warnings
        What to know about it.
    """

    rule: str
    game: Game
    payments: Floats | None
    core: CoreCheck | None
    warnings: tuple[Warned, ...]

    @property
    def shares(self) -> Floats | None:
        """Return the shares as they are read: of a cost game, what each party pays; without digits that are rounding."""
        if self.payments is None:
            return None
        shares = -self.payments if self.game.cost else self.payments
        scale = float(np.abs(self.game.values).max())
        digits = min(12 - math.ceil(math.log10(scale)), 250) if scale > 0.0 else 0
        return np.asarray(np.round(shares, digits) + 0.0)

    @property
    def rounded(self) -> tuple[str, ...] | None:
        """Return the shares to the cent; they add up to the whole."""
        shares = self.shares
        return None if shares is None else tuple(str(share) for share in to_cents(shares.tolist()))

    @property
    def blocking(self) -> tuple[Blocking, ...]:
        """Return the coalitions that would do better alone, by gain."""
        return self.core.blocking if self.core else ()


def _outside(game: Game) -> Floats:
    return game.alone if game.outside is None else game.outside


def _owen(game: Game) -> Floats:
    if game.unions is None:
        raise SplitError("needs_unions")
    return owen(game.values, game.unions)


def _myerson(game: Game) -> Floats:
    if game.links is None:
        raise SplitError("needs_graph")
    return graphs.myerson(game.values, game.links)


def _stake(game: Game) -> Floats:
    if game.stakes is None:
        raise SplitError("needs_stakes")
    return np.asarray(game.whole * game.stakes / game.stakes.sum())


def _euler(game: Game) -> Floats:
    if game.risk is None:
        raise SplitError("needs_outcomes", value="euler")
    total = float(game.risk.sum())
    if total <= game.tolerance:
        raise SplitError("no_risk")
    return np.asarray(game.whole * game.risk / total)


def _tolerance(game: Game) -> Floats:
    """Return expected payments: a part of the joint result by tolerance, and a side payment."""
    if game.certain is None:
        raise SplitError("needs_outcomes", value="tolerance")
    if game.tolerances is None:
        raise SplitError("needs_tolerance")
    paid = side_payments(game.certain, game.tolerances, _outside(game))
    return np.asarray(cara_shares(game.tolerances) * game.whole + paid)


RULES: Final[Mapping[str, Callable[[Game], Floats]]] = MappingProxyType(
    {
        "shapley": lambda game: shapley(game.values),
        "nucleolus": lambda game: nucleolus(game.values),
        "per_capita_nucleolus": lambda game: per_capita_nucleolus(game.values),
        "tau": lambda game: margins.tau(game.values),
        "gately": lambda game: margins.gately(game.values),
        "owen": _owen,
        "myerson": _myerson,
        "nash": lambda game: bargaining.nash(game.whole, _outside(game), game.weights),
        "kalai_smorodinsky": lambda game: bargaining.kalai_smorodinsky(
            game.whole, _outside(game), game.most
        ),
        "maximin": lambda game: bargaining.equal_gains(game.whole, _outside(game)),
        "separable_costs": lambda game: margins.separable_costs(game.values),
        "stake": _stake,
        "euler": _euler,
        "tolerance": _tolerance,
    }
)
#: Rules that have no result for some games; this is a finding, not a mistake of the user.
_NO_RESULT: Final = frozenset(
    {"tau_undefined", "gately_undefined", "outside_above_whole", "no_risk"}
)


def require_rule(rule: str) -> Callable[[Game], Floats]:
    """Return what computes a rule, or say which rules there are."""
    if rule in RULES:
        return RULES[rule]
    raise SplitError("unknown_rule", value=rule, allowed=", ".join(RULES))


def split(game: Game, rule: str, findings: Findings | None = None) -> Splitting:
    """Return what a rule makes of a game, with everything that has to be said about it.

    Parameters
    ----------
    game
        The game.
    rule
        One of `RULES`.
    findings
        What was found about the game before, so that it is not computed again.

    Raises
    ------
    SplitError
        When there is no such rule, or the game lacks what the rule needs.

    Examples
    --------
    >>> found = split(Game.listed([0, 0, 0, 0, 1, 1, 1]), "nucleolus")
    >>> found.shares.round(9).tolist(), found.core.inside
    ([0.0, 0.0, 1.0], True)
    """
    compute = require_rule(rule)
    about = findings or Findings(game)
    warnings = list(about.warnings())
    try:
        payments = compute(game)
    except SplitError as error:
        if error.code not in _NO_RESULT:
            raise
        warnings.insert(0, Warned(error.code, error.values))
        return Splitting(rule, game, None, None, tuple(warnings))
    core = check_core(game.values, payments, tolerance=10 * game.tolerance)
    warnings += _about(game, rule, payments, core, empty=about.core_empty)
    return Splitting(rule, game, payments, core, tuple(warnings))


def _is_checked(game: Game, rule: str, payments: Floats) -> bool:
    """Tell whether a nucleolus meets Kohlberg's criterion."""
    individual = bool(game.alone.sum() <= game.whole + game.tolerance)
    per_member = rule == "per_capita_nucleolus"
    return is_nucleolus(game.values, payments, individual=individual, per_member=per_member)


def _about(
    game: Game, rule: str, payments: Floats, core: CoreCheck, *, empty: bool
) -> list[Warned]:
    """Return what has to be said about this split."""
    said = []
    reached = float(payments.sum())
    if abs(reached - game.whole) > game.parties * game.tolerance:
        sign = -1.0 if game.cost else 1.0
        values = {"value": sign * reached, "allowed": sign * game.whole}
        said.append(Warned("links_incomplete", values))
    if "nucleolus" in rule and game.alone.sum() > game.whole + game.tolerance:
        said.append(Warned("no_imputation"))
    if "nucleolus" in rule and not _is_checked(game, rule, payments):
        said.append(Warned("not_certain"))
    if not game.cost and game.whole < -game.tolerance:
        said.append(Warned("never_earns", {"value": -game.whole}))
    if core.blocking and not empty:
        worst = core.blocking[0]
        names = {"coalition": game.called(worst.mask), "gain": worst.gain}
        said.append(Warned("outside_core", names))
    return said
