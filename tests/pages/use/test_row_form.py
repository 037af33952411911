"""The form of the Use page: units beside the columns, and numbers typed as their column writes them."""

from __future__ import annotations

import pytest

from core.jobs import client
from core.plan import Plan, Validation
from tests.pages import trained
from tests.pages.conftest import OWNER, words

ROWS = "weight,start,n,heavy\n" + "".join(
    f'"{1000 + 37 * row:,}.5 kg",{row % 12:02}:30,{row % 9},{"yes" if row > 30 else "no"}\n' for row in range(60)
)


@pytest.fixture
def form(workspace, tmp_path, open_page):
    """The form of a model on weights in kg and times of day, on the Use page."""
    dataset = trained.read(workspace, tmp_path, paste=ROWS, name="Parcels", target="heavy")
    plan = Plan(target="heavy", candidates=["dummy", "columns"], validation=Validation(kind="holdout"))
    trained.train(workspace, dataset, plan, "Parcels")
    page = open_page("use")
    page.segmented_control(key="use-way").set_value("row").run()
    assert not page.exception
    return page


def press(page):
    return next(button for button in page.button if button.label == "Score this row").click().run()


def test_the_unit_stands_beside_the_column_and_numbers_are_read_as_its_cells_are(form, workspace):
    fields = {field.label: field for field in form.text_input}
    assert {"weight (kg)", "start (h)"} <= set(fields)
    assert [field.label for field in form.number_input] == ["n"]
    assert "," in fields["weight (kg)"].value
    fields["weight (kg)"].set_value("1,234.5 kg")
    fields["start (h)"].set_value("8:30")
    assert not press(form).exception
    (row,) = client.jobs(workspace, OWNER, kind="predict")[0].params["rows"]
    assert (row["weight"], row["start"]) == (1234.5, 8.5)


def test_what_is_no_such_number_is_said_and_nothing_is_scored(form, workspace):
    next(field for field in form.text_input if field.label == "weight (kg)").set_value("heavy")
    page = press(form)
    assert "“heavy” can't be read as a number of “weight”. Write it like 1,234.5, or leave it empty." in words(page)
    assert client.jobs(workspace, OWNER, kind="predict") == []
