"""Everything of a person goes, once it was confirmed."""

from __future__ import annotations

from tests.pages.admin.conftest import chosen
from tests.pages.conftest import OWNER


def test_everything_of_a_person_goes_after_a_second_press(open_page, workspace, tickets):
    page = chosen(open_page("admin"), "admin-people", 0)
    page.button(key=f"admin-delete-{OWNER}").click().run()
    assert not page.exception
    assert workspace.datasets(OWNER) == []
