"""The form to rate the other side."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.language import reading
from mutualist.domain.programme import rating as rules
from mutualist.domain.programme.rating.publishing import MAX_COMMENT

STARS = [
    ("", _("no answer")),
    ("5", _("5 – very good")),
    ("4", _("4 – good")),
    ("3", _("3 – neither good nor bad")),
    ("2", _("2 – poor")),
    ("1", _("1 – very poor")),
]


class RatingForm(forms.Form):
    """Stars on each topic that a side is asked about, and a comment."""

    def __init__(self, *args: Any, side: rules.Side, **named: Any) -> None:
        super().__init__(*args, **named)
        language = reading()
        self.topics = rules.topics_for(side)
        for topic in self.topics:
            self.fields[topic] = forms.ChoiceField(
                label=rules.topic_words(topic, language), choices=STARS, required=False
            )
        self.fields["comment"] = forms.CharField(
            label=_("What would help most?"),
            max_length=MAX_COMMENT,
            required=False,
            widget=forms.Textarea(attrs={"rows": 4}),
        )

    @property
    def stars(self) -> dict[str, int]:
        """The stars that were given."""
        given = {topic: self.cleaned_data.get(topic) for topic in self.topics}
        return {topic: int(value) for topic, value in given.items() if value}
