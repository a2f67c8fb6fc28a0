"""From a won project to the commission: proposed once, with what the partner registered, booked once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from apps.commissions.steps import RULES, World, hold
from apps.commissions.test_pages import client
from apps.projects.steps import MUELLER, make_play, protected
from mutualist.apps.commissions.actions.ruling import save_rules
from mutualist.apps.commissions.models import Invoice
from mutualist.apps.commissions.won import open_won
from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.projects import actions
from mutualist.apps.projects.public import won_projects

pytestmark = pytest.mark.django_db


@pytest.fixture
def play():
    made = make_play()
    hold(made.tauwerk, "silver", today().replace(month=1, day=1))
    save_rules(standing=made.anna, text=RULES)
    return made


def test_a_won_project_is_proposed_and_booked_once(play):
    row = protected(play)
    assert open_won(play.anna) == []
    actions.win(standing=play.clara, project=row.uid)
    (won,) = open_won(play.anna)
    assert (won.project.amount, won.partner, won.project.customer) == (
        "125000",
        "Tauwerk Sensorik GmbH",
        MUELLER.name,
    )
    page = f"/programmes/{play.anna.programme_uid}/commissions/"
    anna = client("anna")
    assert "1 won project has no invoice yet" in anna.get(page).content.decode()
    assert "Predictive maintenance" in anna.get(f"{page}invoices/new/").content.decode()
    address = f"{page}invoices/new/?project={row.uid}"
    assert "125000.00" in anna.get(address).content.decode()
    form = {name: str(value) for name, value in won.initial().items()}
    assert anna.post(address, form).status_code == 302
    made = Invoice.objects.get()
    assert (made.source, made.earnings.get().amount) == ("project", 12_500_00)
    assert [part.amount for part in made.earnings.get().parts.all()] == [5_000_00, 7_500_00]
    assert open_won(play.anna) == []
    assert replace(won.project, share=50) != won.project
    assert replace(won, project=replace(won.project, share=50)).initial()["amount"] == "62500.00"


def test_nobody_else_sees_what_was_won(play):
    row = protected(play)
    actions.win(standing=play.clara, project=row.uid)
    assert [one.uid for one in won_projects(play.anna)] == [row.uid]
    assert won_projects(play.rival) == ()
    for standing in (play.clara, play.dora):
        with pytest.raises(NotAllowed):
            won_projects(standing)
    page = f"/programmes/{play.anna.programme_uid}/commissions/invoices/new/?project={row.uid}"
    assert client("dora").get(page).status_code == 404
    assert Client().get(page).status_code == 302


def test_a_world_without_projects_is_quiet(world: World):
    assert open_won(world.anna) == []
