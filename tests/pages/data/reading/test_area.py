"""Header and rows set by hand: the raw rows are shown, clicked on, and the table is read again by what was said."""

from __future__ import annotations

import pytest

from core.data import overrides
from core.data.schema import Reading, read_model
from core.job_params import ReadParams
from core.jobs import client
from core.workspace import new_id
from pages.data.reading import where
from tests.hostile.malformed import workbook
from tests.pages.conftest import OWNER, words
from tests.pages.data.test_add import uploaded, work

ROWS = [
    *[["Report of May", "", ""], ["name", "age", "note"], ["Ada", "36", "hello there"], ["Bob", "41", "good day"]],
    *[["Cleo", "29", "see you"], ["Dora", "50", "well"], ["Ed", "33", "good evening"]],
]
TEXT = "\n".join(",".join(row) for row in ROWS).encode()


def opened(open_page, dataset: str):
    """The Data page with the raw rows shown."""
    page = open_page("data")
    assert not page.exception
    return page.toggle(key=f"rows-{dataset}").set_value(True).run()


def raw(page):
    return next(table for table in page.dataframe if "Row" in table.value.columns)


def made(workspace, name: str, content: bytes) -> str:
    params = ReadParams(dataset=new_id(), name=name, uploads=[uploaded(workspace, name, content)])
    assert work(workspace, "read", params).state == "done"
    return params.dataset


@pytest.mark.parametrize(("name", "content"), [("a.csv", TEXT), ("a.xlsx", workbook({"One": ROWS}))])
def test_rows_that_are_clicked_are_read(open_page, workspace, name, content):
    dataset = made(workspace, name, content)
    page = opened(open_page, dataset)
    assert "The header is in row 2, the data from row 3 to row 7." in words(page)
    assert raw(page).value["Row"].tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert raw(page).value["1"].tolist() == [row[0] for row in ROWS]
    for what, rows in (("header", [2]), ("first", [4, 5]), ("last", [5])):
        page.session_state[raw(page).key] = {"selection": {"rows": rows, "columns": [], "cells": []}}
        page = page.run()
        next(button for button in page.button if str(button.key).startswith(f"take-{what}")).click().run()
        assert not page.exception
    next(button for button in page.button if button.label == "Read again").click().run()
    assert not page.exception
    job = client.jobs(workspace, OWNER, active=True, kind="read")[0]
    options = job.params["options"]
    assert (options["header_rows"], options["first_row"], options["last_row"]) == ([3], 5, 6)
    assert "header" not in options
    assert work_waiting(workspace, job)
    reading = read_model(Reading, workspace.dataset_folder(dataset) / "reading.json")
    assert (reading.header_rows, reading.first_row, reading.last_row, reading.n_rows) == ([3], 5, 6, 2)


def work_waiting(workspace, job: client.Job) -> bool:
    """Do what the page asked for, as the worker would."""
    return work(workspace, "read", ReadParams.model_validate(job.params)).state == "done"


def test_what_was_found_stands_in_the_fields(open_page, workspace):
    page = opened(open_page, made(workspace, "a.csv", TEXT))
    assert next(box for box in page.multiselect if box.label == "The header is in row").value == [2]
    fields = {box.label: box.value for box in page.number_input}
    assert (fields["Data from row"], fields["to row"]) == (3, 7)
    page.multiselect[-1].set_value([]).run()
    next(button for button in page.button if button.label == "Read again").click().run()
    assert client.jobs(workspace, OWNER, active=True, kind="read")[0].params["options"]["header_rows"] == []


def test_where_the_data_begin_is_found_anew_once_the_header_reaches_down_there(open_page, workspace):
    page = opened(open_page, made(workspace, "a.csv", TEXT))
    page.session_state[raw(page).key] = {"selection": {"rows": [1, 2], "columns": [], "cells": []}}
    page = page.run()
    next(button for button in page.button if str(button.key).startswith("take-header")).click().run()
    assert {box.label: box.value for box in page.number_input}["Data from row"] is None
    next(button for button in page.button if button.label == "Read again").click().run()
    job = client.jobs(workspace, OWNER, active=True, kind="read")[0]
    assert work_waiting(workspace, job)


def test_no_row_is_lost_between_the_rows_before_and_a_header_that_moved_up(open_page, workspace):
    page = opened(open_page, made(workspace, "a.csv", TEXT))
    page.session_state[raw(page).key] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    page = page.run()
    next(button for button in page.button if str(button.key).startswith("take-header")).click().run()
    assert {box.label: box.value for box in page.number_input}["Data from row"] is None


def test_where_a_person_says_that_the_data_begin_stays_when_the_header_moves(open_page, workspace):
    page = opened(open_page, made(workspace, "a.csv", TEXT))
    next(box for box in page.number_input if box.label == "Data from row").set_value(5).run()
    page.multiselect[-1].set_value([1]).run()
    assert {box.label: box.value for box in page.number_input}["Data from row"] == 5


def test_the_raw_rows_show_no_cell_of_a_masked_column(open_page, workspace):
    names = [f"{given} {family}" for given in ("Ann", "Bob", "Carla", "Emma") for family in ("Lee", "Novak", "Müller")]
    rows = [f"{name},user{place}@web.de,{place}" for place, name in enumerate(names)]
    dataset = made(workspace, "a.csv", "\n".join(["customer_name,email,n", *rows]).encode())
    folder = workspace.dataset_folder(dataset)
    for column in ("customer_name", "email"):
        overrides.keep(folder, column)
        overrides.decide(folder, column, "mask")
    shown = raw(opened(open_page, dataset)).value
    assert shown["1"].iloc[0] == "customer_name"
    assert shown["3"].tolist() == ["n", *map(str, range(12))]
    for cell in [*shown["1"][1:], *shown["2"][1:]]:
        assert cell.startswith(("<name ", "<e-mail "))


def test_without_a_choice_everything_is_found_out(open_page, workspace):
    made(workspace, "a.csv", TEXT)
    page = open_page("data")
    next(button for button in page.button if button.label == "Read again").click().run()
    options = client.jobs(workspace, OWNER, active=True, kind="read")[0].params["options"]
    assert not {"header_rows", "first_row", "last_row"} & set(options)


def test_a_file_that_could_not_be_read_shows_its_rows_too(open_page, workspace):
    content = b"a,b,c\n1,2,3\n" + b"1,2\n1,2,3,4\n" * 20
    params = ReadParams(dataset=new_id(), name="a.csv", uploads=[uploaded(workspace, "a.csv", content)])
    job = work(workspace, "read", params)
    assert job.state == "failed"
    page = opened(open_page, job.id)
    assert raw(page).value["Row"].tolist() == [*range(1, 31), *range(38, 43)]
    next(button for button in page.button if button.label == "Read again").click().run()
    options = client.jobs(workspace, OWNER, active=True, kind="read")[0].params["options"]
    assert "header_rows" not in options


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        (([2], 3, 1200), "The header is in row 2, the data from row 3 to row 1,200."),
        (([4, 5], 6, 0), "The header is in rows 4–5, the data from row 6 to the end."),
        (([], 1, 9), "There is no header; the data go from row 1 to row 9."),
        (([], 1, 0), "There is no header; the data go from row 1 to the end."),
    ],
)
def test_where_the_table_lies_is_said_in_a_sentence(known, sentence):
    header, first, last = known
    reading = Reading(
        files=["a.csv"], format="csv", n_rows=1, n_columns=1, bytes=1, seconds=0.0,
        header_rows=header, first_row=first, last_row=last,
    )  # fmt: skip
    assert where.sentence(reading) == sentence
