from __future__ import annotations

from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.providers.saml import views
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path


@login_not_required
def no_foreign_logout(request: HttpRequest, organization_slug: str) -> HttpResponse:  # noqa: ARG001
    """Answer 404: nobody is signed out from elsewhere; the address only has to have a name."""
    raise Http404


urlpatterns = [
    path(
        "saml/<slug:organization_slug>/",
        include(
            [
                path("acs/", views.acs, name="saml_acs"),
                path("acs/finish/", views.finish_acs, name="saml_finish_acs"),
                path("sls/", no_foreign_logout, name="saml_sls"),
                path("metadata/", views.metadata, name="saml_metadata"),
                path("login/", views.login, name="saml_login"),
            ]
        ),
    )
]
