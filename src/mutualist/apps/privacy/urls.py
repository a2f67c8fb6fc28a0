from __future__ import annotations

from django.urls import path

from mutualist.apps.privacy import pages

app_name = "privacy"
urlpatterns = [
    path("privacy/", pages.information, name="information"),
    path("privacy/ask/", pages.ask, name="ask"),
    path("privacy/gone/", pages.gone, name="gone"),
    path("privacy/proof/<str:token>/", pages.proof, name="proof"),
    path("privacy/proof/<str:token>/download/", pages.proof_download, name="proof_download"),
    path("privacy/proof/<str:token>/erase/", pages.proof_erase, name="proof_erase"),
    path("account/data/", pages.mine, name="mine"),
    path("account/data/download/", pages.download, name="download"),
    path("account/data/erase/", pages.erase_account, name="erase"),
    path("organisation/<uuid:uid>/end/", pages.end_organisation, name="end_organisation"),
    path("organisation/<uuid:uid>/end/back/", pages.keep, name="keep_organisation"),
]
