"""How each command is called: shown on its help page."""

from __future__ import annotations

from typing import Final

EXAMPLES: Final = {
    "evaluate splits": "mutualist evaluate splits consortia\nmutualist evaluate splits consortia --json",
    "evaluate tiers": "mutualist evaluate tiers examples/quality_scale\nmutualist evaluate tiers examples/quality_scale --json",
    "serve": "mutualist serve --port 8000\nmutualist serve --bind ::1 --workers 2 --no-worker",
    "migrate": "mutualist migrate --check\nmutualist migrate",
    "tick": "*/5 * * * *  MUTUALIST_DATA=/var/lib/mutualist mutualist tick",
    "work": "mutualist work",
    "operator": "mutualist operator oskar@example.org\nmutualist operator oskar@example.org --remove",
    "audit verify": (
        "mutualist audit verify\n"
        "mutualist audit verify room:7 --json\n"
        "mutualist audit verify --heads mail.eml\n"
        "mutualist audit verify --head 'room:7 42 9f86d081…'"
    ),
    "audit heads": "mutualist audit heads our-mail.eml their-mail.eml",
    "keys status": "mutualist keys status\nmutualist keys status --json",
    "keys rotate": "mutualist keys rotate\nmutualist keys rotate --signing",
    "keys new": "export MUTUALIST_SECRET_KEY=$(mutualist keys new)",
    "seal verify": (
        "mutualist seal verify receipt.json\n"
        "mutualist seal verify receipt.json --result room.yaml --public-key mail.eml"
    ),
    "person export": "mutualist person export anna@example.org -o anna.zip",
    "person erase": "mutualist person erase anna@example.org --yes",
    "person access-log": "mutualist person access-log anna@example.org",
    "person reapply-erasures": "mutualist person reapply-erasures",
    "retention": "mutualist retention --dry-run",
    "privacy record": "mutualist privacy record -o record.md",
    "risk es": "mutualist risk es states.json --json",
    "venture new": 'mutualist venture new venture.xlsx --template licence --parties "Nordwerk,Tauwerk"',
    "venture convert": "mutualist venture convert venture.xlsx --to venture.yaml",
    "schema venture": "mutualist schema venture > venture.schema.json",
    "schema simulation": "mutualist schema simulation > simulation.schema.json",
    "schema split": "mutualist schema split > split.schema.json",
    "schema split-comparison": "mutualist schema split-comparison > split-comparison.schema.json",
    "schema es": "mutualist schema es > es.schema.json",
    "schema stopgap": "mutualist schema stopgap > stopgap.schema.json",
    "schema exits": "mutualist schema exits > exits.schema.json",
    "schema terms": "mutualist schema terms > terms.schema.json",
    "schema tiers": "mutualist schema tiers > tiers.schema.json",
    "schema programme": "mutualist schema programme > programme.schema.json",
    "schema checklist": "mutualist schema checklist > checklist.schema.json",
    "schema commission": "mutualist schema commission > commission.schema.json",
    "schema commission-statement": "mutualist schema commission-statement > commission-statement.schema.json",
    "schema score": "mutualist schema score > score.schema.json",
    "schema diff": "mutualist schema diff > diff.schema.json",
    "schema route": "mutualist schema route > route.schema.json",
    "schema path": "mutualist schema path > path.schema.json",
    "schema forecast": "mutualist schema forecast > forecast.schema.json",
    "rules show": "mutualist rules show\nmutualist rules show C4",
    "rules lint": "mutualist rules lint our-rules.yaml",
    "schema room": "mutualist schema room > room.schema.json",
    "schema ruleset": "mutualist schema ruleset > ruleset.schema.json",
    "schema verdict": "mutualist schema verdict > verdict.schema.json",
    "schema receipt": "mutualist schema receipt > receipt.schema.json",
    "import room": (
        "mutualist import room room.yaml --to room.xlsx\n"
        "mutualist import room room.yaml --as anna@example.org"
    ),
    "import excel": (
        "mutualist import excel room.xlsx --dry-run --marked mistakes.xlsx\n"
        "mutualist import excel room.xlsx --to room.yaml"
    ),
    "export room": (
        "mutualist export room 7d0f6c1e-52a4-4b8e-9a63-0c5f2e9b1a77 --as anna@example.org -o room.yaml"
    ),
    "evaluate alliances": "mutualist evaluate alliances examples/alliances",
    "room new": 'mutualist room new pump --parties "Nordwerk,Tauwerk"',
    "room ask": "mutualist room ask pump --as Nordwerk\nmutualist room ask pump --as Nordwerk --item 2.3",
    "room seal": "mutualist room seal pump --as Nordwerk",
    "room open": "mutualist room open pump --as Nordwerk -o opened.yaml",
    "room status": "mutualist room status pump",
    "room workbook": "mutualist room workbook pump --as Nordwerk -o answers.xlsx",
}
