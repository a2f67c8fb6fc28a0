"""Does the time of an answer tell a partner that a rival has registered a customer?

`python bench/bench_rivals.py [projects] [pairs]`, `--postgres` on a server of its own. A partner registers by the JSON
API, in turn and in random order, a customer that another partner has registered and one that nobody has. Prints the
medians and the share of pairs in which the registered one took longer: 50 % says nothing, as a coin does; beside it
the range within which a coin stays 99 times of 100.
"""

from __future__ import annotations

import math
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from bench_projects import fill, in_folder, made_up, setup

Customer = dict[str, str]


def caller(clara: Any, standing: Any) -> Callable[[Customer], float | None]:
    """Return what registers a customer, in seconds; None when it is refused as an own double."""
    from django.test import Client

    from mutualist.apps.identity import actions as identity
    from mutualist.apps.identity.queries import actor_of

    secret = identity.create_api_token("bench", actor=actor_of(clara))
    client = Client(SERVER_NAME="localhost", HTTP_AUTHORIZATION=f"Bearer {secret}")
    address = f"/api/v1/relations/{standing.relation_uid}/projects"

    def call(content: Customer) -> float | None:
        body = {**content, "title": "Project"}
        start = time.perf_counter()
        status = client.post(address, data=body, content_type="application/json").status_code
        took = time.perf_counter() - start
        if status not in {201, 409}:
            raise SystemExit(f"{status} for {content}")
        return took if status == 201 else None

    return call


def pairs_of(
    call: Callable[[Customer], float | None], taken: list[Customer], most: int
) -> list[tuple[float, float]]:
    """Return the seconds for a customer that is taken and for one that is free, pair by pair."""
    rng, found = random.Random(11), []
    for one in taken[:most]:
        order = [("taken", one), ("free", made_up(rng))]
        rng.shuffle(order)
        took = {kind: call(content) for kind, content in order}
        if took["taken"] is not None and took["free"] is not None:
            found.append((took["taken"], took["free"]))
    return found


def report(pairs: list[tuple[float, float]]) -> None:
    taken, free = ([one[at] * 1000 for one in pairs] for at in (0, 1))
    longer = sum(one > other for one, other in pairs) / len(pairs)
    chance = 2.576 * 0.5 / math.sqrt(len(pairs))
    print(
        f"{len(pairs)} pairs: taken {statistics.median(taken):.2f} ms, free {statistics.median(free):.2f} ms (medians); "
        f"taken took longer in {longer:.1%}, a coin stays within {0.5 - chance:.1%} and {0.5 + chance:.1%}"
    )


def main(words: list[str]) -> None:
    clara, standing, partners = setup()
    known = fill(standing.programme, partners[1:], int(words[0]) if words else 200_000)
    register = caller(clara, standing)
    register(made_up(random.Random(1)))
    report(pairs_of(register, known, int(words[1]) if len(words) > 1 else 2_000))


if __name__ == "__main__":
    in_folder(main, __file__)
