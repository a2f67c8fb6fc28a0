"""Splits for whoever computes with Python: one class to fit, one comparison, one file format."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mutualist.library.errors import FileError
from mutualist.library.words import N_, language

if TYPE_CHECKING:
    from mutualist.domain.venture.split import Game, Splitting
    from mutualist.domain.venture.split.recommending import Recommended
    from mutualist.domain.venture.split.rules import Findings
    from mutualist.library.tables import Table

# Values of 2^20 coalitions with 17 digits each.
MOST_BYTES: Final = 64_000_000


def read_game(source: str | Path) -> Game:
    """Read a game from a JSON file; ``-`` is standard input.

    Parameters
    ----------
    source : path or "-"
        A mapping as `mutualist.domain.venture.split.read_game` takes it.

    Raises
    ------
    FileError
        When the file can't be read.
    SplitError
        When what it holds is no game.
    """
    from mutualist.domain.venture.split import read_game as checked
    from mutualist.library.files import load_json

    name = "<stdin>" if str(source) == "-" else str(source)
    return checked(load_json(_text(source, name), file=name))


def _text(source: str | Path, name: str) -> str:
    import sys

    try:
        if str(source) == "-":
            raw = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(source).open("rb") as file:
                raw = file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise FileError(N_("There is no such file."), file=name) from error
    except IsADirectoryError as error:
        raise FileError(N_("This is a folder, not a file."), file=name) from error
    except OSError as error:
        why = error.strerror or error
        raise FileError(N_("The file can't be read: {reason}."), file=name, reason=why) from error
    if len(raw) > MOST_BYTES:
        raise FileError(N_("The file is larger than a game can be (64 MB)."), file=name)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        said = N_("Byte {position} is not UTF-8. Save the file as UTF-8.")
        raise FileError(said, file=name, position=error.start) from error


class NotFittedError(ValueError, AttributeError):
    """A result was asked for before there is one."""


class Split:
    """A split by one rule.

    Parameters
    ----------
    rule : str
        ``shapley``, ``nucleolus``, ``per_capita_nucleolus``, ``tau``, ``gately``, ``owen``, ``myerson``, ``nash``,
        ``kalai_smorodinsky``, ``maximin``, ``separable_costs``, ``stake``, ``euler`` or ``tolerance``.

    Attributes
    ----------
    shares_ : ndarray of shape (parties,) or None
        What each party gets, or pays in a game of costs; None if the rule has no result for the game.
    rounded_ : tuple of str or None
        The same to the cent; adds up to the whole.
    in_core_ : bool or None
        Whether no group would do better alone.
    blocking_ : tuple of Blocking
        The coalitions that would gain most alone; ``mask`` has bit ``i`` for party ``i``, ``gain`` is the amount.
    reason_ : str
        What the rule regards as fair, in English; `reason` gives it in German.
    result_ : Splitting
        All of it, with warnings.

    Examples
    --------
    >>> import mutualist as mu
    >>> glove = mu.Split("nucleolus").fit({"v": [0, 0, 0, 0, 1, 1, 1]})
    >>> glove.shares_.round(9).tolist(), glove.in_core_
    ([0.0, 0.0, 1.0], True)
    """

    def __init__(self, rule: str = "shapley") -> None:
        self.rule = rule

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002 - scikit-learn's name
        """Return the parameters."""
        return {"rule": self.rule}

    def set_params(self, **params: Any) -> Split:
        """Set parameters and return self."""
        for name, value in params.items():
            if name not in self.get_params():
                raise ValueError(f"parameter {name!r}: Split has {', '.join(self.get_params())}")
            setattr(self, name, value)
        return self

    def fit(self, subject: Any) -> Split:
        """Split a game and return self.

        Parameters
        ----------
        subject : Outcomes, Game, mapping or sequence of numbers
            Outcomes of a simulated venture; a mapping as in a game file; or values of all coalitions: ``2**n - 1`` of them
            listed singles first, or ``2**n`` in the order of their numbers (bit ``i`` for party ``i``).
        """
        from mutualist.domain.venture.split import split
        from mutualist.domain.venture.split.rules import require_rule

        require_rule(self.rule)
        if _is_large(subject) and self.rule == "shapley":
            from mutualist.domain.venture.split.ventures import sampled_split

            self.result_ = sampled_split(subject.run, subject.seed)
            return self
        found = findings_of(subject)
        self.result_ = split(found.game, self.rule, found)
        return self

    def __getattr__(self, name: str) -> Any:
        """Say what to do when a result is asked for too early."""
        fitted = {"shares_", "rounded_", "in_core_", "blocking_", "reason_", "result_"}
        if name == "result_" or name not in fitted:
            if name in fitted:
                raise NotFittedError("This split has no result yet: call fit(game) first.")
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        result = self.result_
        if name == "in_core_":
            return None if result.core is None else result.core.inside
        if name == "reason_":
            return self.reason("en")
        return {
            "shares_": result.shares,
            "rounded_": result.rounded,
            "blocking_": result.blocking,
        }[name]

    def reason(self, lang: str | None = None) -> str:
        """Return what the rule regards as fair, in ``de`` or ``en``."""
        from mutualist.domain.venture.split.texts import texts

        return texts().reason(self.rule, language(lang))

    def to_dict(self, lang: str | None = None) -> dict[str, Any]:
        """Return ``split/1``."""
        return document(self.result_, language(lang))


def _is_large(subject: Any) -> bool:
    """Tell whether outcomes have too many parties for an exact result."""
    from mutualist.domain.venture.split.core import EXHAUSTIVE

    return hasattr(subject, "run") and len(subject.parties) > EXHAUSTIVE


def findings_of(subject: Any) -> Findings:
    """Return the game of outcomes, a mapping or values, with what is known about it."""
    from mutualist.domain.venture.split.rules import Findings

    if hasattr(subject, "run"):
        from mutualist.domain.venture.split.ventures import venture_game

        found = venture_game(subject.run)
        return Findings(found.game, found.warnings)
    return Findings(game_of(subject))


def game_of(subject: Any) -> Game:
    """Return the game that a mapping or a sequence of values stands for."""
    import numpy as np

    from mutualist.domain.venture.split import Game
    from mutualist.domain.venture.split import read_game as checked

    if isinstance(subject, Game):
        return subject
    if isinstance(subject, Mapping):
        return checked(subject)
    values = np.asarray(subject, dtype=np.float64)
    if values.ndim == 1 and values.size >= 2 and not values.size & (values.size - 1):
        return Game(values)
    return Game.listed(values.tolist() if values.ndim == 1 else [])


def document(found: Splitting, lang: str) -> dict[str, Any]:
    """Return one split as ``split/1``; parties and coalitions are counted from 1."""
    from mutualist.domain.venture.split.coalitions import members_of
    from mutualist.domain.venture.split.texts import texts

    shares = found.shares
    return {
        "schema": "split/1",
        "rule": found.rule,
        "parties": list(found.game.named),
        "shares": None if shares is None else shares.tolist(),
        "rounded": None if found.rounded is None else list(found.rounded),
        "in_core": None if found.core is None else found.core.inside,
        "blocking": [[i + 1 for i in members_of(one.mask)] for one in found.blocking],
        "gains": [one.gain for one in found.blocking],
        "warnings": [one.message(lang) for one in found.warnings],
        "codes": [one.code for one in found.warnings],
        "reason": texts().reason(found.rule, lang),
        "texts": texts().version,
    }


@dataclass(frozen=True)
class Comparison:
    """Several rules on one game, and the one that is recommended.

    Attributes
    ----------
    splits : tuple of Splitting
        One per rule, in the order asked for.
    recommended : Recommended
        The rule that suits the game, with its reason.
    """

    splits: tuple[Splitting, ...]
    recommended: Recommended

    @property
    def best(self) -> Splitting:
        """Return the recommended split."""
        return next(one for one in self.splits if one.rule == self.recommended.rule)

    def to_dict(self, lang: str | None = None) -> dict[str, Any]:
        """Return ``split-comparison/1``."""
        chosen = language(lang)
        return {
            "schema": "split-comparison/1",
            "recommended": {
                "rule": self.recommended.rule,
                "because": self.recommended.because(chosen),
            },
            "splits": [document(one, chosen) for one in self.splits],
        }

    def to_json(self, lang: str | None = None) -> str:
        """Return ``split-comparison/1`` as JSON."""
        return json.dumps(self.to_dict(lang), ensure_ascii=False, indent=2)

    def to_table(self) -> Table:
        """Return one row per rule and party."""
        from mutualist.library.tables import Table

        columns = ["rule", "party", "share", "rounded", "in_core", "recommended"]
        rows = []
        for one in self.splits:
            if one.shares is None or one.rounded is None or one.core is None:
                continue
            for i, name in enumerate(one.game.named):
                figures = (one.rule, name, float(one.shares[i]), one.rounded[i], one.core.inside)
                rows.append(
                    dict(zip(columns, (*figures, one.rule == self.recommended.rule), strict=True))
                )
        return Table(columns, rows)


def usable_rules(game: Game) -> tuple[str, ...]:
    """Return the rules that a game has everything for."""
    from mutualist.domain.venture.split import RULES

    lacking = {
        "owen": game.unions is None,
        "myerson": game.links is None,
        "stake": game.stakes is None,
        "euler": game.risk is None,
        "tolerance": game.tolerances is None or game.certain is None,
    }
    return tuple(rule for rule in RULES if not lacking.get(rule, False))


def compare_splits(subject: Any, rules: Sequence[str] = ()) -> Comparison:
    """Return what several rules make of a game; the recommended one is always among them.

    Parameters
    ----------
    subject : Outcomes, Game, mapping or sequence of numbers
        As for `Split.fit`.
    rules : sequence of str
        Which rules; all that the game has everything for if not given.

    Examples
    --------
    >>> import mutualist as mu
    >>> mu.compare_splits({"v": [0, 0, 0, 0, 1, 1, 1]}, ["shapley"]).recommended.rule
    'nucleolus'
    """
    from mutualist.domain.venture.split import split
    from mutualist.domain.venture.split.recommending import recommend

    found = findings_of(subject)
    game = found.game
    recommended = recommend(found)
    wanted = list(dict.fromkeys(rules)) or list(usable_rules(game))
    if recommended.rule not in wanted:
        wanted.append(recommended.rule)
    return Comparison(tuple(split(game, rule, found) for rule in wanted), recommended)
