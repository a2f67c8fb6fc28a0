"""The addresses of ventures."""

from __future__ import annotations

from mutualist.apps.ventures.pages import (
    comparing,
    describing,
    futures,
    keeping,
    papers,
    proposing,
    scenarios,
    starting,
)

app_name = "ventures"
urlpatterns = [
    *starting.urlpatterns,
    *describing.urlpatterns,
    *futures.urlpatterns,
    *keeping.urlpatterns,
    *comparing.urlpatterns,
    *papers.urlpatterns,
    *proposing.urlpatterns,
    *scenarios.urlpatterns,
]
