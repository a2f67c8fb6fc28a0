"""Links that log in as one of the demo's people; they work in the demo only."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse

from mutualist.apps.identity.models import User

SALT = "mutualist.identity.demo"


def demo_link(user: User) -> str:
    """Return the full address that logs in as this person."""
    key = signing.dumps(user.pk, salt=SALT)
    return f"{settings.MUTUALIST_BASE_URL}{reverse('identity:demo', args=[key])}"


def user_behind(key: str) -> User | None:
    """Return the person a demo link is for, or None when the link is not ours."""
    try:
        pk = signing.loads(key, salt=SALT)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=pk, is_active=True).first()
