"""The addresses of the site."""

from __future__ import annotations

from django.urls import include, path

from mutualist.apps.core.urls import urlpatterns as core_urls
from mutualist.apps.identity.pages import set_language
from mutualist.apps.rooms.pages.home import home
from mutualist.project.api import api

urlpatterns = [
    path(
        "",
        include(
            (
                [
                    path("", home, name="home"),
                    path("language/", set_language, name="language"),
                    *core_urls,
                ],
                "core",
            )
        ),
    ),
    path("", include("mutualist.apps.rooms.urls")),
    path("", include("mutualist.apps.ventures.urls")),
    path("", include("mutualist.apps.enquiries.urls")),
    path("", include("mutualist.apps.projects.urls")),
    path("", include("mutualist.apps.commissions.urls")),
    path("", include("mutualist.apps.letters.urls")),
    path("", include("mutualist.apps.ratings.urls")),
    path("", include("mutualist.apps.programme.urls")),
    path("", include("mutualist.apps.identity.urls")),
    path("", include("mutualist.apps.delivery.urls")),
    path("", include("mutualist.apps.privacy.urls")),
    path("", include("mutualist.apps.support.urls")),
    path("accounts/", include("mutualist.apps.identity.account_urls")),
    path("api/v1/", api.urls),
]

handler400 = "mutualist.apps.core.pages.bad_request"
handler403 = "mutualist.apps.core.pages.forbidden"
handler404 = "mutualist.apps.core.pages.not_found"
handler500 = "mutualist.apps.core.pages.server_error"
handler429 = "mutualist.apps.core.limiting.too_many"
