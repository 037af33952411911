"""The Data page offers what can be done about a hard target, does it with a click, and takes it back."""

from __future__ import annotations

import numpy as np

from core.data import overrides
from core.data.schema import Report, Schema, read_model
from core.plan import TargetAs
from tests.pages.conftest import words

PRICES = "x,price\n" + "".join(
    f"{x:.3f},{np.expm1(4 + 1.5 * x):.2f}\n" for x in np.random.default_rng(0).normal(0, 1, 120)
)
KINDS = "x,kind\n" + "".join(f"{row},{'ab'[row % 2] if row > 2 else 'c'}\n" for row in range(60))
TAGS = "x,tags\n" + "".join(f"{row},{['Mail', 'Chat', 'Mail; Chat', 'Phone; Mail'][row % 4]}\n" for row in range(60))


def schema_of(workspace, dataset) -> Schema:
    return read_model(Schema, workspace.dataset_folder(dataset) / "schema.json")


def shown_command(page) -> str:
    return next(code.value for code in page.code if "core compare" in code.value)


def test_ranges_of_a_long_tail_and_back(reader, workspace, open_page):
    dataset = reader(paste=PRICES, target="price")
    page = open_page("data")
    assert "has a long tail" in words(page)
    page.number_input(key=f"skewed-{dataset}-bins").set_value(3)
    page.button(key=f"skewed-{dataset}-use-bins").click().run()
    assert not page.exception
    schema = schema_of(workspace, dataset)
    assert (schema.target_as.way, len(schema.target_as.edges), schema.task) == ("bins", 2, "multiclass")
    assert "is predicted as ranges: below" in words(page)
    assert "has a long tail" not in words(page)
    assert "--target-as bins:" in shown_command(page)
    page.button(key=f"target-as-undo-{dataset}").click().run()
    assert (schema_of(workspace, dataset).target_as, schema_of(workspace, dataset).task) == (TargetAs(), "regression")
    assert "has a long tail" in words(page)


def test_a_logarithm_goes_into_the_comparison(reader, workspace, open_page):
    dataset = reader(paste=PRICES, target="price")
    page = open_page("data")
    page.button(key=f"skewed-{dataset}-use-log").click().run()
    assert schema_of(workspace, dataset).target_as == TargetAs(way="log")
    page = open_page("compare")
    assert not page.exception
    assert "is learned by its logarithm" in words(page)
    assert "--target-as log" in shown_command(page)


def test_rare_classes_are_merged_under_a_name(reader, workspace, open_page):
    dataset = reader(paste=KINDS, target="kind")
    page = open_page("data")
    assert "1 class of “kind” has fewer than 5 rows: c (3)" in words(page)
    page.number_input(key=f"rare-{dataset}-below").set_value(4)
    page.text_input(key=f"rare-{dataset}-name").set_value("The rest")
    page.button(key=f"rare-{dataset}-merge").click().run()
    assert not page.exception
    assert schema_of(workspace, dataset).target_as == TargetAs(rare="merge", rare_below=4, other="The rest")
    assert "--rare 'merge:The rest' --rare-below 4" in shown_command(page)


def test_rare_classes_that_are_left_out_make_a_yes_or_no(reader, workspace, open_page):
    dataset = reader(paste=KINDS, target="kind")
    page = open_page("data")
    page.button(key=f"rare-{dataset}-drop").click().run()
    assert schema_of(workspace, dataset).task == "binary"
    page.button(key=f"target-as-undo-{dataset}").click().run()
    assert schema_of(workspace, dataset).task == "multiclass"


def test_one_of_several_labels(reader, workspace, open_page):
    dataset = reader(paste=TAGS, target="tags")
    page = open_page("data")
    assert "holds several labels in one cell, separated by “;”" in words(page)
    page.selectbox(key=f"labels-{dataset}-label").set_value("Chat")
    page.button(key=f"labels-{dataset}-use").click().run()
    assert not page.exception
    schema = schema_of(workspace, dataset)
    assert (schema.target_as.label, schema.task) == ("Chat", "binary")
    codes = {one.code for one in read_model(Report, workspace.dataset_folder(dataset) / "report.json").findings}
    assert not codes & {"target", "several_labels"}


def test_a_choice_stays_when_the_file_is_read_again_and_goes_with_the_target(reader, workspace):
    dataset = reader(paste=PRICES, target="price")
    folder = workspace.dataset_folder(dataset)
    chosen = overrides.set_target_as(folder, TargetAs(way="bins", bins=3))
    reader(dataset=dataset, source=dataset, options={"delimiter": ","})
    assert schema_of(workspace, dataset).target_as == chosen.target_as
    assert schema_of(workspace, dataset).task == "multiclass"
    overrides.set_task(folder, "regression")
    assert schema_of(workspace, dataset).target_as == TargetAs()
    overrides.set_target_as(folder, TargetAs(way="log"))
    overrides.set_target(folder, "x")
    assert schema_of(workspace, dataset).target_as == TargetAs()
