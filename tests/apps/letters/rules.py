"""Rules with certificates that run out."""

from __future__ import annotations

from datetime import date

from apps.programme.cast import RULES, Channel
from mutualist.apps.programme.models import FactRow, Relation, RuleSetVersion

CERTIFICATES = """facts:
  certificates:
    words: {de: "Zertifikate", en: "Certificates"}
    date: issued
    until: expires
    fields: {person: text, name: text}
"""


def begin_with_certificates(channel: Channel) -> Relation:
    """Let the rules know certificates, and give Tauwerk one that runs out in January."""
    content = RULES.replace("facts:\n", CERTIFICATES, 1)
    RuleSetVersion.objects.filter(programme=channel.programme).update(content=content)
    FactRow.objects.create(
        relation=channel.tauwerk,
        table="certificates",
        external_id="C-1",
        day=date(2025, 1, 16),
        values={
            "issued": "2025-01-16",
            "expires": "2027-01-15",
            "person": "M-1",
            "name": "Basics",
        },
    )
    return channel.tauwerk
