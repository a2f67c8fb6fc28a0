"""One recommendation with its reason: which rule suits a game, by named conditions in a fixed order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from mutualist.domain.venture.split.core import check_core
from mutualist.domain.venture.split.orders import shapley
from mutualist.domain.venture.split.rules import Findings
from mutualist.domain.venture.split.texts import fill, texts


@dataclass(frozen=True, slots=True)
class Recommended:
    """A rule, the condition it was chosen by, and the values its reason quotes."""

    rule: str
    when: str
    words: Mapping[str, str]
    values: Mapping[str, Any]

    def because(self, lang: str = "en") -> str:
        """Return the reason in ``de`` or ``en``."""
        return fill(self.words[lang], lang, self.values)


def _shapley_in_core(found: Findings) -> bool:
    game = found.game
    return check_core(game.values, shapley(game.values), tolerance=10 * game.tolerance).inside


def _outside_above_own(found: Findings) -> bool:
    game = found.game
    if game.outside is None or game.outside.sum() > game.whole + game.tolerance:
        return False
    return bool((game.outside > game.alone + game.tolerance).any())


CONDITIONS: Final[Mapping[str, Callable[[Findings], bool]]] = MappingProxyType(
    {
        "links": lambda found: found.game.links is not None,
        "blocs": lambda found: found.game.unions is not None,
        "outside_above_own": _outside_above_own,
        "one_party": lambda found: found.game.parties == 1,
        "two_parties": lambda found: found.game.parties == 2,
        "core_empty": lambda found: found.core_empty,
        "shapley_in_core": _shapley_in_core,
        "always": lambda _found: True,
    }
)


def recommend(found: Findings) -> Recommended:
    """Return the rule that suits a game and why: the first line of the table whose condition holds.

    Examples
    --------
    >>> from mutualist.domain.venture.split.game import Game
    >>> recommend(Findings(Game.listed([0, 0, 0, 0, 1, 1, 1]))).rule
    'nucleolus'
    """
    line = next(line for line in texts().recommendations() if CONDITIONS[str(line["when"])](found))
    values: dict[str, Any] = {}
    if line["when"] == "always":
        game = found.game
        blocking = check_core(
            game.values, shapley(game.values), tolerance=10 * game.tolerance
        ).blocking
        values = {"coalition": game.called(blocking[0].mask), "gain": blocking[0].gain}
    return Recommended(str(line["rule"]), str(line["when"]), line["because"], values)
