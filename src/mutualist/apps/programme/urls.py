"""The addresses of programmes."""

from __future__ import annotations

from mutualist.apps.programme.pages import (
    changing,
    fact_files,
    importing,
    joining,
    level_changes,
    levels,
    life,
    notes,
    own,
    partners,
    reviews,
    rules,
    starting,
    ways,
)

app_name = "programme"
urlpatterns = [
    *starting.urlpatterns,
    *partners.urlpatterns,
    *rules.urlpatterns,
    *reviews.urlpatterns,
    *importing.urlpatterns,
    *fact_files.urlpatterns,
    *joining.urlpatterns,
    *life.urlpatterns,
    *notes.urlpatterns,
    *changing.urlpatterns,
    *own.urlpatterns,
    *levels.urlpatterns,
    *level_changes.urlpatterns,
    *ways.urlpatterns,
]
