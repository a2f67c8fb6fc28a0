"""The addresses of enquiries."""

from __future__ import annotations

from mutualist.apps.enquiries.pages import board, finder, own, vendor

app_name = "enquiries"
urlpatterns = [*board.urlpatterns, *vendor.urlpatterns, *own.urlpatterns, *finder.urlpatterns]
