"""Columns read as something else, on the page: preview, reading again, questions, and taking it back."""

from __future__ import annotations

import json
import shlex

import pytest

from core.__main__ import main
from core.data import jobs as data_jobs
from core.data import overrides
from core.data.schema import Layout, Reading, ReadOptions, Schema, read_model
from core.jobs import client
from core.jobs.context import Context
from pages.data.columns import layout_words
from pages.shared.terminal import command
from tests.pages.conftest import OWNER, words

LINES = [
    (f"0{n % 9 + 1}/0{n % 7 + 2}/2022", f"ask {n}" if n % 3 == 0 else f"${n}.50", ("low", "medium", "high")[n % 3])
    for n in range(60)
]
ORDERS = "visited,price,mood,answer\n" + "".join(f"{','.join(line)},{n % 2}\n" for n, line in enumerate(LINES))


@pytest.fixture
def orders(reader) -> str:
    return reader(paste=ORDERS, name="Orders", target="answer")


@pytest.fixture
def read_again(workspace):
    """Does the waiting job of reading, as the worker would.  →  its parameters"""

    def done() -> dict:
        job = client.jobs(workspace, OWNER, kind="read", active=True)[0]
        data_jobs.read(job.params, Context(workspace=workspace, owner=OWNER, job=job.id, folder=workspace.home))
        client.cancel(workspace, job.id, OWNER)
        return job.params

    return done


def schema_of(workspace, dataset: str) -> Schema:
    return read_model(Schema, workspace.dataset_folder(dataset) / "schema.json")


def reading_of(workspace, dataset: str) -> Reading:
    return read_model(Reading, workspace.dataset_folder(dataset) / "reading.json")


def choose(page, dataset: str, column: str, kind: str):
    page.session_state[f"kinds-{dataset}"] = True
    page.run()
    page.selectbox(key=f"kind-column-{dataset}").select(column)
    page.segmented_control(key=f"kind-of-{dataset}").set_value(kind).run()
    assert not page.exception
    return page


def test_a_preview_counts_what_is_converted_and_what_becomes_missing(open_page, orders):
    page = choose(open_page("data"), orders, "price", "number")
    assert "40 of 60 cells that hold something are converted; 20 become missing." in words(page)
    missing = next(frame.value for frame in page.dataframe if "Becomes missing" in frame.value.columns)
    assert missing.to_numpy().tolist() == [[f"ask {n}", 1] for n in range(0, 24, 3)]


def test_a_column_is_read_as_chosen_and_given_back(open_page, orders, workspace, read_again):
    assert schema_of(workspace, orders).column("price").layout.kind == "text"
    page = choose(open_page("data"), orders, "price", "number")
    page.button(key=f"kind-apply-{orders}").click().run()
    assert read_again()["roles"] == {"price": "number"}
    column = schema_of(workspace, orders).column("price")
    assert (column.role, column.layout.unit, column.layout.n_unread) == ("number", "$", 20)
    page.run()
    assert "20 cells that hold something else became missing: ask 0 · ask 3 · ask 6." in words(page)
    page.button(key=f"undo-kind-{orders}-price").click().run()
    read_again()
    assert schema_of(workspace, orders).column("price").layout.kind == "text"
    assert schema_of(workspace, orders).target == "answer"


def test_a_second_change_does_not_lose_the_first(open_page, orders, workspace, read_again):
    page = choose(open_page("data"), orders, "price", "number")
    page.button(key=f"kind-apply-{orders}").click().run()
    read_again()
    page = choose(page.run(), orders, "mood", "text")
    page.button(key=f"kind-apply-{orders}").click().run()
    read_again()
    assert reading_of(workspace, orders).options.kinds == {"price": "number", "mood": "text"}
    assert schema_of(workspace, orders).column("mood").role == "text"
    assert schema_of(workspace, orders).column("price").role == "number"


def test_reading_again_with_other_options_keeps_kinds_and_roles(open_page, orders, workspace, read_again):
    page = choose(open_page("data"), orders, "price", "number")
    page.button(key=f"kind-apply-{orders}").click().run()
    read_again()
    page.run()
    next(button for button in page.button if button.label == "Read again").click().run()
    assert "kinds" not in read_again()["options"]
    assert reading_of(workspace, orders).options.kinds == {"price": "number"}
    assert schema_of(workspace, orders).column("price").layout.kind == "number"


def test_levels_can_be_put_in_another_order(open_page, orders, workspace, read_again):
    page = choose(open_page("data"), orders, "mood", "ordered")
    levels = next(area for area in page.text_area if area.key.endswith("-levels"))
    levels.set_value("high\nlow\n").run()
    assert "40 of 60 cells that hold something are converted; 20 become missing." in words(page)
    page.button(key=f"kind-apply-{orders}").click().run()
    read_again()
    assert schema_of(workspace, orders).column("mood").layout.levels == ["high", "low"]


def test_where_day_and_month_cant_be_told_apart_the_page_asks(open_page, orders, workspace, read_again):
    assert reading_of(workspace, orders).layouts["visited"].ambiguous
    page = open_page("data")
    assert "“01/02/2022” was read as 2 January 2022." in words(page)
    button = page.button(key=f"other-{orders}-visited")
    assert button.label == "It is 1 February 2022"
    button.click().run()
    read_again()
    layout = schema_of(workspace, orders).column("visited").layout
    assert (layout.formats, layout.ambiguous) == (["%d/%m/%Y"], False)
    page.run()
    assert not [it for it in page.button if it.key == f"other-{orders}-visited"]
    page.button(key=f"undo-kind-{orders}-visited").click().run()
    read_again()
    assert reading_of(workspace, orders).layouts["visited"].ambiguous


