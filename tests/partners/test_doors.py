"""Where people are sent with what EST is not for."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from est_site import tenancy
from est_site.partners import actions
from est_site.partners.models import Door
from tests.cast import NOW, Town
from tests.conftest import SignIn
from tests.partners.conftest import page

PERSON = {"text": "Ring 070-174 06 05", "field": "text", "place": "id_text_guard"}


def names(town: Town) -> list[str]:
    with tenancy.inside(town.group):
        return [door.name for door in Door.objects.visible_to(town.carin).shown()]


def test_a_new_group_has_five_doors_in_the_readers_language(tarnsund: Town) -> None:
    assert names(tarnsund)[:2] == ["Pågår nu", "Tips till polisen"]
    with translation.override("en"):
        assert names(tarnsund) == [
            *("Going on now", "A tip to the police", "Report of concern", "Fault report", "The operative group")
        ]


def test_what_the_group_wrote_is_shown_as_written(tarnsund: Town, signed_in: SignIn) -> None:
    url = page(tarnsund.carin, f"doors/{tarnsund.doors[2].pk}/")
    form = signed_in(tarnsund.carin).get(url).context["form"]
    said = {name: form[name].value() for name in ("title", "use", "version")}
    body = said | {"title": "Socialjouren", "link": "https://tarnsund.example/oro", "phone": "0300-12 34 56"}
    assert signed_in(tarnsund.carin).post(url, body).status_code == 302
    with tenancy.inside(tarnsund.group), translation.override("en"):
        door = Door.objects.get(pk=tarnsund.doors[2].pk)
        assert (door.name, door.tel, door.use) == ("Socialjouren", "0300123456", "")
        assert door.when.startswith("You are worried about a child")


@pytest.mark.parametrize(
    ("field", "value"),
    [("link", "http://tarnsund.example"), ("link", "javascript:alert(1)"), ("phone", "ring mig"), ("title", "")],
)
def test_a_door_that_leads_nowhere_is_refused(tarnsund: Town, signed_in: SignIn, field: str, value: str) -> None:
    body = {"title": "Värdarna", "use": "Kvällar", "link": "", "phone": "", field: value}
    answer = signed_in(tarnsund.carin).post(page(tarnsund.carin, "doors/add/"), body)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert len(names(tarnsund)) == 5


def test_a_ninth_door_waits_until_one_is_hidden(inside: Town) -> None:
    said: dict[str, Any] = {"by": inside.carin, "now": NOW, "use": "Kvällar", "phone": "", "link": ""}
    for n in range(3):
        actions.add_door(title=f"Värdarna {n}", **said)
    with pytest.raises(ValidationError):
        actions.add_door(title="En till", **said)
    hidden = actions.show_door(by=inside.carin, door=inside.doors[0], version=1, shown=False, now=NOW)
    actions.add_door(title="En till", **said)
    with pytest.raises(ValidationError):
        actions.show_door(by=inside.carin, door=hidden, version=hidden.version, shown=True, now=NOW)


def test_a_door_moves_among_those_shown(inside: Town) -> None:
    actions.show_door(by=inside.carin, door=inside.doors[1], version=1, shown=False, now=NOW)
    actions.move_door(by=inside.carin, door=inside.doors[2], up=True, now=NOW)
    assert [door.key for door in Door.objects.all().shown()] == ["concern", "emergency", "fault", "operative"]


def test_the_doors_stand_beside_the_words_and_in_what_the_guard_says(tarnsund: Town, signed_in: SignIn) -> None:
    with tenancy.inside(tarnsund.group):
        Door.objects.filter(key="fault").update(title="Felanmäl till Tärnsundsbostäder", phone="0300-1")
        Door.objects.filter(key="concern").update(is_active=False)
    client = signed_in(tarnsund.rut)
    for answer in (client.get("/g/tarnsund/report/"), client.post("/g/tarnsund/guard/", PERSON)):
        words = answer.content.decode()
        assert "Felanmäl till Tärnsundsbostäder" in words
        assert 'href="tel:03001"' in words
        assert "Orosanmälan" not in words
