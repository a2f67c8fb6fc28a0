"""How it is counted: measures, rules, kinds, conflicts, gaps, interests, moves."""

from __future__ import annotations

from tables.words import SOURCE, code, names, pick, say, table, words


def measures(lang: str) -> str:
    """Return the six measures."""
    head = pick(
        lang,
        "|Maß|Gewicht|Punkte gelesen|Beleg in|Rechnung|In Worten",
        "|Measure|Weight|Items read|Proof in|Formula|In words",
    ).split("|")
    rows = [
        (
            one["id"],
            one[lang],
            one["weight"],
            ", ".join(one["items"]),
            ", ".join(one["proof"]) or "–",
            code(one["formula"]),
            one["how"][lang],
        )
        for one in SOURCE["measures"]
    ]
    total = " + ".join(f"{one['weight']}·{one['id']}" for one in SOURCE["measures"])
    return table(head, rows) + f"\n**P = {total}**\n"


def gates(lang: str) -> str:
    """Return the three conditions of a partnership."""
    head = pick(
        lang, "Bedingung|Maß|mindestens|und Zusage", "Gate|Measure|at least|and pledge"
    ).split("|")
    decimal = "," if lang == "de" else "."
    rows = [
        (
            one[lang],
            one["measure"],
            str(one["at_least"]).replace(".", decimal),
            one.get("pledge", "–"),
        )
        for one in SOURCE["gates"]
    ]
    return table(head, rows)


def thresholds(lang: str) -> str:
    """Return the numbers that decide on the kind."""
    found = SOURCE["result"]
    cap = found["logo_cap"]
    rows = [
        (
            pick(lang, "P für eine Partnerschaft, mindestens", "P for a partnership, at least"),
            found["partnership"],
        ),
        (
            pick(
                lang,
                "Konfliktlast für eine wahre Partnerschaft, höchstens",
                "conflict load for a true partnership, at most",
            ),
            found["max_load"],
        ),
        (
            pick(
                lang,
                "S, D oder L, um danach benannt zu werden, mindestens",
                "S, D or L to be named after it, at least",
            ),
            found["named"],
        ),
        (
            pick(lang, "P für „im Werden“, mindestens", "P for in the making, at least"),
            found["making"]["at_least"],
        ),
        (pick(lang, "Bedingung dafür", "gate for that"), f"`{found['making']['gate']}`"),
        (
            pick(lang, "Zweithöchster Wert wird genannt ab", "runner-up is named from"),
            found["runner_up"],
        ),
        (pick(lang, "Belegt heißt Stufe", "proven means level"), f"E{found['proven']}"),
        (
            pick(
                lang,
                f"L höchstens, außer {cap['unless']} trifft zu und dazu {' oder '.join(cap['with_any'])}",
                f"L at most, unless {cap['unless']} fires and with it {' or '.join(cap['with_any'])}",
            ),
            cap["at_most"],
        ),
    ]
    return table((pick(lang, "Schwelle", "Threshold"), ""), rows)


def kinds(lang: str) -> str:
    """Return the seven kinds."""
    head = pick(
        lang,
        "Art|Schlüssel|eigener Wert|Gelesen als|Konfliktlast auf dem Bildschirm",
        "Kind|Key|Own score|Read as|Conflict load on screen",
    ).split("|")
    rows = [
        (
            f"**{one[lang]}**",
            f"`{one['key']}`",
            one.get("score", "–"),
            one["reading"][lang],
            pick(lang, "nein", "no") if one.get("no_load") else pick(lang, "ja", "yes"),
        )
        for one in SOURCE["kinds"]
    ]
    return table(head, rows)


def rule_tables(lang: str) -> str:
    """Return the rules of S, D and L."""
    head = pick(
        lang,
        "Regel|Punkte|Befund|Trifft zu, wenn|Punkte gelesen|Beleg in|Was sie aufhebt",
        "Rule|Points|Finding|Fires when|Items read|Proof in|What undoes it",
    ).split("|")
    parts = []
    for kind in ("supplier", "distributor", "logo"):
        rows = [
            (
                f"**{one['id']}**",
                f"+{one['points']}",
                words(one, lang),
                code(one["when"]),
                ", ".join(one["items"]),
                ", ".join(one.get("proof", ())) or "–",
                names(one["undo"][lang]),
            )
            for one in SOURCE["rules"]
            if one["kind"] == kind
        ]
        parts.append(f"#### {say(lang, kind)}\n\n{table(head, rows)}")
    return "\n".join(parts)


