"""What whoever watches the server is told of the log of what was done."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Sum

from mutualist.apps.core.metrics import Figure, register
from mutualist.apps.core.models import AuditHead, IdempotencyKey


def figures() -> Iterator[Figure]:
    """Count entries by the heads of their chains, and answers kept for repeated writes."""
    entries = AuditHead.objects.aggregate(whole=Sum("seq"))["whole"] or 0
    yield Figure("mutualist_audit_entries", "Entries of the audit log.", value=entries)
    kept = IdempotencyKey.objects.count()
    yield Figure("mutualist_kept_answers", "Answers kept for repeated writes.", value=kept)
    yield Figure(
        "mutualist_build_info", "The version that runs.", by={settings.MUTUALIST_VERSION: 1},
        label="version",
    )  # fmt: skip


register("core", figures)
