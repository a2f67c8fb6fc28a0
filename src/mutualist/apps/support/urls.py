from __future__ import annotations

from django.urls import path

from mutualist.apps.support import pages

app_name = "support"
urlpatterns = [
    path("support/", pages.start, name="start"),
    path("support/<uuid:uid>/", pages.session, name="session"),
    path("support/<uuid:uid>/end/", pages.end, name="end"),
]
