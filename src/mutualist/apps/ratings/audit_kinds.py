"""What ratings record, and the sentences for it; never what was said."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import ActionKind, register

register(
    ActionKind("ratings.promise.made", _("{actor} made a promise ({about}).")),
    ActionKind("ratings.promise.ended", _("{actor} ended a promise ({about}).")),
    ActionKind("ratings.given", _("{actor} rated the other side for {period}.")),
    ActionKind(
        "ratings.published", _("Both sides have rated for {period}; both ratings are open.")
    ),
)
