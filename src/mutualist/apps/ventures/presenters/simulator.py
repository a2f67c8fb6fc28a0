"""What the simulator shows of ten thousand futures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.core.figures import dumbbell_rows, legend
from mutualist.apps.ventures.presenters.dots import COUNT, Plot, joint_plot, plots
from mutualist.apps.ventures.presenters.splits import Splits, splits
from mutualist.apps.ventures.presenters.together import pooled, together
from mutualist.apps.ventures.presenters.tornado import tornado
from mutualist.apps.ventures.words import language, money, percent, plain
from mutualist.library.venture_outcomes import Outcomes

#: Where nobody says otherwise.
SEED = 42
FUTURES = 10_000


@dataclass(frozen=True)
class View:
    """Everything the results part of the page needs."""

    sentences: tuple[str, ...]
    nature: Mapping[str, Any]
    splits: Splits
    together: Mapping[str, Any] | None
    pooled: Mapping[str, Any]
    tornado: Mapping[str, Any] | None
    plots: tuple[Plot, ...]
    joint_plot: Plot
    joint: Mapping[str, Any]
    carried: Mapping[str, Any]
    table: tuple[Mapping[str, Any], ...]
    balance: str
    currency: str
    futures: str
    seed: int


def view(
    outcomes: Outcomes,
    mine: str | None,
    *,
    own: Mapping[str, Any],
    called: Callable[[str], str],
    correlation: float | None = None,
) -> View:
    """Return what is shown of these outcomes to the party `mine`.

    Parameters
    ----------
    own
        The own party's private figures.
    called
        Names drivers and events.
    correlation
        Of own business and venture, as the slider stands; as described if left out.
    """
    described = outcomes.run.description
    names = {key: party.name for key, party in described.parties.items()}
    currency = described.currency
    found = plots(outcomes, names, mine)
    losses = dict(zip(names, (plot.losses for plot in found), strict=True))
    return View(
        sentences=tuple(_sentences(outcomes, names, losses, mine, own)),
        nature=_nature(outcomes, names),
        splits=splits(outcomes, own, mine),
        together=together(outcomes, mine, correlation),
        pooled=pooled(outcomes),
        tornado=tornado(outcomes, called),
        plots=tuple(found),
        joint_plot=joint_plot(outcomes, names),
        joint=_joint(outcomes, currency),
        carried=_carried(outcomes, names),
        table=tuple(_table(outcomes, names, currency)),
        balance="–" if outcomes.balance is None else plain(outcomes.balance, 2),
        currency=currency,
        futures=plain(outcomes.n),
        seed=outcomes.seed,
    )


def _sentences(
    outcomes: Outcomes,
    names: Mapping[str, str],
    losses: Mapping[str, int],
    mine: str | None,
    own: Mapping[str, Any],
) -> list[str]:
    said = [_lost(names, losses, mine)]
    joint = outcomes.joint_measures
    currency = outcomes.run.description.currency
    said.append(
        _(
            "Together you can expect %(mean)s in today’s money; in the worst 5 of 100 futures it is %(tail)s on average."
        )
        % {"mean": money(joint.mean, currency), "tail": money(-joint.es95, currency)}
    )
    shares = outcomes.shares()
    heaviest = max(
        (key for key in names if shares[key].risk is not None),
        key=lambda key: shares[key].risk or 0.0,
        default=None,
    )
    if heaviest is not None:
        said.append(_heaviest(names, heaviest, mine, shares[heaviest]))
    limit = own.get("pain_limit")
    if limit is not None and mine is not None and mine in names:
        row = outcomes.present_values[list(names).index(mine)]
        beyond = float((row < -limit).mean())
        said.append(
            _("In %(share)s of the futures you lose more than hurts.") % {"share": percent(beyond)}
        )
    return said


def _nature(outcomes: Outcomes, names: Mapping[str, str]) -> dict[str, Any]:
    found, lang = outcomes.nature(), language()
    return {
        "name": found.words[lang],
        "because": found.because[lang],
        "notes": [words[lang] for _code, words in found.notes],
        "parties": [
            {"name": names[one.party], "kind": one.words[lang], "because": one.because[lang]}
            for one in found.parties
        ],
        "version": found.version,
    }


def _lost(names: Mapping[str, str], losses: Mapping[str, int], mine: str | None) -> str:
    others = [key for key in names if key != mine]
    if mine is not None and mine in names:
        values = {"lost": losses[mine], "all": COUNT}
        first = _("In %(lost)s of %(all)s futures you lose money") % values
    else:
        key, *others = others
        first = _("In %(lost)s of %(all)s futures %(party)s loses money") % {
            "lost": losses[key],
            "all": COUNT,
            "party": names[key],
        }
    rest = [_("%(party)s in %(lost)s") % {"party": names[k], "lost": losses[k]} for k in others]
    return "; ".join([first, *rest]) + "."


def _heaviest(names: Mapping[str, str], key: str, mine: str | None, share: Any) -> str:
    values = {"party": names[key], "risk": percent(share.risk), "gain": percent(share.return_)}
    if share.return_ is None:
        return (
            _("%(party)s carries %(risk)s of the joint risk, and together nothing is earned.")
            % values
        )
    if key == mine:
        return (
            _("You carry %(risk)s of the joint risk and get %(gain)s of the joint return.") % values
        )
    return (
        _("%(party)s carries %(risk)s of the joint risk and gets %(gain)s of the joint return.")
        % values
    )


def _joint(outcomes: Outcomes, currency: str) -> dict[str, Any]:
    joint = outcomes.joint_measures
    return {
        "mean": money(joint.mean, currency),
        "middle": money(joint.p50, currency),
        "bad": money(joint.p5, currency),
        "good": money(joint.p95, currency),
        "loss": percent(joint.probability_of_loss),
        "tail": money(-joint.es95, currency),
        "outlay": money(joint.outlay_p95, currency),
    }


def _carried(outcomes: Outcomes, names: Mapping[str, str]) -> dict[str, Any]:
    """Return the dumbbells: share of the risk and share of the return, on one axis for all."""
    shares = outcomes.shares()
    parts = [_("Share of the risk"), _("Share of the return")]
    numbers = [n for one in shares.values() for n in (one.risk, one.return_) if n is not None]
    low, high = min(0.0, *numbers, 0.0), max(1.0, *numbers, 1.0)
    rows = []
    for key, name in names.items():
        one = shares[key]
        rows.append(
            {
                "label": name,
                "values": [one.risk, one.return_],
                "texts": [percent(one.risk), percent(one.return_)],
                "low": low,
                "high": high,
                "apart": _apart(one),
            }
        )
    outside = ""
    if any(number < 0 or number > 1 for number in numbers):
        outside = _(
            "A share above the whole or below nothing is no mistake: somebody may carry more than the whole downside, or gain where the others lose."
        )
    return {"rows": dumbbell_rows(rows, parts), "legend": legend(parts), "outside": outside}


def _apart(share: Any) -> bool:
    if share.risk is None or share.return_ is None:
        return False
    return bool(abs(share.risk - share.return_) > 0.25)


def _table(outcomes: Outcomes, names: Mapping[str, str], currency: str) -> list[dict[str, Any]]:
    found = []
    for key, one in outcomes.measures().items():
        found.append(
            {
                "name": names[key],
                "mean": money(one.mean, currency),
                "bad": money(one.p5, currency),
                "good": money(one.p95, currency),
                "loss": percent(one.probability_of_loss),
                "tail": money(-one.es95, currency),
                "outlay": money(one.outlay_p95, currency),
                "payback": "–" if one.payback is None else plain(one.payback),
            }
        )
    return found
