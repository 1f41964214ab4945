"""What was saved is said in words, in the one place of the page that is read out."""

from __future__ import annotations

import re

import pytest
import time_machine

from tests.cast import NOW
from tests.look.visits import FORMS, LIBRARY, somebody, where
from tests.walls.routes import ROUTES
from tests.walls.world import World

# saves nothing, it shows what would be saved, or leads to the next step; a key is shown in the answer itself
LOOKED_AT = {
    "report_table_paste",
    "paste_presence",
    "take_source",
    "import_areas",
    "import_upload",
    "import_columns",
    "import_values",
    "make_token",
}
SAVES = [name for name in FORMS if name not in LIBRARY | LOOKED_AT]
SAID = re.compile(r'role="status"[^>]*>\s*<p class="message ')


@pytest.mark.parametrize("name", SAVES)
def test_each_save_is_said(name: str, world: World) -> None:
    person, url = somebody(world, name), where(name, world.here)
    with time_machine.travel(NOW, tick=False):
        answer = person.send("POST", url.partition("?")[0], ROUTES[name].body(world.here))
        assert answer.status_code in (302, 303)
        page = person.client.get(answer["Location"])
    assert SAID.search(page.content.decode()), f"{name} leads to a page that says nothing"
