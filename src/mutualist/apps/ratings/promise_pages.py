"""The vendor's page of promises: what was promised, what became of it, a new one."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import ActionError
from mutualist.apps.programme.doors import for_vendor, vendor_context
from mutualist.apps.programme.public import Standing, active_partners
from mutualist.apps.ratings.presenters import promise_words
from mutualist.apps.ratings.promises import end_promise, make_promise
from mutualist.apps.ratings.promising import ABOUT, promises_of, realities_of

EVERY = [
    ("month", gettext_lazy("every month")),
    ("quarter", gettext_lazy("every quarter")),
    ("half_year", gettext_lazy("every half-year")),
    ("year", gettext_lazy("every year")),
]


class PromiseForm(forms.Form):
    """A promise: what it is about, how much or how fast, looked at how often."""

    about = forms.ChoiceField(
        label=gettext_lazy("What is promised"),
        choices=[(name, one.words) for name, one in ABOUT.items()],
    )
    amount = forms.IntegerField(
        label=gettext_lazy("How many, or within how many hours"), min_value=1, max_value=100_000
    )
    share = forms.IntegerField(
        label=gettext_lazy("Of a time limit: how many of a hundred in time"),
        min_value=1,
        max_value=100,
        initial=90,
    )
    every = forms.ChoiceField(label=gettext_lazy("Looked at"), choices=EVERY, initial="quarter")
    first = forms.DateField(
        label=gettext_lazy("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=today,
    )


@require_http_methods(["GET", "POST"])
@for_vendor
def promises(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Show the promises of a programme with how many partners they were kept towards."""
    form = PromiseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            make_promise(standing=standing, **form.cleaned_data)
        except ActionError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Promised: partners read it on their pages."))
            return redirect("ratings:promises", standing.programme_uid)
    context = vendor_context(standing, "promises", form=form, promises=_told(standing))
    status = 422 if request.method == "POST" else 200
    return render(request, "ratings/promises.html", context, status=status)


def _told(standing: Standing) -> list[dict[str, Any]]:
    rows = promises_of(standing.programme)
    kept: Counter[int] = Counter()
    decided: Counter[int] = Counter()
    for found in realities_of(active_partners(standing), rows).values():
        for one in found:
            if (last := one.last) is not None:
                decided[one.row.pk] += 1
                kept[one.row.pk] += bool(last.kept)
    return [
        {
            "row": row,
            "about": ABOUT[row.about].words,
            "side": ABOUT[row.about].side,
            "words": promise_words(row),
            "kept": kept[row.pk],
            "decided": decided[row.pk],
        }
        for row in rows
    ]


@require_POST
@for_vendor
def ending(request: HttpRequest, standing: Standing, promise: UUID) -> HttpResponse:
    """End a promise."""
    end_promise(standing=standing, promise=promise)
    messages.success(request, _("Ended today. What is decided stays."))
    return redirect("ratings:promises", standing.programme_uid)


urlpatterns = [
    path("programmes/<uuid:programme>/promises/", promises, name="promises"),
    path("programmes/<uuid:programme>/promises/<uuid:promise>/end/", ending, name="promise_end"),
]
