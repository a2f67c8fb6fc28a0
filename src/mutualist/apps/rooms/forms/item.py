"""One item as a form: from a value to the page, and from what was posted to a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from mutualist.apps.rooms.forms.build import build_header, build_part
from mutualist.apps.rooms.forms.controls import Control, Option
from mutualist.apps.rooms.forms.counterparts import MODE, Counterparts
from mutualist.apps.rooms.forms.parts import Body, Part, Single, is_known
from mutualist.apps.rooms.forms.scene import Scene
from mutualist.apps.rooms.forms.typed import ABSENT, DONT_KNOW, Reading, Typed

HEADER = "header"

Check = Callable[[str, Any], Iterable[tuple[str, str, bool]]]
"""Checks a value against the rules: place or empty text, message, whether more is to come."""


@dataclass(frozen=True)
class ItemView:
    """What a template needs to draw an item.

    Attributes
    ----------
    number, name, text
        Number, identity in the page, and the question itself.
    help, proof_hint
        Sentence under "?", and what counts as proof.
    shown, shown_kind
        Who will see the answer, as a sentence and as a key.
    is_mirror, is_core, caution
        Whether it guesses about the other side, counts for the result, may
        touch competition law.
    body
        The boxes.
    dont_know
        The tick "don't know"; ``None`` where it is one of the answers.
    errors
        Messages about the item as a whole.
    """

    number: str
    name: str
    text: str
    help: str
    proof_hint: str
    shown: str
    shown_kind: str
    is_mirror: bool
    is_core: bool
    caution: bool
    body: Body
    dont_know: Control | None
    is_answered: bool
    is_dont_know: bool
    errors: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """Pairs of an identity to go to and a message, for the summary of errors."""
        found = [(self.name, message) for message in self.errors]
        for control in self.body.all_controls:
            found += [(control.id, message) for message in control.errors]
        return found


class ItemForm:
    """The form of one item.

    Parameters
    ----------
    number
        "1.1" to "6.6", or "header".
    scene
        Who answers, in which room, in which language.
    check
        Checks a value that could be read against the rules of the format.
    """

    def __init__(self, number: str, scene: Scene, check: Check | None = None) -> None:
        self.number = number
        self.scene = scene
        self.check = check
        self.spec: Mapping[str, Any] = {} if number == HEADER else scene.rules["items"][number]
        with override(scene.language):
            self.part: Part = (
                build_header(scene) if number == HEADER else build_part(self.spec, scene)
            )

    @property
    def title(self) -> str:
        """The question itself, with the name of the other party in it."""
        return self.scene.named(self.spec)

    @property
    def shown_sentence(self) -> str:
        """The sentence that says who will see the answer."""
        return self.scene.named(shown_words(self.scene, self.spec)) if self.spec else ""

    @property
    def _offers_dont_know(self) -> bool:
        """Whether "don't know" is a tick of its own rather than one of the answers."""
        return self.number != HEADER and not self._is_choice

    @property
    def _is_choice(self) -> bool:
        return isinstance(self.part, Single) and self.spec["type"] in {"choice", "owner", "level"}

    def typed(self, value: Any) -> Typed:
        """Return the boxes as they are filled for a value."""
        if value is ABSENT or value is None:
            return Typed()
        if value == DONT_KNOW:
            name = (
                self.part.box.key
                if self._is_choice and isinstance(self.part, Single)
                else DONT_KNOW
            )
            return Typed({name: (DONT_KNOW if self._is_choice else "1",)})
        with override(self.scene.language):
            return Typed(self.part.write(self.plain(value)))

    def plain(self, value: Any) -> Any:
        """Return a value in the form in which it is shown to two parties.

        With one other party its id says no more than "them", and an answer
        towards it says no more than an answer.
        """
        if self.scene.several or self.number == HEADER:
            return value
        other = next(iter(self.scene.others), "")
        if self.spec.get("counterpart") and isinstance(value, dict) and set(value) == {other}:
            return value[other]
        if self.spec["type"] == "owner" and value == other:
            return "them"
        return value

    def read(self, typed: Typed) -> Reading:
        """Read the boxes; the value is checked against the rules as well."""
        with override(self.scene.language):
            reading = self.part.read(typed)
            if self._offers_dont_know and typed.one(DONT_KNOW):
                if reading.value is ABSENT and reading.ok:
                    return Reading(DONT_KNOW)
                message = _("“Don’t know” is ticked beside an answer: please keep one of them.")
                reading.complain("", message)
        if reading.ok and is_known(reading.value) and self.check:
            for place, message, is_unfinished in self.check(self.number, reading.value):
                tell = reading.miss if is_unfinished else reading.complain
                tell(self.part.box_at(place, typed), message)
        return reading

    def view(
        self, typed: Typed, errors: Mapping[str, list[str]] | None = None, **extra: Any
    ) -> ItemView:
        """Return what the template draws."""
        errors = dict(errors or {})
        scene, spec = self.scene, self.spec
        with override(scene.language):
            body = self.part.body(typed, errors, self.number)
            if self._is_choice:
                body = _with_dont_know(body, typed)
            boxes = {control_name.removeprefix(f"{self.number}.") for control_name in _names(body)}
            loose = [
                message for name, texts in errors.items() if name not in boxes for message in texts
            ]
            help_texts = [
                scene.named(spec.get("help", {})),
                scene.words(spec.get("frame_sentence", {})),
            ]
            return ItemView(
                number=self.number,
                name=item_identity(self.number),
                text=self.title,
                help=" ".join(text for text in help_texts if text),
                proof_hint=scene.words(spec.get("proof_asked", {})),
                shown=self.shown_sentence,
                shown_kind=spec.get("shown", ""),
                is_mirror=spec.get("kind") == "mirror",
                is_core=bool(spec.get("core")),
                caution=bool(spec.get("caution")),
                body=body,
                dont_know=self._dont_know(typed) if self._offers_dont_know else None,
                is_answered=any(typed.all(name) for name in typed if name != MODE),
                is_dont_know=_is_dont_know(typed, self._is_choice),
                errors=tuple(loose),
                extra=extra,
            )

    def _dont_know(self, typed: Typed) -> Control:
        """Return the tick "don't know"."""
        option = Option("1", _("Don’t know"), checked=bool(typed.one(DONT_KNOW)))
        return Control("ticks", DONT_KNOW, "", options=(option,)).placed(self.number, {})

    def say(self, value: Any) -> list[str]:
        """Return a value in words, a line each."""
        with override(self.scene.language):
            if value is ABSENT or value is None:
                return [_("not answered")]
            if value == DONT_KNOW:
                return [_("Don’t know")]
            return self.part.say(self.plain(value)) or [_("not answered")]

    @property
    def is_unfolded(self) -> bool:
        """Whether the item may be answered for each party."""
        return isinstance(self.part, Counterparts)


def _is_dont_know(typed: Typed, is_choice: bool) -> bool:
    return DONT_KNOW in typed.all("value") if is_choice else bool(typed.one(DONT_KNOW))


def _with_dont_know(body: Body, typed: Typed) -> Body:
    """Add "don't know" to the answers of a choice."""
    (control,) = body.controls
    option = Option(
        DONT_KNOW,
        _("Don’t know"),
        short=DONT_KNOW,
        checked=typed.one("value") == DONT_KNOW,
        id=f"{control.id}-dont-know",
    )
    return replace(body, controls=(replace(control, options=(*control.options, option)),))


def _names(body: Body) -> set[str]:
    return {control.name for control in body.all_controls}


def item_identity(number: str) -> str:
    """Return the identity of an item in the page."""
    return f"item-{number}"


_SHOWN_TEXTS = {
    "opening": "opening_shown",
    "finding": "finding_only",
    "mutual": "mutual_only",
    "never": "never_shown",
    "split": "split_shown",
}


def shown_words(scene: Scene, spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the sentence of the rule file that says who sees an answer."""
    texts: Mapping[str, Mapping[str, Any]] = scene.rules["texts"]
    return texts[_SHOWN_TEXTS[spec["shown"]]]