def conflicts(lang: str) -> str:
    """Return the goal conflicts with weight and severity."""
    head = pick(
        lang,
        "Nr.|Zielkonflikt|Gewicht|rot bei 3|Gezählt|Schwere 0–3|Punkte gelesen|Ausweg",
        "No.|Goal conflict|Weight|red at 3|Counted|Severity 0–3|Items read|Way out",
    ).split("|")
    rows = []
    for one in SOURCE["conflicts"]:
        steps = [
            code(f"{name} = {text}") for step in one.get("let", ()) for name, text in step.items()
        ]
        rows.append(
            (
                f"**{one['id']}**",
                f"{one[lang]}<br>{words(one, lang)}",
                one["weight"],
                "●" if one.get("red") else "",
                say(lang, one["scope"]),
                "<br>".join((*steps, code(one["severity"]))),
                ", ".join(one["items"]),
                one["way_out"][lang],
            )
        )
    return table(head, rows)


def gaps(lang: str) -> str:
    """Return the gaps between word and proof."""
    head = pick(
        lang, "|Lücke|Gezählt|Wenn|Worte|Punkte gelesen", "|Gap|Counted|When|Words|Items read"
    ).split("|")
    rows = []
    for one in SOURCE["gaps"]:
        counted = say(lang, one["scope"])
        if "each" in one:
            counted += pick(lang, ", je Art", ", for each kind")
        if "each_row" in one:
            counted += pick(lang, ", je Zeile", ", for each row")
        title = one[lang] + (
            pick(lang, " (Hinweis, keine Lücke)", " (a note, no gap)") if one.get("note") else ""
        )
        rows += [
            (
                f"**{one['id']}**",
                title,
                counted,
                code(case["when"]),
                words(case, lang),
                ", ".join(case["items"]),
            )
            for case in one["cases"]
        ]
    return table(head, rows)


def formulas(lang: str) -> str:
    """Return the short names of conditions used more than once."""
    head = pick(lang, "Name|Steht für", "Name|Stands for").split("|")
    rows = [
        (f"`{one['name']}({', '.join(one['of'])})`", code(one["is"])) for one in SOURCE["formulas"]
    ]
    return table(head, rows)


def clashes(lang: str) -> str:
    """Return the goals that do not go together, and the thresholds of the three columns."""
    goals = {one["key"]: f"{one['code']} {one[lang]}" for one in SOURCE["lists"]["goals"]}
    found = SOURCE["interests"]
    rows = [(goals[first], goals[second]) for first, second in found["clashes"]]
    head = pick(lang, "Eine Seite will|die andere", "One side wants|the other").split("|")
    return table(head, rows)


def moves(lang: str) -> str:
    """Return the moves of the ladder in their order."""
    head = pick(lang, "Schritt|In Worten|Setzt", "Move|In words|Sets").split("|")
    rows = []
    for one in SOURCE["moves"]:
        given = {
            key: one[key]
            for key in ("do", "item", "field", "value", "pledge", "have", "need", "due_months")
            if key in one
        }
        who = ":X" if one.get("per_party") else ""
        rows.append(
            (
                f"`{one['id']}{who}`",
                names(one[lang]),
                ", ".join(f"{key} {value}" for key, value in given.items()),
            )
        )
    return table(head, rows)


def weaknesses(lang: str) -> str:
    """Return what the rules do not see."""
    return "".join(f"* {one[lang]}\n" for one in SOURCE["weaknesses"])


def vocabulary(lang: str) -> str:
    """Return the names that conditions may use for answers."""
    head = pick(lang, "Name|Punkt|Felder oder Schlüssel", "Name|Item|Fields or keys").split("|")
    rows = []
    for number, item in SOURCE["items"].items():
        inner = ", ".join(f"`{name}`" for name in item.get("fields", ()))
        if item["type"] in {"points", "choice", "owner", "pledges"}:
            inner = pick(lang, "Liste", "list") + f" `{item['options']}`"
        rows.append((f"`X.{item['name']}`", number, inner or "–"))
    flags: dict[str, list[str]] = {}
    for entries in SOURCE["lists"].values():
        for entry in entries:
            for flag in entry.get("flags", ()):
                flags.setdefault(flag, []).append(entry["key"])
    sets = table(
        (pick(lang, "Menge", "Set"), pick(lang, "enthält", "contains")),
        [(f"`{flag}`", ", ".join(found)) for flag, found in flags.items()],
    )
    frame = ", ".join(f"`frame.{name}`" for name in SOURCE["frame"])
    return f"{table(head, rows)}\n{pick(lang, 'Rahmen', 'Frame')}: {frame}\n\n{sets}"
