"""What the JSON API of projects takes and gives."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema

from mutualist.apps.core.schemas import In
from mutualist.apps.projects.content import Content
from mutualist.apps.projects.queries import Line, Met, Project
from mutualist.apps.projects.words import rejection_words

Page = Annotated[int, Field(ge=1, le=10_000)]
View = Literal["", "waiting", "question", "protected", "over", "draft"]
Text = Annotated[str, Field(max_length=2000)]


class ProjectIn(In):
    """A customer's project; the vendor reads persons and amount only once it has accepted."""

    name: str = Field(max_length=300, description="The customer, with its legal form.")
    country: str = Field("DE", max_length=10)
    postal_code: str = Field("", max_length=40)
    domain: str = Field("", max_length=300)
    vat: str = Field("", max_length=60)
    register_entry: str = Field(
        "",
        max_length=200,
        alias="register",
        description="With the court: HRB 12345, Amtsgericht München.",
    )
    title: str = Field(max_length=300)
    need: Text = ""
    expected_on: date | None = None
    person: str = Field("", max_length=200)
    role: str = Field("", max_length=200)
    email: str = Field("", max_length=320)
    phone: str = Field("", max_length=200)
    amount: str = Field("", max_length=40)
    currency: str = Field("EUR", max_length=10)

    def content(self) -> Content:
        """Bring it into the form actions take."""
        given = self.model_dump(include=set(ProjectIn.model_fields))
        register = given.pop("register_entry")
        return Content(**given, register=register)


class RegisterIn(ProjectIn):
    """A new project, or a draft of one."""

    external_id: str = Field(
        "", max_length=200, description="Its id in your own system, once each."
    )
    draft: bool = False


class MoveIn(In):
    """What a move needs besides its name."""

    reason: str = Field("", max_length=60, description="For `reject`, `release` and `lose`.")
    note: Text = Field(
        "", description="For whoever reads it; the question of `ask`, the text of `appeal`."
    )
    ruling: Literal["", "distinct", "second", "customer"] = Field(
        "", description="For `approve`, where the search found a conflict."
    )


class StepOut(Schema):
    """A step of a project's history."""

    at: datetime
    move: str
    side: str
    state: str
    note: str


class MetOut(Schema):
    """A registration that the conflict search met; for the vendor only."""

    project: UUID | None
    partner: str
    decision: str
    points: int
    likeness: int
    reasons: list[dict[str, Any]]

    @staticmethod
    def of(one: Met) -> MetOut:
        """Bring it into this form."""
        return MetOut(
            project=one.row.uid if one.row else None,
            partner=one.partner,
            decision=one.decision,
            points=one.points,
            likeness=one.likeness,
            reasons=[dict(reason) for reason in one.reasons],
        )


class ProjectCardOut(Schema):
    """A project in a list."""

    uid: UUID
    reference: str
    external_id: str
    customer: str
    country: str
    postal_code: str
    title: str
    state: str
    partner: str
    submitted_at: datetime | None
    answer_by: datetime | None
    protected_until: date | None

    @staticmethod
    def of(line: Line, *, vendor: bool) -> ProjectCardOut:
        """Bring it into this form; the id in the partner's system is the partner's."""
        row = line.row
        return ProjectCardOut(
            uid=row.uid,
            reference=row.reference,
            external_id="" if vendor else row.external_id,
            customer=row.customer,
            country=row.country,
            postal_code=row.postal_code,
            title=row.title,
            state=row.state,
            partner=line.partner,
            submitted_at=row.submitted_at,
            answer_by=row.answer_by,
            protected_until=row.protected_until,
        )


class ProjectOut(ProjectCardOut):
    """A project as your side sees it, and what you may do."""

    version: int
    domain: str
    vat: str
    register_entry: str
    need: str
    expected_on: date | None
    share: int
    reason: str
    answer: str
    appeal: str
    withheld: dict[str, Any] | None
    steps: list[StepOut]
    may: list[str]
    conflicts: list[MetOut] | None = Field(None, description="For the vendor only.")

    @staticmethod
    def of_project(shown: Project, met: list[Met] | None) -> ProjectOut:
        """Bring it into this form."""
        row, vendor = shown.row, shown.side == "vendor"
        card = ProjectCardOut.of(Line(row, shown.partner, ""), vendor=vendor)
        reason = row.reason
        if reason and not vendor and row.state != "lost":
            reason = rejection_words(reason, vendor=False)
        return ProjectOut(
            **card.dict(),
            version=row.version,
            domain=row.domain,
            vat=row.vat,
            register_entry=row.register,
            need=row.need,
            expected_on=row.expected_on,
            share=row.share,
            reason=reason,
            answer=row.answer,
            appeal=row.appeal,
            withheld=dict(shown.withheld) if shown.withheld else None,
            steps=[
                StepOut(at=one.at, move=one.move, side=one.side, state=one.state, note=one.note)
                for one in shown.steps
            ],
            may=list(shown.may),
            conflicts=None if met is None else [MetOut.of(one) for one in met],
        )


class ProjectsOut(Schema):
    """A page of projects."""

    projects: list[ProjectCardOut]
    more: bool


class ProtectionOut(Schema):
    """The rules of protection now in force."""

    number: int
    rules: dict[str, Any]


class ProtectionIn(In):
    """New rules of protection, `protection/1`."""

    rules: dict[str, Any]
