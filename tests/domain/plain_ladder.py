"""The ladder of 5.12 read sentence by sentence, on raw answers; shares no code with the product."""

from __future__ import annotations

from copy import deepcopy

from domain.plain_answers import GOALS, SHORT, TRADE, WEIGHT
from domain.plain_reading import Reading

ALL = ["goal", "control", "loss", "gain", "results", "customer", "data", "offer"]
EACH = ["share", "P3", "budget", "years", "P1", "plan", "exclusive", "bring", "date", "decide"]
EACH += ["P2", "P4", "P5", "P6", "P7", "P8", "P9", "P10"]


def put(sheet, item, field, value):
    now = sheet.get(item)
    if isinstance(now, dict):
        sheet[item] = {**now, field: value}
    elif now in (None, "dont_know") or SHORT.get(item) == field:
        sheet[item] = {field: value}
    else:
        sheet[item] = {SHORT[item]: now, field: value}


def put_towards_all(room, p, item, change):
    sheet, others = room["answers"][p], [o for o in room["parties"] if o != p]
    now = sheet.get(item)
    if isinstance(now, dict) and now and set(now) <= set(others):
        sheet[item] = {o: change(now.get(o)) for o in others}
    else:
        sheet[item] = change(now)


def signed(key):
    return lambda now: {**(now if isinstance(now, dict) else {}), key: "yes"}


def field_set(item, field, value):
    def change(now):
        sheet = {item: now}
        put(sheet, item, field, value)
        return sheet[item]

    return change


def everybody(room, move):
    read, ids, n = Reading(room), list(room["parties"]), len(room["parties"])
    sheets = room["answers"]
    if move == "goal":
        known = [g for p in ids if (g := read.get(p, "1.2")) is not None]
        yards = [y for p in ids if (y := read.get(p, "1.3", "measure")) is not None]
        for p in ids:
            if known:
                sheets[p]["1.2"] = {g: sum(k.get(g, 0) for k in known) / len(known) for g in GOALS}
            put(sheets[p], "1.3", "measure", yards[0] if yards else "revenue")
    gains = [read.get(p, "5.3", "gain") for p in ids]
    for p, gain in zip(ids, gains, strict=True):
        if move in ("control", "results", "customer", "data"):
            sheets[p][
                {"control": "6.2", "results": "3.6", "customer": "3.4", "data": "3.5"}[move]
            ] = "both"
        if move == "loss":
            sheets[p]["5.2"] = dict.fromkeys(ids, 100 / n)
            put(sheets[p], "5.3", "loss", 100 / n)
        if move == "gain" and None not in gains and sum(gains) > 0:
            put(sheets[p], "5.3", "gain", gain * 100 / sum(gains))
        if move == "offer":
            put(sheets[p], "4.6", "exists", [*(read.get(p, "4.6", "exists") or []), "offer"])


def one(room, move, p):
    read, sheet = Reading(room), room["answers"][p]
    others = [o for o in room["parties"] if o != p]
    if move == "share" and (read.income(p, TRADE) or 0) > 0:
        sheet["5.1"] = [{"source": "joint_share", "percent": 100, "payer": "customer"}]
    if move[0] == "P":
        put_towards_all(room, p, "6.4", signed(move))
    if move == "budget":
        put(sheet, "3.2", "level", "half")
    if move == "years":
        put(sheet, "2.2", "years", max(4, read.get(p, "2.2", "years") or 0))
    if move == "plan":
        put_towards_all(room, p, "2.3", field_set("2.3", "plan", "no"))
    if move == "exclusive":
        put_towards_all(room, p, "2.4", field_set("2.4", "want", "none"))
    have = read.get(p, "3.1", "have")
    if move == "bring" and have is not None:
        needs = [read.get(o, "3.1", "need") or {} for o in others]
        more = [k for k, v in have.items() if v >= 3 and any(need.get(k, 0) >= 3 for need in needs)]
        put(sheet, "3.1", "bring", [*(read.get(p, "3.1", "bring") or []), *more])
    if move == "date":
        sheet["6.1"] = [*(read.get(p, "6.1") or [])[:3], {"due_months": 3, "who": "A. Person"}]
    lasts = [read.get(o, "6.3", "financed") for o in others]
    takes = read.get(p, "6.3", "decision")
    if move == "decide" and takes is not None and None not in lasts:
        put(sheet, "6.3", "decision", min(takes, min(lasts) // 2))


def key(room):
    found = Reading(room).result()
    scores = found["scores"]
    rank = {"in_the_making": 1, "possible": 2, "true_partnership": 3}.get(found["kind"], 0)
    lead = round(scores["P"] - max(scores["S"], scores["D"], scores["L"]), 9)
    reds = -len(found["red"])
    burden = -sum(WEIGHT[int(c[1:])] * s for c, s in found["conflicts"].items())
    if rank < 2:
        return (rank, list(found["gates"].values()).count(True), lead, reds, burden)
    return (rank, reds, burden, lead)


def climb(room, most=20):
    """The moves of the ladder, as ids."""
    steps = []
    while len(steps) < most:
        now = key(room)
        if now[0] == 3:
            break
        tries = [(m, None) for m in ALL] + [(m, p) for m in EACH for p in room["parties"]]
        best = None
        for move, p in tries:
            there = deepcopy(room)
            everybody(there, move) if p is None else one(there, move, p)
            value = key(there)
            if value > (best[0] if best else now):
                best = (value, move if p is None else f"{move}:{p}", there)
        if best is None:
            break
        steps.append(best[1])
        room = best[2]
    return steps
