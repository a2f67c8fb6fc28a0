from __future__ import annotations

from django.urls import path

from mutualist.apps.core import pages

app_name = "core"
urlpatterns = [
    path("styleguide/", pages.styleguide, name="styleguide"),
    path("outbox/", pages.outbox, name="outbox"),
]
