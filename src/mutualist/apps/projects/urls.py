"""The addresses of projects."""

from __future__ import annotations

from mutualist.apps.projects.pages import own, vendor

app_name = "projects"
urlpatterns = [*vendor.urlpatterns, *own.urlpatterns]
