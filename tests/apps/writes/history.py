"""Is a history of appends and reads strictly serializable? A check of cycles, after Adya and Elle.

Each transaction appends to lists and reads lists. The lists themselves tell in which order the
appends took effect, so the dependencies between transactions follow: who wrote after whom (ww), who
read whose append (wr), who read before whose append (rw), and who had ended before whom began (time).
A cycle among them is a history that no order one after the other explains.
Source: Kingsbury and Alvaro, "Elle: Inferring Isolation Anomalies from Experimental Observations".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Node = Hashable


@dataclass(frozen=True)
class Transaction:
    """What one request did: begun, ended, elements appended and lists read, by key."""

    name: int
    begun: float
    ended: float
    appends: Mapping[str, str] = field(default_factory=dict)
    reads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def anomalies(history: Sequence[Transaction]) -> list[str]:
    """Return everything that cannot be explained by running the transactions one after the other."""
    writers = {(key, element): one for one in history for key, element in one.appends.items()}
    orders, found = _orders(history, writers)
    if found:
        return found
    edges: dict[Node, set[Node]] = defaultdict(set)
    for one in history:
        for key, seen in one.reads.items():
            order = orders[key]
            if seen:
                _edge(edges, writers[key, seen[-1]].name, one.name)
            if len(seen) < len(order):
                _edge(edges, one.name, writers[key, order[len(seen)]].name)
    for key, order in orders.items():
        for first, second in pairwise(order):
            _edge(edges, writers[key, first].name, writers[key, second].name)
    _time(edges, history)
    return [f"cycle of {', '.join(map(str, cycle))}" for cycle in _cycles(edges)]


def _edge(edges: dict[Node, set[Node]], before: Node, after: Node) -> None:
    if before != after:
        edges[before].add(after)


def _orders(
    history: Sequence[Transaction], writers: Mapping[tuple[str, str], Transaction]
) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Return the order of the appends of each key, and reads that fit no order."""
    orders: dict[str, tuple[str, ...]] = defaultdict(tuple)
    found: list[str] = []
    for one in history:
        for key, seen in one.reads.items():
            orders[key] = max(orders[key], seen, key=len)
    for one in history:
        for key, seen in one.reads.items():
            if seen != orders[key][: len(seen)]:
                found.append(f"{one.name} read {seen} of {key}, no beginning of {orders[key]}")
            unknown = [element for element in seen if (key, element) not in writers]
            if unknown or len(set(seen)) < len(seen):
                found.append(f"{one.name} read {seen} of {key}: never appended, or twice")
        for key, element in one.appends.items():
            if element not in orders[key]:
                found.append(f"{one.name} appended {element} to {key}, and it was lost")
    return orders, found


def _time(edges: dict[Node, set[Node]], history: Sequence[Transaction]) -> None:
    """Whatever ended before something began comes first: by way of the moments in between."""
    moments = sorted(
        [(one.ended, 1, one.name) for one in history]
        + [(one.begun, 0, one.name) for one in history]
    )
    for place, (_at, ends, name) in enumerate(moments):
        moment = ("moment", place)
        edges[moment].add(("moment", place + 1))
        if ends:
            edges[name].add(("moment", place + 1))
        else:
            edges[moment].add(name)


def _cycles(edges: Mapping[Node, Iterable[Node]]) -> list[list[Node]]:  # noqa: C901  (the algorithm as it is known)
    """Return the strongly connected parts with more than one transaction (Tarjan, without recursion)."""
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    stack: list[Node] = []
    on_stack: set[Node] = set()
    parts: list[list[Node]] = []
    for root in list(edges):
        if root in index:
            continue
        work = [(root, iter(edges.get(root, ())))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, following = work[-1]
            for after in following:
                if after not in index:
                    index[after] = low[after] = len(index)
                    stack.append(after)
                    on_stack.add(after)
                    work.append((after, iter(edges.get(after, ()))))
                    break
                if after in on_stack:
                    low[node] = min(low[node], index[after])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    part = []
                    while True:
                        last = stack.pop()
                        on_stack.discard(last)
                        part.append(last)
                        if last == node:
                            break
                    if len(part) > 1:
                        parts.append([one for one in part if not isinstance(one, tuple)])
    return parts
