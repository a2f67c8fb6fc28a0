"""The addresses of ventures."""

from __future__ import annotations

from mutualist.apps.ventures.pages import comparing, futures, keeping, starting

app_name = "ventures"
urlpatterns = [
    *starting.urlpatterns,
    *futures.urlpatterns,
    *keeping.urlpatterns,
    *comparing.urlpatterns,
]
