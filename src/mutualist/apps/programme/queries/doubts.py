"""What to look at again in rules that can be used, by the rules alone and by the partners they are for."""

from __future__ import annotations

from mutualist.apps.programme.queries.listing import abilities_listed
from mutualist.apps.programme.standing import Standing
from mutualist.domain.programme.rules.lint import Finding, lint, lint_abilities
from mutualist.domain.programme.rules.model import RuleSet


def doubts_about(standing: Standing, rules: RuleSet) -> list[Finding]:
    """Return doubts about rules, with the abilities of partners that they have no name for."""
    return [*lint(rules), *lint_abilities(rules, abilities_listed(standing, {}))]
