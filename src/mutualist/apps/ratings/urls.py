"""The addresses of ratings."""

from __future__ import annotations

from mutualist.apps.ratings.pages import urlpatterns as pages
from mutualist.apps.ratings.promise_pages import urlpatterns as promise_pages

app_name = "ratings"
urlpatterns = [*pages, *promise_pages]
