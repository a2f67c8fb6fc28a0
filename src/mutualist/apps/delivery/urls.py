from __future__ import annotations

from django.urls import path

from mutualist.apps.delivery import pages

app_name = "delivery"
BASE = "organisation/<uuid:uid>/webhooks/"
ONE = BASE + "<uuid:endpoint>/"
urlpatterns = [
    path(BASE, pages.webhooks, name="webhooks"),
    path(BASE + "dead/", pages.dead_letters, name="dead_letters"),
    path(ONE, pages.webhook, name="webhook"),
    path(ONE + "secret/", pages.rotate, name="rotate"),
    path(ONE + "pause/", pages.pause, name="pause"),
    path(ONE + "resume/", pages.resume, name="resume"),
    path(ONE + "test/", pages.test, name="test"),
    path(ONE + "remove/", pages.remove, name="remove"),
    path(ONE + "resend/", pages.resend, name="resend_all"),
    path(ONE + "discard/", pages.discard, name="discard_all"),
    path(ONE + "<uuid:delivery>/resend/", pages.resend, name="resend"),
    path(ONE + "<uuid:delivery>/discard/", pages.discard, name="discard"),
]
