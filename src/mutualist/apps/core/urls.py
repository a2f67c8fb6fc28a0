from __future__ import annotations

from django.urls import path

from mutualist.apps.core import metrics, pages, probes

app_name = "core"
urlpatterns = [
    path("styleguide/", pages.styleguide, name="styleguide"),
    path("outbox/", pages.outbox, name="outbox"),
    path("outbox/<int:mail_id>.eml", pages.mail_file, name="mail_file"),
    path("outbox/<int:mail_id>/again/", pages.mail_again, name="mail_again"),
    # Answered before any other middleware; they stand here so that they have names.
    path("health/live", probes.live, name="health"),
    path("health/ready", probes.ready, name="ready"),
    path("metrics", metrics.metrics, name="metrics"),
]
