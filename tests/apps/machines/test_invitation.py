"""Invitations into an organisation, and what becomes of those who come, in any order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from apps.machines.running import Machine, run
from mutualist.apps.core.clock import now
from mutualist.apps.identity import actions as identity
from mutualist.apps.identity import queries
from mutualist.apps.identity.models import Membership, OrganisationInvitation, User

pytestmark = pytest.mark.django_db
GUESTS = ("clara", "dora", "greta")
GUEST = st.sampled_from(GUESTS)
ROLE = st.sampled_from(["owner", "member", "reader"])
WHICH = st.integers(0, 20)


class InvitationMachine(Machine):
    """Anna invites people into an organisation of her own; the model knows roles and links."""

    @initialize()
    def found(self) -> None:
        self.anna = self.fresh("anna")
        self.organisation = identity.create_organisation("Machine AG", actor=self.anna)
        self.roles = {"anna": "owner"}
        self.invitations: dict[str, dict[str, Any]] = {}
        self.tokens: list[str] = []

    def fresh(self, name: str) -> Any:
        return queries.actor_of(User.objects.get(email=f"{name}@example.org"))

    def token(self, which: int) -> str:
        return self.tokens[which % len(self.tokens)] if self.tokens else ""

    @rule(by=st.sampled_from(["anna", *GUESTS]), guest=GUEST, role=ROLE)
    def invite(self, by: str, guest: str, role: str) -> None:
        self.step("invite")
        import re
        from unittest import mock

        mailed: list[Any] = []
        with mock.patch.object(
            identity, "send_mail_template", lambda *_args, **more: mailed.append(more)
        ):
            done = self.tried(
                identity.invite_member,
                uid=self.organisation.uid,
                email=f"{guest}@example.org",
                role=role,
                language="en",
                actor=self.fresh(by),
            )
        if self.roles.get(by) != "owner":
            assert done == "not_allowed"
        elif guest in self.roles:
            assert done == "member"
        else:
            assert done == "done"
            found = re.search(r"/join/([\w-]+)/", mailed[0]["context"]["action_url"])
            assert found is not None
            self.tokens.append(found[1])
            self.invitations[found[1]] = {"role": role, "open": True, "pk": self.result.pk}

    @rule(which=WHICH, by=st.sampled_from(["anna", *GUESTS]))
    def take_back(self, which: int, by: str) -> None:
        self.step("take_back")
        token = self.token(which)
        if not token:
            return
        one = self.invitations[token]
        done = self.tried(
            identity.revoke_invitation,
            uid=self.organisation.uid,
            invitation_id=one["pk"],
            actor=self.fresh(by),
        )
        accepted = one.get("accepted", False)
        assert done == ("done" if self.roles.get(by) == "owner" and not accepted else "not_allowed")
        if done == "done":
            one["open"] = False

    @rule(which=WHICH)
    def expire(self, which: int) -> None:
        self.step("expire")
        token = self.token(which)
        if token:
            one = self.invitations[token]
            past = now() - timedelta(seconds=1)
            OrganisationInvitation.objects.filter(pk=one["pk"]).update(expires=past)
            one["open"] = False

    @rule(which=WHICH, guest=GUEST)
    def join(self, which: int, guest: str) -> None:
        self.step("join")
        token = self.token(which) or "nothing"
        done = self.tried(identity.join_organisation, token=token, actor=self.fresh(guest))
        one = self.invitations.get(token, {"open": False})
        assert done == ("done" if one["open"] else "invitation")
        if done == "done":
            one.update(open=False, accepted=True)
            self.roles.setdefault(guest, one["role"])

    def _member(self, name: str) -> int:
        found = Membership.objects.filter(
            organisation=self.organisation, user__email=f"{name}@example.org"
        ).first()
        return found.pk if found else 0

    def _owners(self) -> int:
        return sum(role == "owner" for role in self.roles.values())

    @rule(by=st.sampled_from(["anna", *GUESTS]), whom=st.sampled_from(["anna", *GUESTS]), role=ROLE)
    def change_role(self, by: str, whom: str, role: str) -> None:
        self.step("change_role")
        done = self.tried(
            identity.change_role,
            uid=self.organisation.uid,
            membership_id=self._member(whom),
            role=role,
            actor=self.fresh(by),
        )
        if self.roles.get(by) != "owner" or whom not in self.roles:
            assert done == "not_allowed"
        elif role != "owner" and self.roles[whom] == "owner" and self._owners() == 1:
            assert done == "last_owner"
        else:
            assert done == "done"
            self.roles[whom] = role

    @rule(by=st.sampled_from(["anna", *GUESTS]), whom=st.sampled_from(["anna", *GUESTS]))
    def remove(self, by: str, whom: str) -> None:
        self.step("remove")
        done = self.tried(
            identity.remove_member,
            uid=self.organisation.uid,
            membership_id=self._member(whom),
            actor=self.fresh(by),
        )
        if self.roles.get(by) != "owner" or whom not in self.roles:
            assert done == "not_allowed"
        elif self.roles[whom] == "owner" and self._owners() == 1:
            assert done == "last_owner"
        else:
            assert done == "done"
            del self.roles[whom]

    @invariant()
    def people_and_roles_agree(self) -> None:
        if not hasattr(self, "tokens"):
            return
        rows = Membership.objects.filter(organisation=self.organisation)
        found = {row.user.email.split("@")[0]: row.role for row in rows.select_related("user")}
        assert found == self.roles
        assert "owner" in found.values(), "somebody always owns it"

    @invariant()
    def a_link_works_while_it_is_open(self) -> None:
        if hasattr(self, "tokens") and self.tokens:
            token = self.tokens[-1]
            assert (queries.open_invitation(token) is not None) == self.invitations[token]["open"]


def test_invitations() -> None:
    run(InvitationMachine, {"invite", "take_back", "expire", "join", "change_role", "remove"})
