"""The addresses of commissions."""

from __future__ import annotations

from mutualist.apps.commissions.pages import invoicing, journal, overview, paying, ruling, stating

app_name = "commissions"
urlpatterns = [
    *overview.urlpatterns,
    *invoicing.urlpatterns,
    *ruling.urlpatterns,
    *stating.urlpatterns,
    *paying.urlpatterns,
    *journal.urlpatterns,
]
