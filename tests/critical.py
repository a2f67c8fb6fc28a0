"""The modules that must not fail: assessment, splits, partner programmes, seals, permissions; and the tests that speak for them.

What is measured about these tests reads its list here: every branch is taken (tests/branches.py), and small faults
are noticed (tests/mutants.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
CORE = "mutualist/apps/core"
ROOMS = "mutualist/apps/rooms"
ISOLATION = tuple(
    f"tests/guards/test_{name}.py" for name in ("isolation", "scopes", "row_security", "parity")
)


@dataclass(frozen=True)
class Part:
    """Patterns of modules and the tests that speak for them."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    #: Whether it does something on PostgreSQL alone.
    postgres: bool = False

    def files(self) -> list[Path]:
        return sorted({file for pattern in self.modules for file in SOURCE.glob(pattern)})


PARTS = {
    "assess": Part(
        ("mutualist/domain/assess/*.py", "mutualist/domain/shared/language/*.py"), ("tests/domain",)
    ),
    "split": Part(
        ("mutualist/domain/venture/split/*.py",),
        ("tests/domain/split", "tests/cli/test_split.py", "tests/library/test_split.py"),
    ),
    "programme": Part(
        tuple(
            f"mutualist/domain/programme/{name}/*.py"
            for name in ("rules", "scoring", "status", "ahead", "routing")
        ),
        (
            *(
                f"tests/domain/programme/{name}"
                for name in ("rules", "scoring", "status", "ahead", "routing")
            ),
            "tests/cli/test_programme.py",
            "tests/cli/test_programme_ahead.py",
        ),
    ),
    "batch": Part(
        ("mutualist/domain/programme/batch/*.py",),
        (
            "tests/domain/programme/batch",
            *(
                f"tests/library/test_programme_{name}.py"
                for name in ("exchange", "forms", "pages", "presets", "runs")
            ),
        ),
    ),
    "channel": Part(
        (
            "mutualist/apps/programme/standing.py",
            *(
                f"mutualist/apps/{app}/managers.py"
                for app in ("programme", "enquiries", "commissions", "ratings")
            ),
            "mutualist/apps/projects/scopes.py",
            "mutualist/apps/projects/fences.py",
            "mutualist/apps/letters/queries.py",
        ),
        (
            "tests/guards/test_channel_apart.py",
            "tests/guards/test_project_parity.py",
            *(
                f"tests/apps/programme/test_{name}.py"
                for name in ("standing", "visible", "apart", "life")
            ),
            "tests/apps/projects",
            "tests/apps/letters",
            "tests/apps/ratings",
        ),
    ),
    "seals": Part(
        (
            "mutualist/domain/shared/*.py",
            *(f"{CORE}/{name}.py" for name in ("vault", "keyring", "wrapping", "wrapped", "audit")),
            f"{ROOMS}/sealing.py",
            f"{ROOMS}/chains.py",
            f"{ROOMS}/actions/seals.py",
            f"{ROOMS}/actions/openings.py",
        ),
        (
            *(f"tests/domain/test_{name}.py" for name in ("seals", "receipts", "edges", "words")),
            "tests/apps/core",
            "tests/apps/rooms",
        ),
    ),
    "permissions": Part(
        (
            f"{CORE}/fences.py",
            f"{CORE}/actor.py",
            *(f"{ROOMS}/{name}.py" for name in ("rights", "scopes", "fences", "managers")),
            f"{ROOMS}/standing.py",
            "mutualist/apps/identity/queries.py",
        ),
        (
            *ISOLATION,
            "tests/guards/test_crossing.py",
            "tests/apps/rooms",
            "tests/apps/identity",
        ),
    ),
    "roles": Part(
        (f"{CORE}/isolation.py", f"{CORE}/roles.py"),
        (*ISOLATION, "tests/apps/rooms"),
        postgres=True,
    ),
}
#: Faults that change nothing; the reason is what has to be true for one to stay here.
SAME: dict[str, str] = {
    "domain/assess/engine.py: - {(0, 1): ordered[first, second], (1, 0): ordered[second, first]}, + {(0, 2): ordered[first, second], (1, 0): ordered[second, first]},": "what is not kept is computed again",
    'domain/assess/explaining.py: - return below_threshold(verdict.exact["load"] or 0.0, verdict.ruleset.thresholds.max_load, lang)[ + return below_threshold(verdict.exact["load"] or -1.0, verdict.ruleset.thresholds.max_load, lang)[': "the load is a number in every room; `or` is for the types",
    "domain/assess/interests.py: - found, key=lambda entry: (not entry.red, -weights[entry.keys[0]] * (entry.severity or 0)) + found, key=lambda entry: (not entry.red, -weights[entry.keys[ -1]] * (entry.severity or 0))": "a conflict has one key",
    "domain/assess/programs.py: - return self.gap_scope(Compiler(self.vocabulary), gap, 0)[0] + return self.gap_scope(Compiler(self.vocabulary), gap, 1)[0]": "the number only says where a mistake is, and rules that are loaded have none",
    'domain/assess/references.py: - de = f" Gemeint ist vielleicht „{near[0]}“." if near else "" + de = f" Gemeint ist vielleicht „{near[ -1]}“." if near else ""': "one name at most is near",
    "domain/assess/references.py: - near = difflib.get_close_matches(name, list(known), n=1) + near = difflib.get_close_matches(name, list(known), n= 2)": "only the nearest is named",
    "domain/assess/runtime.py: - return all(value == values[0] for value in values) + return all(value == values[ -1] for value in values)": "all are equal to the first when all are equal to the last",
    "domain/assess/runtime.py: - return int(value) if value > 0 else 0 + return int(value) if value >= 0 else 0": "zero is zero either way",
    "domain/assess/verdict.py: - measures = dict(zip(judge.measure_index, figures.measures, strict=True)) + measures = dict(zip(judge.measure_index, figures.measures, strict=False))": "both come from one list of measures",
    "domain/shared/receipts.py: - if type(round_) is not int or not 1 <= round_ <= MAX_ROUND: + if type(round_) != int or not 1 <= round_ <= MAX_ROUND:": "types are equal when they are the same",
    "domain/programme/ahead/differences.py: - if before.rules is after.rules: + if before.rules == after.rules:": "rules that are equal give equal weights",
    "domain/programme/ahead/linear.py: - if line.low > 0 or (line.low == 0 and not strict): + if line.low > 0 and (line.low == 0 and not strict):": "what always holds is found to hold by the search as well",
    "domain/programme/ahead/linear.py: - if line.low > 0 or (line.low == 0 and not strict): + if line.low > 0 or (line.low == 1 and not strict):": "what always holds is found to hold by the search as well",
    "domain/programme/ahead/linear.py: - if line.low > 0 or (line.low == 0 and not strict): + if line.low > 1 or (line.low == 0 and not strict):": "what always holds is found to hold by the search as well",
    "domain/programme/ahead/translating.py: - if other != name: + if not other != name:": "the search offers a track that does not count, and exact scoring refuses it",
    "domain/programme/routing/field.py: - mean = self.loads.mean() if count else 0.0 + mean = self.loads.mean() if count else -1.0": "of a mean without partners nobody has points",
    "domain/programme/routing/field.py: - lat, lon = np.radians(degrees.reshape(-1, 2)).T + lat, lon = np.radians(degrees.reshape(- 2, 2)).T": "numpy works out any length below zero",
    "domain/programme/routing/one.py: - if len(found) > most: + if len(found) == most:": "it only spares putting all in order; what is too many is cut off afterwards",
    "domain/programme/routing/one.py: - if len(found) > most: + if len(found) >= most:": "it only spares putting all in order; what is too many is cut off afterwards",
    "domain/programme/routing/one.py: - least = np.partition(score, -most)[-most] + least = np.partition(score, -most)[~most]": "one more is put in order and cut off afterwards",
    "domain/programme/routing/many.py: - for enquiry, at in zip(enquiries, chosen, strict=True) + for enquiry, at in zip(enquiries, chosen, strict=False)": "there is a place for each enquiry",
    "apps/ratings/managers.py: - found = found.filter(round__relation=standing.relation or 0) + found = found.filter(round__relation=standing.relation or -1)": "no partner has either number",
    "domain/programme/ahead/paths.py: - target = names[place] if place < len(names) else None + target = names[place] if place is not len(names) else None": "a place is at most the number of names, and small numbers are the same when they are equal",
    "domain/programme/ahead/translating.py: - for bound, here in zip(bounds, points, strict=True): + for bound, here in zip(bounds, points, strict=False):": "reading asks for pairs",
    "domain/programme/ahead/translating.py: - return self._steps_of(args, strict=True) + return self._steps_of(args, strict=False)": "at a bound itself the search tries both, and exact scoring says which",
    "domain/programme/ahead/linear.py: - found = self.variable(min(line.low, 0.0), max(line.high, 0.0)) + found = self.variable(min(line.low, -1.0), max(line.high, 0.0))": "the lines that follow narrow it",
    'domain/programme/rules/validity.py: - return trees.Junction("flag", "or", tuple(parts)) if len(parts) > 1 else parts[0] + return trees.Junction("flag", "or", tuple(parts)) if len(parts) != 1 else parts[0]': "there is at least one part",
    'domain/programme/status/rhythm.py: - if rhythm == "at once": + if rhythm <= "at once":': "of the rhythms it is the first",
    'domain/programme/status/rhythm.py: - if rhythm == "at review": + if rhythm <= "at review":': "of the rhythms but the one asked for before it is the first",
    "domain/programme/status/course.py: - if held.term_until is None or held.term_from is None: + if held.term_until is None and held.term_from is None:": "a granted time has both ends or none",
    "domain/programme/status/course.py: - if held.term_from and held.term_until: + if held.term_from or held.term_until:": "a granted time has both ends or none",
    "domain/programme/status/course.py: - found += self.days[at : at + 1] + found += self.days[at : at + 2]": "the next of all days is taken",
    'apps/ratings/managers.py: - if standing.side != "vendor": + if standing.side < "vendor":': "there are two sides, and the partner's comes first",
    'apps/projects/fences.py: - if command == "update": + if command >= "update":': "of the commands it is the last",
    'apps/ratings/managers.py: - return found if standing.side == "vendor" else found.filter(relation=standing.relation or 0) + return found if standing.side == "vendor" else found.filter(relation=standing.relation or -1)': "no partner has either number",
    'domain/programme/batch/partners.py: - op = ">" if other_place < place else ">=" + op = ">" if other_place <= place else ">="': "a track is not held against itself",
    "domain/programme/batch/taking.py: - for name in args[1:]: + for name in args[ 0:]:": "the first is looked at twice",
    'apps/projects/fences.py: - if command == "delete": + if command <= "delete":': "of the commands it is the first",
}
