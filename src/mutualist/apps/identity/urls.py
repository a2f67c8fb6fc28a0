from __future__ import annotations

from django.urls import path

from mutualist.apps.identity import pages

app_name = "identity"
urlpatterns = [
    path("account/", pages.account, name="account"),
    path("account/tokens/<int:token_id>/revoke/", pages.revoke_token, name="revoke_token"),
    path("account/proof/", pages.prove, name="prove"),
    path("account/sessions/", pages.sessions_page, name="sessions"),
    path("account/sessions/others/", pages.end_other_sessions, name="sessions_end_others"),
    path("account/sessions/<int:sign_in>/end/", pages.end_session, name="session_end"),
    path("organisation/", pages.organisation, name="organisation"),
    path("organisation/<uuid:uid>/", pages.members, name="members"),
    path("organisation/<uuid:uid>/second-factor/", pages.second_factor, name="second_factor"),
    path(
        "organisation/<uuid:uid>/members/<int:membership>/role/",
        pages.change_role,
        name="change_role",
    ),
    path(
        "organisation/<uuid:uid>/members/<int:membership>/remove/",
        pages.remove_member,
        name="remove_member",
    ),
    path(
        "organisation/<uuid:uid>/invitations/<int:invitation>/revoke/",
        pages.revoke_invitation,
        name="revoke_invitation",
    ),
    path("join/<str:token>/", pages.join, name="join"),
    path("demo/<str:key>/", pages.demo_enter, name="demo"),
]
