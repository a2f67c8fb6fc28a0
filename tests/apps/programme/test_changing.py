"""The vendor changes what it knows of a partner, and says which firm belongs to which."""

from __future__ import annotations

import pytest

from apps.programme.cast import browser
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.actions.partners import add_partner, change_partner
from mutualist.apps.programme.models import Relation

FORM = {"name": "Tauwerk SE", "country": "AT", "external_id": "P-9", "abilities": "iot"}


def _change(channel, relation, **more):
    return change_partner(standing=channel.anna, relation=relation, name=relation.name, **more)


def test_the_vendor_changes_a_partner(channel):
    anna = browser(channel.cast.anna)
    address = f"/programmes/{channel.programme.uid}/partners/{channel.tauwerk.uid}/change/"
    assert 'value="Tauwerk GmbH"' in anna.get(address).content.decode()
    assert anna.post(address, {**FORM, "parent": "P-2"}).status_code == 302
    found = Relation.objects.get(pk=channel.tauwerk.pk)
    assert (found.name, found.country, found.external_id) == ("Tauwerk SE", "AT", "P-9")
    assert found.parent == channel.grauwerk
    page = anna.get(f"/programmes/{channel.programme.uid}/partners/{channel.grauwerk.uid}/")
    assert "Tauwerk SE" in page.content.decode()
    own = browser(channel.cast.clara).get(f"/partner/{channel.tauwerk.uid}/").content.decode()
    assert "Grauwerk" not in own


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"external_id": "P-2"}, "P-2"),
        ({"parent": "Nobody"}, "Nobody"),
        ({"parent": "P-1"}, "itself"),
        ({"name": ""}, "required"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(channel, form, said):
    address = f"/programmes/{channel.programme.uid}/partners/{channel.tauwerk.uid}/change/"
    answer = browser(channel.cast.anna).post(address, {**FORM, **form, "website": "t.example"})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "t.example" in answer.content.decode()
    assert Relation.objects.get(pk=channel.tauwerk.pk).name == "Tauwerk GmbH"


def test_no_firm_belongs_to_itself_in_a_round(channel):
    third = add_partner(standing=channel.anna, name="Dreiwerk", external_id="P-3")
    _change(channel, channel.grauwerk, parent="P-1")
    _change(channel, third, parent="P-2")
    with pytest.raises(ActionError, match="partner_parent"):
        _change(channel, channel.tauwerk, parent="Dreiwerk")
    _change(channel, third)
    assert Relation.objects.get(pk=third.pk).parent is None


def test_nobody_else_changes_a_partner(channel):
    for standing in (channel.ben, channel.clara, channel.dora):
        with pytest.raises(NotAllowed):
            change_partner(standing=standing, relation=channel.tauwerk, name="x")
