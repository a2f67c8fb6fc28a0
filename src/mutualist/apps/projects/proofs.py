"""What proves when a project was registered and decided: its history, signed by this installation."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse

from mutualist.apps.core.clock import now
from mutualist.apps.core.downloads import download
from mutualist.apps.core.signing import key, public_fingerprint, public_key
from mutualist.apps.projects.queries import Project
from mutualist.domain.shared.signing import signed_message

SCHEMA = "mutualist-project-proof/1"
DOMAIN = "mutualist/project-proof/v1"


def proof_of(shown: Project) -> dict[str, Any]:
    """Return the history of a project with its times, with key and signature of this installation.

    Nothing is in it that the side which asks for it may not read; nothing of other registrations is.
    """
    row = shown.row
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "project": str(row.uid),
        "reference": row.reference,
        "partner": shown.partner,
        "customer": row.customer,
        "country": row.country,
        "postal_code": row.postal_code,
        "state": str(row.state),
        "protected_until": row.protected_until.isoformat() if row.protected_until else "",
        "steps": [
            {
                "at": step.at.isoformat(),
                "move": step.move,
                "side": step.side,
                "state": step.state,
                "note": step.note,
            }
            for step in shown.steps
        ],
        "made_at": now().isoformat(),
        "key": public_key(),
        "key_fingerprint": public_fingerprint(),
    }
    return {**content, "signature": key().sign(signed_message(DOMAIN, content)).hex()}


def proof_file(shown: Project) -> HttpResponse:
    """Hand out the signed history as a file that is kept."""
    content = json.dumps(proof_of(shown), indent=1, ensure_ascii=False)
    return download(content, "application/json", f"project-{shown.row.reference}.json")
