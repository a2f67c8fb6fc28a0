from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.saml import views
from allauth.socialaccount.providers.saml.utils import get_app_or_404
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path


@login_not_required
def no_foreign_logout(request: HttpRequest, organization_slug: str) -> HttpResponse:  # noqa: ARG001
    """Answer 404: nobody is signed out from elsewhere; the address only has to have a name."""
    raise Http404


def _hosted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the library the host it reads without looking, and refuse what it cannot read."""

    @wraps(view)
    def answer(request: HttpRequest, organization_slug: str) -> HttpResponse:
        request.META.setdefault("HTTP_HOST", request.get_host())
        try:
            return view(request, organization_slug=organization_slug)
        except (SyntaxError, ValueError) as error:
            # What was handed in is no XML, or XML with definitions of its own.
            provider = get_app_or_404(request, organization_slug).get_provider(request)
            return render_authentication_error(request, provider, exception=error)

    return answer


urlpatterns = [
    path(
        "saml/<slug:organization_slug>/",
        include(
            [
                path("acs/", _hosted(views.acs), name="saml_acs"),
                path("acs/finish/", _hosted(views.finish_acs), name="saml_finish_acs"),
                path("sls/", no_foreign_logout, name="saml_sls"),
                path("metadata/", _hosted(views.metadata), name="saml_metadata"),
                path("login/", _hosted(views.login), name="saml_login"),
            ]
        ),
    )
]