def test_cells_that_became_missing_can_be_had_back_as_text(open_page, reader, workspace, read_again):
    cells = "".join(f"{n}.5,{'x' if n % 2 else 'y'}\n" for n in range(60))
    dataset = reader(paste=f"stars,answer\n{cells}none yet so far,x\n", target="answer")
    page = open_page("data")
    assert "1 cell that holds something else became missing: none yet so far." in words(page)
    page.button(key=f"as-text-{dataset}-stars").click().run()
    read_again()
    assert schema_of(workspace, dataset).column("stars").layout.kind == "text"


def test_only_a_role_changes_at_once(open_page, orders, workspace, read_again):
    page = choose(open_page("data"), orders, "price", "text")
    page.button(key=f"kind-apply-{orders}").click().run()
    assert not client.jobs(workspace, OWNER, kind="read", active=True)
    assert schema_of(workspace, orders).column("price").role == "text"


def test_what_is_so_already_can_not_be_applied(open_page, orders):
    page = choose(open_page("data"), orders, "mood", "ordered")
    assert "It is read so already." in words(page)
    assert not [it for it in page.button if it.key == f"kind-apply-{orders}"]


def test_nothing_can_be_changed_while_the_table_is_read(open_page, orders):
    page = choose(open_page("data"), orders, "price", "number")
    page.button(key=f"kind-apply-{orders}").click().run()
    assert page.button(key=f"kind-apply-{orders}").disabled
    assert page.button(key=f"other-{orders}-visited").disabled


def test_what_a_column_is_read_as_stands_in_the_table_of_columns(open_page, orders):
    frame = next(frame.value for frame in open_page("data").dataframe if "read_as" in frame.value.columns)
    assert dict(zip(frame["name"], frame["read_as"], strict=True))["mood"] == "a scale of 3 levels"


def test_hostile_cells_are_shown_as_they_are(open_page, reader):
    cells = "".join(f"{n}.5,{n % 2}\n" for n in range(60))
    dataset = reader(paste=f"**x** :red[y],answer\n{cells}**bold** $x$ :smile:,1\n", target="answer")
    page = choose(open_page("data"), dataset, "**x** :red[y]", "date")
    assert "\\*\\*bold\\*\\*" in words(page)


def test_layouts_in_words_of_the_person_looking():
    assert layout_words.words(Layout(kind="number", unit="/10")) == "numbers out of 10"
    assert layout_words.words(Layout(kind="date", formats=["%d-%b-%y"])) == "dates such as 22-Sep-17"
    assert layout_words.words(None) == ""


def test_an_older_reading_has_no_options(tmp_path):
    reading = Reading(files=["a.csv"], format="csv", n_rows=1, n_columns=1, bytes=1, seconds=0.0)
    assert reading.options is None
    assert Reading.model_validate(reading.model_dump() | {"options": {}}).options == ReadOptions()


def test_cells_of_a_masked_column_are_not_shown(open_page, reader, workspace):
    lines = "".join(f"ann{n}@mail{n % 7}.org,{n}.5,{n % 2}\n" for n in range(60))
    dataset = reader(paste=f"contact,score,answer\n{lines}", target="answer")
    overrides.decide(workspace.dataset_folder(dataset), "contact", "mask")
    page = open_page("data")
    page.session_state[f"kinds-{dataset}"] = True
    page.run()
    assert page.selectbox(key=f"kind-column-{dataset}").options == ["score", "answer"]


def test_the_command_reads_the_columns_in_the_same_way(reader, workspace, tmp_path, capfd):
    day, mood = Layout(kind="date", formats=["%d/%m/%Y"]), Layout(kind="ordered", levels=["high", "low"])
    kinds = {"price": "number", "visited": "date", "mood": "ordered"}
    options = ReadOptions(kinds=kinds, layouts={"visited": day, "mood": mood}).model_dump()
    dataset = reader(paste=ORDERS, target="answer", roles={"price": "number"}, options=options)
    schema, reading = schema_of(workspace, dataset), reading_of(workspace, dataset)
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS)
    first, _second = command.with_roles(schema, reading.options, ["inspect", str(file)]).split("\n")
    roles = tmp_path / "roles.json"
    roles.write_text(shlex.split(first)[1])
    assert main(["inspect", str(file), "--target", "answer", "--roles", str(roles), "--json"]) == 0
    columns = {one["name"]: one for one in json.loads(capfd.readouterr().out)["columns"]}
    for name in kinds:
        column = schema.column(name)
        assert columns[name]["role"] == column.role
        assert Layout.model_validate(columns[name]["layout"]) == column.layout


def test_spellings_are_merged_with_a_click_and_apart_again(open_page, workspace, reader, read_again):
    lines = [f"{place},{('High', 'high', 'low', 'HIGH')[place % 4]},{'yn'[place % 3 // 2]}" for place in range(40)]
    dataset = reader(paste="place,risk,answer\n" + "\n".join(lines) + "\n", name="Risks", target="answer")
    page = open_page("data")
    assert "differ only in case" in words(page)
    page.button(key=f"merge-{dataset}-risk").click().run()
    assert read_again()["options"]["one_spelling"] == ["risk"]
    assert len(schema_of(workspace, dataset).column("risk").layout.levels) == 2
    page.run()
    assert "--merge-spellings risk" in " ".join(code.value for code in page.code)
    page.button(key=f"unmerge-{dataset}-risk").click().run()
    assert "one_spelling" not in read_again()["options"]
    assert len(schema_of(workspace, dataset).column("risk").layout.levels) == 4
