"""The result page: sentence first, then charts, tables, and what the result does not know."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutualist.apps.rooms.presenters.change import State, figures
from mutualist.apps.rooms.presenters.findings import conflicts, gaps, gates, titles
from mutualist.apps.rooms.presenters.given import Given
from mutualist.apps.rooms.presenters.sides import blocks
from mutualist.apps.rooms.presenters.views import (
    ConflictRow,
    Headline,
    Interest,
    Interests,
    PairRow,
    Path,
    ResultView,
    RoundLink,
)
from mutualist.apps.rooms.presenters.why import why
from mutualist.domain.assess.explaining import load_text
from mutualist.domain.assess.interests import Interest as Entry
from mutualist.library.charts import PAGE, bars_of_kinds

MOST_OPPOSED = 8


def result_view(given: Given) -> ResultView:
    """Return everything the result page shows but the ladder."""
    verdict, rules, lang = given.verdict, given.ruleset, given.lang
    found = conflicts(given)
    return ResultView(
        headline=headline(given, found),
        evidence=verdict.evidence,
        evidence_words=_(
            "%(percent)s of 100 points rest on answers with proof: minutes, signed papers, invoices."
        )
        % {"percent": verdict.evidence},
        gates=gates(verdict, lang, explain=True),
        kinds=bars_of_kinds(verdict.scores, verdict.kind, lang, PAGE),
        why=why(given),
        interests=interests(given),
        load=load_text(verdict, lang) if not rules.kinds[verdict.kind].no_load else None,
        conflicts=found,
        gaps=gaps(given, "gap"),
        notes=gaps(given, "note"),
        runner_up=_runner_up(given),
        distance=_distance(given),
        open_items=_open_items(given),
        pairs=_pairs(given),
        pledges=tuple((key, rules.pledge(key).words[lang]) for key in verdict.mutual),
        blocks=blocks(given),
        weaknesses=tuple(weakness[lang] for weakness in rules.weaknesses),
        caution=rules.texts["caution"][lang],
        ruleset=rules.version,
        parties=tuple(given.names),
        rounds=tuple(
            RoundLink(number, _("Round %(number)s") % {"number": number}, number == given.round)
            for number in given.rounds
        ),
        path=_path(given),
    )


def headline(given: Given, found: tuple[ConflictRow, ...]) -> Headline:
    """Return the result in sentences."""
    verdict, lang = given.verdict, given.lang
    kind = given.ruleset.kinds[verdict.kind]
    name = kind.words[lang]
    return Headline(
        kind=verdict.kind,
        name=name,
        sentence=verdict.headline(lang)[len(name) :].lstrip(" –"),
        reading=kind.reading[lang],
        keeps=verdict.holding_back(lang),
        reds=tuple((row.anchor, row.title) for row in found if row.red and row.anchor == row.id),
    )


def interests(given: Given) -> Interests:
    """Return the three columns; the full list of conflicts stands below them on the page."""
    columns, lang = given.verdict.interests, given.lang
    complementary = [e for e in columns.complementary if e.about != "capability"]
    opposed = [_opposed(given, entry) for entry in columns.opposed]
    opposed.sort(key=lambda entry: -entry.severity)
    more = max(0, len(opposed) - MOST_OPPOSED)
    return Interests(
        tuple(Interest(entry.text[lang]) for entry in columns.common),
        (*(Interest(entry.text[lang]) for entry in complementary), *_abilities(given)),
        tuple(opposed[:MOST_OPPOSED] if more > 1 else opposed),
        more if more > 1 else 0,
    )


def _abilities(given: Given) -> list[Interest]:
    """Return what one party needs and another brings in, one line for each pair."""
    needed: dict[tuple[str, ...], list[str]] = {}
    for entry in given.verdict.interests.complementary:
        if entry.about == "capability":
            label = given.ruleset.label("capabilities", entry.keys[0], given.lang)
            needed.setdefault(entry.parties, []).append(label)
    words = _("%(needs)s needs it, %(brings)s brings it in")
    return [
        Interest(
            ", ".join(labels),
            words % {"needs": given.parties[parties[0]], "brings": given.parties[parties[1]]},
        )
        for parties, labels in needed.items()
    ]


def _opposed(given: Given, entry: Entry) -> Interest:
    if entry.about == "clash":
        goals = [given.ruleset.label("goals", key, given.lang) for key in entry.keys]
        return Interest(" ↔ ".join(goals), " – ".join(given.parties[p] for p in entry.parties))
    return Interest(entry.text[given.lang], "", entry.severity or 0)


def _runner_up(given: Given) -> str:
    key = given.verdict.runner_up
    if key is None:
        return ""
    return _("%(kind)s, %(points)s points") % {
        "kind": given.ruleset.scores[key][given.lang],
        "points": given.verdict.scores[key],
    }


def _distance(given: Given) -> str:
    verdict = given.verdict
    points = {"points": verdict.distance}
    if verdict.kind == "still_open":
        return (
            ngettext(
                "%(points)s point to the nearest kind",
                "%(points)s points to the nearest kind",
                verdict.distance,
            )
            % points
        )
    if verdict.kind == "in_the_making":
        missing = [d.words[given.lang] for d in verdict.gate_details if d.met is not True]
        if verdict.distance == 0:
            return _("The points suffice. Still missing: %(missing)s") % {
                "missing": ", ".join(missing)
            }
        return (
            ngettext(
                "%(points)s point to a partnership",
                "%(points)s points to a partnership",
                verdict.distance,
            )
            % points
        )
    return (
        ngettext(
            "%(points)s point clear of any other result",
            "%(points)s points clear of any other result",
            verdict.distance,
        )
        % points
    )


def _open_items(given: Given) -> tuple[str, ...]:
    lines = []
    for code in given.verdict.open_items:
        item, _colon, party = code.partition(":")
        words = given.ruleset.items[item].words[given.lang]
        lines.append(f"{item} {words} ({given.parties[party]})")
    return tuple(lines)


def _pairs(given: Given) -> tuple[PairRow, ...]:
    rows = []
    for pair in given.verdict.pairs:
        names = " – ".join(given.parties[party] for party in pair.parties)
        kind = given.ruleset.kinds[pair.kind]
        rows.append(
            PairRow(
                names=names,
                kind=kind.words[given.lang],
                scores=tuple(str(pair.scores[key]) for key in ("P", "S", "D", "L")),
                load="–" if kind.no_load else str(pair.load),
                red=titles(given.verdict, pair.red, given.lang),
            )
        )
    return tuple(rows)


def _path(given: Given) -> Path | None:
    """Return the way from the round before, if there is one."""
    if given.before is None:
        return None
    lang, before, after = given.lang, given.before, given.verdict
    kinds = given.ruleset.kinds
    shown = {n for n, item in given.ruleset.items.items() if item.shown in {"opening", "split"}}
    counts = [
        (name, len(shown.intersection(given.changed.get(party, ()))))
        for party, name in given.parties.items()
    ]
    return Path(
        figures=figures(State.stored(before), State.of(after, lang), given),
        kinds=(kinds[before["kind"]].words[lang], kinds[after.kind].words[lang]),
        changed=tuple((name, count) for name, count in counts if count),
        settled=titles(after, [red for red in before["red"] if red not in after.red], lang),
    )
