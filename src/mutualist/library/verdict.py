"""The result of a room with everything it can be turned into.

The rules live in ``mutualist.domain.assess``; this adds frames, documents and what notebooks and
terminals show. Every text comes in ``lang`` ``"de"`` or ``"en"``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import mutualist
from mutualist.domain.assess import Room
from mutualist.domain.assess import Verdict as Result
from mutualist.domain.assess import assess as judge
from mutualist.library.tables import FrameKind, Table
from mutualist.library.words import language

if TYPE_CHECKING:
    from rich.console import RenderableType

    from mutualist.domain.assess import PairResult
    from mutualist.library.telling import Telling


def assess(room: Room) -> Verdict:
    """Judge a room.

    Parameters
    ----------
    room : Room
        From ``read_room`` or ``Room.from_dict``.

    Returns
    -------
    Verdict
        Immutable. The same room always gives the same result.

    Examples
    --------
    >>> import mutualist as mu
    >>> mu.assess(mu.datasets.load_pumpenpuls(round=2)).kind
    'true_partnership'
    """
    return Verdict(judge(room))


@dataclass(frozen=True, repr=False)
class Verdict:
    """What the answers of a room amount to, and why.

    Attributes
    ----------
    result : mutualist.domain.assess.Verdict
        The bare result, with exact figures.
    """

    result: Result

    # --- figures ------------------------------------------------------------------------------

    @property
    def room(self) -> Room:
        """The room it is about."""
        return self.result.room

    @property
    def kind(self) -> str:
        """Key of the kind, such as ``supplier`` or ``true_partnership``."""
        return self.result.kind

    @property
    def roles(self) -> Mapping[str, str | None]:
        """Who supplies and buys, or sells and makes; empty for other kinds."""
        return self.result.roles

    @property
    def scores(self) -> Mapping[str, int]:
        """P, S, D and L, 0 to 100."""
        return self.result.scores

    @property
    def gates(self) -> Mapping[str, bool | None]:
        """The three conditions: True (met), False (not met), None (open)."""
        return self.result.gates

    @property
    def measures(self) -> Mapping[str, float | None]:
        """J1 to J6, 0 to 1, None if an answer is unknown."""
        return self.result.measures

    @property
    def load(self) -> int:
        """Conflict load, 0 to 100."""
        return self.result.load

    @property
    def red(self) -> tuple[str, ...]:
        """Red points: conflicts to be settled before anything else."""
        return self.result.red

    @property
    def red_points(self) -> tuple[str, ...]:
        """The same as ``red``."""
        return self.result.red

    @property
    def conflicts(self) -> Mapping[str, int]:
        """Goal conflicts and their severity, 1 to 3."""
        return self.result.conflicts

    @property
    def gaps(self) -> tuple[str, ...]:
        """Gaps between word and proof."""
        return self.result.gaps

    @property
    def mutual(self) -> tuple[str, ...]:
        """Pledges that all would sign."""
        return self.result.mutual

    @property
    def fired(self) -> tuple[str, ...]:
        """Rules that fired."""
        return self.result.fired

    @property
    def open_items(self) -> tuple[str, ...]:
        """Items that matter and are not answered, as ``3.4:A``."""
        return self.result.open_items

    @property
    def runner_up(self) -> str | None:
        """The next highest score, if it is at least 20."""
        return self.result.runner_up

    @property
    def distance(self) -> int:
        """How far the scores are from another kind."""
        return self.result.distance

    @property
    def evidence(self) -> int:
        """How much of the result rests on proof, in per cent."""
        return self.result.evidence

    @property
    def pairs(self) -> tuple[PairResult, ...]:
        """The result of every pair, with three or more parties."""
        return self.result.pairs

    def headline(self, lang: str | None = None) -> str:
        """Return the kind in words, and who is who."""
        return self.result.headline(language(lang))

    # --- tables -------------------------------------------------------------------------------

    def explain(self, lang: str | None = None, kind: FrameKind | None = None) -> Any:
        """Return every reason, one a row.

        Parameters
        ----------
        lang : {"de", "en"}, optional
            Language of the words; else ``MUTUALIST_LANG`` or the locale.
        kind : {"pandas", "polars", "pyarrow"}, optional
            Return a data frame of this library instead of a ``Table``.

        Returns
        -------
        Table or data frame
            Columns ``rule``, ``finding``, ``points`` (of a rule; of a conflict its share of the
            load), ``answers``, ``undo``, ``part`` (rule, conflict, gap, note, gate) and ``red``.
        """
        from mutualist.library.telling_of import reasons

        columns = ["rule", "finding", "points", "answers", "undo", "part", "red"]
        rows = [
            {name: getattr(reason, name) for name in columns}
            for reason in reasons(self.result, language(lang))
        ]
        return _framed(Table(columns, rows), kind)

    def changes(
        self,
        max_steps: int = 9,
        *,
        target: str | None = None,
        lang: str | None = None,
        kind: FrameKind | None = None,
    ) -> Any:
        """Return the ladder: the fewest single moves towards a true partnership.

        Parameters
        ----------
        max_steps : int
            Longest ladder.
        target : str, optional
            Stop at this kind.

        Returns
        -------
        Table or data frame
            One row a step: ``step``, ``move``, ``result``, ``P``, ``S``, ``D``, ``L``, ``load``,
            ``red``. Empty if no single move helps.
        """
        from mutualist.library.telling_of import ladder_rows

        columns = ["step", "move", "result", "P", "S", "D", "L", "load", "red"]
        rows = ladder_rows(self.result, max_steps, target, language(lang))
        return _framed(Table(columns, rows), kind)

    def to_frame(self, kind: FrameKind | None = None) -> Any:
        """Return the figures as one row, to be put below those of other rooms."""
        row: dict[str, Any] = {"name": self.room.frame.get("name"), "kind": self.kind}
        row |= dict(self.scores)
        row |= {"load": self.load, "red": " ".join(self.red), "evidence": self.evidence}
        row |= {"distance": self.distance, "runner_up": self.runner_up}
        row |= {f"gate_{name}": _word(met) for name, met in self.gates.items()}
        row |= dict(self.measures)
        return _framed(Table(list(row), [row]), kind)

    # --- documents ----------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Return the stable JSON ``verdict/1`` as plain values."""
        return self.result.to_dict()

    def to_json(self, indent: int | None = 2) -> str:
        """Return ``verdict/1`` as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    def tell(self, lang: str | None = None, *, changes: bool = False) -> Telling:
        """Return what is told about the result, before any layout."""
        from mutualist.library.telling_of import telling

        return telling(self.result, language(lang), changes=changes)

    def to_markdown(
        self, lang: str | None = None, *, explain: bool = True, changes: bool = False
    ) -> str:
        """Return the result as Markdown."""
        from mutualist.library.markdown import to_markdown

        return to_markdown(self.tell(lang, changes=changes), explain=explain, changes=changes)

    def to_html(
        self, lang: str | None = None, *, explain: bool = True, changes: bool = True
    ) -> str:
        """Return the result as one HTML page without scripts or addresses."""
        from mutualist.library.page import to_html

        return to_html(self.tell(lang, changes=changes), explain=explain, changes=changes)

    def to_text(
        self, lang: str | None = None, *, explain: bool = True, changes: bool = False
    ) -> str:
        """Return the result as plain text, 100 columns wide."""
        from mutualist.library.terminal import to_text

        return to_text(self.tell(lang, changes=changes), explain=explain, changes=changes)

    def to_pdf(self, lang: str | None = None, *, long: bool = False) -> bytes:
        """Return the board one-pager as a tagged PDF, or the long report."""
        from mutualist.library.paper import to_pdf

        return to_pdf(self.result, language(lang), long=long)

    def to_rich(
        self,
        lang: str | None = None,
        *,
        explain: bool = False,
        changes: bool = False,
        ascii_only: bool = False,
    ) -> RenderableType:
        """Return what rich prints on a terminal."""
        from mutualist.library.terminal import to_rich

        told = self.tell(lang, changes=changes)
        return to_rich(told, explain=explain, changes=changes, ascii_only=ascii_only)

    def cite(self) -> str:
        """Return a BibTeX entry for the program and the rule version behind the result."""
        version, rules = mutualist.__version__, self.result.ruleset.version
        return (
            f"@software{{mutualist_{version.replace('.', '_')},\n"
            "  title   = {Mutualist: six questions about a partnership},\n"
            "  author  = {{The Mutualist founders}},\n"
            f"  version = {{{version}}},\n"
            f"  year    = {{{rules.partition('.')[0]}}},\n"
            f"  note    = {{Rule version {rules}; the weights are judgement, not fitted}}\n"
            "}\n"
        )

    # --- display ------------------------------------------------------------------------------

    def __repr__(self) -> str:
        scores = " ".join(f"{name} {value}" for name, value in self.scores.items())
        red = f", red {' '.join(self.red)}" if self.red else ""
        return f"<Verdict {self.kind}: {scores}, load {self.load}{red}>"

    def _repr_html_(self) -> str:
        from mutualist.library.page import card

        return card(self.tell())

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}

    def __rich__(self) -> RenderableType:
        return self.to_rich()


def _framed(table: Table, kind: FrameKind | None) -> Any:
    return table if kind is None else table.frame(kind)


def _word(met: bool | None) -> str:
    return {True: "met", False: "not met", None: "open"}[met]
