"""Routing against a lottery and the clock: `python bench/bench_routing.py [--seed N]`.

Prints, for a generated set (bench/routing_scene.py): who is reached, how far, how even; the trade-off of distance against load;
the time of one enquiry among 100,000 partners and of 2,000 enquiries at once. Medians; CPU seconds beside them.
"""

from __future__ import annotations

import argparse
import statistics
import time

from routing_scene import distance, lottery, scene

from mutualist.domain.programme.routing import Field, assign, fairness, route, why_not
from mutualist.domain.programme.routing.fairness import trade_off

BOUNDS = (1.2, 1.5, 2.0, 3.0, 5.0, 100.0)


def line(name: str, found, asked, chosen, able) -> None:
    reached = sum(able(one, where) for one, where in zip(asked, chosen, strict=True)) / len(asked)
    print(
        f"{name:<10} able {reached:6.1%}  median {found.median_km:6.1f} km  9 of 10 {found.far_km:6.1f} km"
        f"  most {found.most:>3} ({found.times_mean:.2f}x mean)  none {found.none:>3}  Gini {found.gini:.2f}"
    )


def timed(function, times: int) -> tuple[float, float, float]:
    """Return median seconds, the largest, and CPU seconds a call."""
    walls = []
    cpu = time.process_time()
    for _ in range(times):
        start = time.perf_counter()
        function()
        walls.append(time.perf_counter() - start)
    return statistics.median(walls), max(walls), (time.process_time() - cpu) / times


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    seed = parser.parse_args().seed
    firms, asked = scene(seed=seed)
    field, ids = Field(firms), [one.id for one in firms]
    by_id = {one.id: one for one in firms}

    def able(enquiry, chosen) -> bool:
        return chosen is not None and enquiry.abilities <= by_id[chosen.partner].abilities

    print(f"{len(firms)} partners, {len(asked)} enquiries, seed {seed}")
    drawn = lottery(firms, asked, seed)
    line("lottery", fairness(drawn, ids), asked, drawn, able)
    given = assign(field, asked).chosen
    line("assigned", fairness(given, ids), asked, given, able)
    near = statistics.median(min(distance(firm, one) for firm in firms) for one in asked[:400])
    print(f"nearest partner of all, able or not: median {near:.1f} km")
    print("\nno more than … times the mean load: distance against load")
    for bound, found in trade_off(field, asked, BOUNDS):
        print(
            f"  {bound:>6.1f}x  most {found.most:>3}  median {found.median_km:6.1f} km  9 of 10 {found.far_km:6.1f} km"
            f"  Gini {found.gini:.2f}  unserved {found.unserved}"
        )
    wall, worst, cpu = timed(lambda: assign(field, asked), 3)
    print(f"\n2,000 enquiries at once: {wall:.2f} s (CPU {cpu:.2f} s)")
    many, some = scene(100_000, 200, seed)
    large = Field(many)
    start = time.perf_counter()
    route(large, some[0])
    print(f"first enquiry among 100,000 partners, arrays made: {time.perf_counter() - start:.2f} s")
    for enquiry in some:
        route(large, enquiry)
    walls = iter(some)
    wall, worst, cpu = timed(lambda: route(large, next(walls)), len(some))
    print(
        f"one enquiry: {wall * 1000:.2f} ms, slowest {worst * 1000:.2f} ms, CPU {cpu * 1000:.2f} ms"
    )
    wall, worst, cpu = timed(lambda: why_not(large, some[0], "P000777"), 50)
    print(f"why not one partner: {wall * 1000:.2f} ms")


if __name__ == "__main__":
    main()
