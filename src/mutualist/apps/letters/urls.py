"""The addresses of letters."""

from __future__ import annotations

from mutualist.apps.letters.pages import urlpatterns as pages

app_name = "letters"
urlpatterns = pages
