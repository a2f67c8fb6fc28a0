"""Where the score of the kind shown comes from: rules, or measures for the partnership kinds."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mutualist.apps.rooms.presenters.findings import of_group, sources
from mutualist.apps.rooms.presenters.given import Given
from mutualist.apps.rooms.presenters.views import RuleRow, Why
from mutualist.domain.assess.explaining import points_text, score_text
from mutualist.domain.assess.findings import Finding
from mutualist.domain.assess.wording import number
from mutualist.library.charts import PAGE, Portion, waterfall

NAMED = ("S", "D", "L")


def why(given: Given) -> Why:
    """Return the portions of the score of the kind shown; *still open* shows those of P."""
    score = given.ruleset.kinds[given.verdict.kind].score or "P"
    return _of_measures(given) if score == "P" else _of_rules(given, score)


def rules_of(given: Given, score: str) -> list[Finding]:
    """Return the rules that make up a score.

    Several ordered pairs may share the highest sum; the first one stands for all.
    """
    kind = next(key for key, kind in given.ruleset.kinds.items() if kind.score == score)
    ids = {rule.id for rule in given.ruleset.rules if rule.kind == kind}
    found = [f for f in of_group(given.verdict, "rule") if f.rule in ids]
    if score == "L":
        return found
    strongest = given.verdict.figures.strongest[score]
    first = tuple(given.room.ids[index] for index in strongest[0]) if strongest else ()
    return [f for f in found if f.parties == first]


def _of_rules(given: Given, score: str) -> Why:
    lang = given.lang
    found = rules_of(given, score)
    portions = [Portion(f.rule, f.text[lang].rstrip("."), f.points or 0) for f in found]
    rows = tuple(
        RuleRow(
            key=f.rule,
            words=f.text[lang],
            points=f"+{number(f.points or 0, lang)}",
            how="",
            undo=f.undo[lang] if f.undo else "",
            sources=sources(given, f),
        )
        for f in found
    )
    printed = given.verdict.scores[score]
    chart = waterfall(portions, printed, lang, PAGE)
    return Why(score_text(given.verdict, score, lang), chart, rows, note=_other_pairs(given, score))


def _other_pairs(given: Given, score: str) -> str:
    strongest = given.verdict.figures.strongest.get(score, ())
    if len(strongest) < 2:
        return ""
    pairs = [" → ".join(given.names[index] for index in pair) for pair in strongest[1:]]
    return _("The same sum holds for: %(pairs)s.") % {"pairs": ", ".join(pairs)}


def _of_measures(given: Given) -> Why:
    lang, verdict = given.lang, given.verdict
    portions, rows = [], []
    for measure in given.ruleset.measures:
        value = verdict.exact[measure.id]
        if value is None:
            continue
        points = measure.weight * value * 100 / verdict.points_known
        full = measure.weight * 100 / verdict.points_known
        portions.append(Portion(measure.id, measure.words[lang], points))
        rows.append(
            RuleRow(
                key=measure.id,
                words=measure.words[lang],
                points=_("%(points)s of %(full)s")
                % {"points": number(round(points, 1), lang), "full": number(round(full, 1), lang)},
                how=measure.how[lang],
                undo="",
                sources=tuple(given.sheets.source(item) for item in measure.items),
            )
        )
    chart = waterfall(portions, verdict.scores["P"], lang, PAGE, of_measures=True)
    unknown = verdict.points_known < sum(m.weight for m in given.ruleset.measures)
    note = points_text(verdict, lang) if unknown else ""
    highest = max(NAMED, key=lambda key: verdict.scores[key])
    also = tuple(f"{f.rule} {f.text[lang]}" for f in rules_of(given, highest))
    return Why(score_text(verdict, "P", lang), chart, tuple(rows), also, note)
