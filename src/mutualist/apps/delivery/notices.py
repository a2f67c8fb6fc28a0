"""Mails about webhooks to those who can mend them."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from mutualist.apps.core.mail import absolute, send_mail_template
from mutualist.apps.delivery.addresses import host_of
from mutualist.apps.delivery.models import Endpoint
from mutualist.apps.identity.models import Role


def tell_owners(endpoint: Endpoint, since: datetime) -> None:
    """Tell the owners of an organisation that a webhook of theirs was paused."""
    organisation = endpoint.organisation
    url = absolute(reverse("delivery:webhook", args=[organisation.uid, endpoint.uid]))
    for owner in organisation.memberships.filter(role=Role.OWNER).select_related("user"):
        send_mail_template(
            "delivery/mail/paused",
            to=owner.user.email,
            language=owner.user.language,
            context={
                "person": str(owner.user),
                "organisation": organisation.name,
                "host": host_of(endpoint.address),
                "gone": endpoint.paused == Endpoint.Paused.GONE,
                "since": since,
                "action_url": url,
            },
        )
