"""What would have to change: the ladder, and what ticked changes would make of the room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import caches
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutualist.apps.rooms.offers import offer
from mutualist.apps.rooms.presenters.findings import gates, titles
from mutualist.apps.rooms.presenters.given import Given
from mutualist.apps.rooms.presenters.views import Figure, Ladder, MoveChoice, WhatIf
from mutualist.domain.assess import Step, Verdict, apply_moves, assess, changes
from mutualist.domain.assess.explaining import load_text, score_text
from mutualist.library.charts import PAGE, Chart, Language, ladder
from mutualist.library.charts import Step as Rung

A_DAY = 24 * 3600
SCORES = ("P", "S", "D", "L")


def ladder_steps(given: Given) -> tuple[Step, ...]:
    """Return the ladder of a round; it is searched for once a day at most, as a round never changes."""
    name = f"rooms:ladder:{given.key}:{given.ruleset.version}"
    cache = caches["process"]
    found: tuple[Step, ...] | None = cache.get(name)
    if found is None:
        found = changes(given.room)
        cache.set(name, found, A_DAY)
    return found


def ladder_view(given: Given, ticked: Sequence[str] = ()) -> Ladder:
    """Return the ladder with its chart, other changes to try, and what the ticked ones yield."""
    steps = ladder_steps(given)
    others = offer(given.room, steps).others
    rows = tuple(_choice(given, steps, index, ticked) for index in range(len(steps)))
    more = tuple(
        MoveChoice(move.id, _sentence(move.words[given.lang]), "", "", move.id in ticked)
        for move in others
    )
    return Ladder(
        chart=_chart(given, steps) if steps else None,
        steps=rows,
        others=more,
        summary=_summary(given, steps),
        what_if=what_if(given, ticked),
        others_open=any(choice.checked for choice in more),
    )


def what_if(given: Given, ticked: Sequence[str]) -> WhatIf:
    """Compute the room again with some changes.

    Raises
    ------
    ActionError
        400 if one of them is not on offer.
    """
    chosen = offer(given.room, ladder_steps(given)).chosen(ticked)
    before = given.verdict
    after = assess(apply_moves(given.room, chosen)) if chosen else before
    kind = given.ruleset.kinds[after.kind]
    name = kind.words[given.lang]
    return WhatIf(
        kind=after.kind,
        name=name,
        sentence=after.headline(given.lang)[len(name) :].lstrip(" –"),
        ticked=len(chosen),
        figures=figures(State.of(before, given.lang), State.of(after, given.lang), given),
        gates=gates(after, given.lang),
        red=titles(after, after.red, given.lang),
        settled=titles(after, [red for red in before.red if red not in after.red], given.lang),
    )


@dataclass(frozen=True, slots=True)
class State:
    """Points and load of a room at one time, as figures and as printed."""

    scores: Mapping[str, int]
    load: int
    texts: Mapping[str, str]

    @classmethod
    def of(cls, verdict: Verdict, lang: Language) -> State:
        """Return the state that a verdict describes."""
        texts = {score: score_text(verdict, score, lang) for score in SCORES}
        return cls(verdict.scores, verdict.load, texts | {"load": load_text(verdict, lang)})

    @classmethod
    def stored(cls, result: Mapping[str, Any]) -> State:
        """Return the state that a stored result describes."""
        texts = {key: str(value) for key, value in result["scores"].items()}
        return cls(result["scores"], result["load"], texts | {"load": str(result["load"])})


def figures(before: State, after: State, given: Given) -> tuple[Figure, ...]:
    """Return points and load before and after; kinds that are far off in both are left out."""
    found = []
    for score in SCORES:
        was, now = before.scores[score], after.scores[score]
        if score != "P" and max(was, now) < given.ruleset.thresholds.runner_up:
            continue
        found.append(
            Figure(
                label=given.ruleset.scores[score][given.lang],
                before=before.texts[score],
                after=after.texts[score],
                better=(now > was) == (score == "P"),
            )
        )
    load = Figure(
        _("Conflict load"), before.texts["load"], after.texts["load"], after.load <= before.load
    )
    return (*found, load)


def _choice(given: Given, steps: Sequence[Step], index: int, ticked: Sequence[str]) -> MoveChoice:
    step = steps[index]
    before = steps[index - 1] if index else given.verdict
    gain = f"{before.scores['P']} → {step.scores['P']}"
    if before.scores["P"] == step.scores["P"]:
        gain = _("load %(before)s → %(after)s") % {"before": before.load, "after": step.load}
    return MoveChoice(
        value=step.move.id,
        label=_sentence(step.move.words[given.lang]),
        gain=gain,
        reason=notes_of(step, given.lang),
        checked=step.move.id in ticked,
    )


def notes_of(step: Step, lang: Language) -> str:
    """Return what a step achieves, in one line that ends with the new kind."""
    return " · ".join(note[lang] for note in step.notes).replace(" · →", " →")


def _sentence(words: str) -> str:
    """Return words with a capital at the start, as they stand alone in a list."""
    return words[:1].upper() + words[1:]


def _chart(given: Given, steps: Sequence[Step]) -> Chart:
    def rung(words: str, scores: dict[str, int], load: int, kind: str) -> Rung:
        others = max(scores[key] for key in ("S", "D", "L"))
        return Rung(words, scores["P"], others, load, given.ruleset.kinds[kind].words[given.lang])

    start = rung("", dict(given.verdict.scores), given.verdict.load, given.verdict.kind)
    rungs = [rung(_sentence(s.move.words[given.lang]), s.scores, s.load, s.kind) for s in steps]
    return ladder(start, rungs, given.lang, PAGE)


def _summary(given: Given, steps: Sequence[Step]) -> str:
    """Say in one sentence how far the way is."""
    if not steps:
        if given.verdict.kind == "true_partnership":
            return _("Nothing: this is a true partnership by its answers. Keep it that way.")
        return _("No single change of answers helps by itself. Talk first.")
    reached = steps[-1].kind == "true_partnership"
    values = {"count": len(steps), "kind": given.ruleset.kinds[steps[-1].kind].words[given.lang]}
    if reached:
        return (
            ngettext(
                "One change would make it a true partnership.",
                "%(count)s changes, the most helpful first, would make it a true partnership.",
                len(steps),
            )
            % values
        )
    return (
        ngettext(
            "One change helps; the answers then read: %(kind)s.",
            "%(count)s changes help; the answers then read: %(kind)s.",
            len(steps),
        )
        % values
    )
