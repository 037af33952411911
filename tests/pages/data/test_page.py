"""The Data page on real tables: what was read, roles, target, duplicates, tables, and text that tries to be markup."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.data import jobs as data_jobs
from core.data import overrides
from core.data.schema import Cleaning, Schema, read_model
from core.job_params import CleanParams, ReadParams
from core.jobs import client
from core.jobs.context import Context
from core.workspace import new_id
from pages.shared.markup import plain, short
from tests.pages.conftest import OWNER, words

HOSTILE = ["<script>alert(1)</script>", "**x**", "$x^2$", ":red[x]", ":smile:", "[a](http://b)", "a -> b"]

EDITS = """
import streamlit as st
from pages.data.columns import editor
editor._edited(st.session_state["dataset"], "edits")
"""


def button(page: AppTest, key: str):
    return page.button(key=key)


def schema_of(workspace, dataset: str) -> Schema:
    found = read_model(Schema, workspace.dataset_folder(dataset) / "schema.json")
    assert found is not None
    return found


def test_without_a_table_the_page_asks_for_one(open_page):
    page = open_page("data")
    assert not page.exception
    assert "What is in the table" in words(page)
    assert page.segmented_control(key="add-way").value == "files"


def test_the_sentence_says_what_was_read(open_page, tickets):
    page = open_page("data")
    assert not page.exception
    assert "738 rows, 10 columns, UTF-8, comma." in words(page)


def test_rejected_lines_are_counted_with_their_numbers(open_page, reader):
    rows = "\n".join(f"row number {n},{n % 2}" for n in range(40))
    reader(paste=f"text,label\n{rows}\nonly,too,many,values\n{rows}\n")
    page = open_page("data")
    assert "1 row could not be read (line 42)." in words(page).replace("\\", "")


def test_many_rejected_lines_are_cut_short(open_page, tickets, workspace):
    reading = json.loads((workspace.dataset_folder(tickets) / "reading.json").read_text())
    lines = [{"line": n * 1000, "reason": {"id": "x", "params": {}}, "start": ""} for n in range(1, 8)]
    reading |= {"n_rejected": 7, "rejected": lines}
    (workspace.dataset_folder(tickets) / "reading.json").write_text(json.dumps(reading))
    page = open_page("data")
    assert "7 rows could not be read (lines 1,000, 2,000, 3,000, 4,000, 5,000…)." in words(page)


def test_a_left_out_column_says_why_and_can_be_kept(open_page, tickets, workspace):
    assert schema_of(workspace, tickets).column("on_call_paged").role == "ignored"
    page = open_page("data")
    assert "It would be known only after the answer." in words(page)
    button(page, f"mark-{tickets}-on_call_paged").click().run()
    assert schema_of(workspace, tickets).column("on_call_paged").role == "category"
    assert button(page, f"mark-{tickets}-on_call_paged").label == "Leave out"
    button(page, f"mark-{tickets}-on_call_paged").click().run()
    assert schema_of(workspace, tickets).column("on_call_paged").role == "ignored"


def test_another_target_can_be_chosen(open_page, tickets, workspace):
    page = open_page("data")
    target = next(box for box in page.selectbox if box.label == "Predict")
    target.select("plan").run()
    assert not page.exception
    assert schema_of(workspace, tickets).target == "plan"
    assert "Support tickets · plan" in words(page)


def test_the_task_can_be_changed(open_page, tickets, workspace):
    page = open_page("data")
    task = next(control for control in page.segmented_control if control.label == "as")
    task.set_value("regression").run()
    assert schema_of(workspace, tickets).task == "regression"


def test_every_column_stands_in_the_table_of_columns(open_page, tickets, workspace):
    page = open_page("data")
    frames = [frame.value for frame in page.dataframe if "role" in frame.value.columns]
    assert list(frames[0]["name"]) == [column.name for column in schema_of(workspace, tickets).columns]
    assert set(frames[0]["role"]) >= {"target", "text", "number", "category", "date"}


def test_an_edited_role_is_written(tickets, workspace):
    page = AppTest.from_string(EDITS)
    page.session_state["owner"] = OWNER
    page.session_state["dataset"] = tickets
    page.session_state["edits"] = {"edited_rows": {3: {"role": "left out"}}}
    page.run()
    assert not page.exception
    assert schema_of(workspace, tickets).columns[3].role == "ignored"


def test_rows_are_shown_a_page_at_a_time(open_page, tickets):
    page = open_page("data")
    assert len(page.dataframe[0].value) == 25
    assert list(page.dataframe[0].value.index[:2]) == [1, 2]


def test_duplicates_are_set_aside_and_brought_back(open_page, tickets, workspace):
    page = open_page("data")
    button(page, f"clean-{tickets}").click().run()
    job = client.jobs(workspace, OWNER, kind="clean")[0]
    assert job.params == CleanParams(dataset=tickets, near=True, similarity=0.9).model_dump()
    data_jobs.clean(job.params, Context(workspace=workspace, owner=OWNER, job=job.id, folder=workspace.home))
    client.cancel(workspace, job.id, OWNER)
    path = workspace.dataset_folder(tickets) / "cleaning.json"
    set_aside = len(read_model(Cleaning, path).dropped)
    page.run()
    assert f"{738 - set_aside} rows are left to train on" in words(page)
    button(page, f"undo-{tickets}").click().run()
    assert not path.exists()
    assert "12 rows repeat an earlier row exactly, in every cell. Without ids (ticket\\_id): 12 rows" in words(page)


def test_a_pasted_table_is_queued_for_reading(open_page, workspace):
    page = open_page("data")
    page.segmented_control(key="add-way").set_value("paste").run()
    page.text_area(key="add-paste").set_value("text,label\nhello,1\nbye,0\n")
    next(button for button in page.button if button.label == "Read it").click().run()
    job = client.jobs(workspace, OWNER, kind="read")[0]
    assert job.params["paste"] == "text,label\nhello,1\nbye,0\n"
    assert "Reading a file" in words(page)


def test_the_page_turns_to_a_table_once_it_is_there(open_page, tickets, workspace):
    page = open_page("data")
    page.segmented_control(key="data-view").set_value("add").run()
    page.segmented_control(key="add-way").set_value("sample").run()
    button(page, "add-sample-reviews").click().run()
    job = client.jobs(workspace, OWNER, kind="read")[0]
    data_jobs.read(job.params, Context(workspace=workspace, owner=OWNER, job=job.id, folder=workspace.home))
    client.cancel(workspace, job.id, OWNER)
    page.run()
    assert page.session_state["data-view"] == "table"
    assert "600 rows" in words(page)


def test_reading_again_uses_the_kept_source_and_the_chosen_options(open_page, tickets, workspace):
    page = open_page("data")
    page.selectbox(key=f"delimiter-{tickets}").select(";")
    page.checkbox(key=f"header-{tickets}").uncheck()
    next(button for button in page.button if button.label == "Read again").click().run()
    params = client.jobs(workspace, OWNER, kind="read")[0].params
    assert params["source"] == params["dataset"] == tickets
    assert params["options"]["delimiter"] == ";"
    assert params["options"]["header"] is False


def test_tables_can_be_renamed_and_deleted(open_page, tickets, workspace):
    page = open_page("data")
    page.segmented_control(key="data-view").set_value("all").run()
    page.text_input(key=f"name-{tickets}").set_value("Help desk").run()
    button(page, f"rename-ok-{tickets}").click().run()
    assert workspace.dataset(tickets, OWNER).name == "Help desk"
    button(page, f"delete-ok-{tickets}").click().run()
    assert workspace.datasets(OWNER) == []
    assert not workspace.dataset_folder(tickets).exists()
    assert not page.exception


def test_everything_of_mine_goes_at_once(open_page, tickets, workspace):
    page = open_page("data")
    page.segmented_control(key="data-view").set_value("all").run()
    button(page, "delete-everything-ok").click().run()
    assert not page.exception
    assert workspace.datasets(OWNER) == []
    assert not workspace.dataset_folder(tickets).exists()


def test_a_failed_reading_says_why_and_what_to_do(open_page, workspace):
    client.submit(workspace, kind="read", owner=OWNER, params=ReadParams(dataset=new_id(), name="x", paste=""))
    job = client.jobs(workspace, OWNER)[0]
    error = {"code": "unreadable_file", "message": {"id": "The file is empty.", "params": {}}, "hint": None}
    with workspace.database() as database:
        stored = json.dumps(error | {"ours": False})
        database.execute("UPDATE jobs SET state = 'failed', error = ? WHERE id = ?", (stored, job.id))
    page = open_page("data")
    assert "The file is empty." in [element.value for element in page.error]
    assert not [element for element in page.button if element.label == "Resume"]
    page.selectbox(key=f"encoding-{job.id}").select("gb18030")
    next(button for button in page.button if button.label == "Read again").click().run()
    again = client.jobs(workspace, OWNER, kind="read")[0]
    assert again.params["paste"] == job.params["paste"]
    assert again.params["options"]["encoding"] == "gb18030"
    assert "delimiter" not in again.params["options"]


def test_a_failure_can_be_waved_away(open_page, workspace):
    client.submit(workspace, kind="read", owner=OWNER, params=ReadParams(dataset=new_id(), name="x", paste=""))
    job = client.jobs(workspace, OWNER)[0]
    with workspace.database() as database:
        database.execute("UPDATE jobs SET state = 'lost' WHERE id = ?", (job.id,))
    page = open_page("data")
    assert "stopped because the program was closed" in words(page)
    assert button(page, f"resume-{job.id}").label == "Resume"
    button(page, f"dismiss-{job.id}").click().run()
    assert "stopped because the program was closed" not in words(page)


@pytest.fixture
def hostile(reader) -> str:
    header = ",".join([*HOSTILE, "label"])
    rows = "\n".join(",".join(f"{mark} {n % 9}" for mark in HOSTILE) + f",{n % 2}" for n in range(60))
    return reader(paste=f"{header}\n{rows}\n", name=" ".join(HOSTILE), options={"header": True}, target="label")


def test_hostile_names_and_cells_are_shown_as_they_are(open_page, hostile, workspace):
    page = open_page("data")
    assert not page.exception
    shown = words(page)
    for mark in HOSTILE:
        assert mark in page.dataframe[0].value.columns
        if mark != plain(mark):
            assert f"**{mark}" not in shown
            assert f" {mark} " not in shown
    page.segmented_control(key="data-view").set_value("all").run()
    assert not page.exception
    assert plain(" ".join(HOSTILE)) in words(page)


def test_charts_write_tags_as_text(open_page, hostile):
    page = open_page("data")
    page.selectbox(key=f"column-{hostile}").select(HOSTILE[0]).run()
    figures = "".join(str(chart.proto.spec) for chart in page.get("plotly_chart"))
    assert "&lt;script&gt;" in figures
    assert "<script>" not in figures


def test_a_date_is_drawn_on_a_calendar(open_page, tickets):
    page = open_page("data")
    page.selectbox(key=f"column-{tickets}").select("opened").run()
    assert not page.exception
    facts = page.dataframe[-1].value
    assert facts["Value"].str.match(r"2025-\d\d-\d\d \d\d:\d\d").sum() == 4


def test_days_are_shown_without_a_time(open_page, reader):
    lines = "".join(f"2026-10-{day:02d},2026-10-{day:02d} {day % 24:02d}:30,some words {day}\n" for day in range(1, 31))
    dataset = reader(paste="day,moment,text\n" + lines)
    page = open_page("data")
    assert not page.exception
    rows = page.dataframe[0].value
    assert rows["day"].map(str).iloc[0] == "2026-10-01"
    assert rows["moment"].map(str).iloc[0] == "2026-10-01 01:30:00"
    page.selectbox(key=f"column-{dataset}").select("day").run()
    facts = page.dataframe[-1].value
    assert facts["Value"].str.fullmatch(r"2026-10-\d\d").sum() == 4
    page.selectbox(key=f"column-{dataset}").select("moment").run()
    facts = page.dataframe[-1].value
    assert facts["Value"].str.fullmatch(r"2026-10-\d\d \d\d:\d\d").sum() == 4


def test_few_different_numbers_are_counted_one_by_one(open_page, reader):
    dataset = reader(paste="text,y\n" + "".join(f"some words {n},{n % 2}\n" for n in range(40)), target="y")
    page = open_page("data")
    assert not page.exception
    spec = json.loads(next(chart.proto.spec for chart in page.get("plotly_chart")))
    assert dataset
    assert sorted(spec["data"][0]["y"]) == ["0", "1"]


def test_the_bars_of_a_spread_start_at_zero(open_page, tickets):
    page = open_page("data")
    editors = [json.loads(one.proto.columns) for one in page.dataframe if "shape" in one.proto.columns]
    assert [one["shape"]["type_config"]["y_min"] for one in editors] == [0]


def visits() -> str:
    """Forty patients, ten visits each, whose readings and label are their own."""
    random = np.random.default_rng(0)
    lines = ["patient_id,visit,pulse,pressure,sick"]
    for patient in range(40):
        pulse, pressure, sick = random.normal(75, 8), random.normal(120, 10), random.choice(["yes", "no"])
        lines += [
            f"P{patient:03},{visit},{pulse + random.normal(0, 0.3):.2f},{pressure + random.normal(0, 0.3):.2f},{sick}"
            for visit in range(1, 11)
        ]
    return "\n".join(lines)


def test_a_repeating_id_is_offered_with_both_scores_and_one_click_keeps_its_rows_together(open_page, reader):
    dataset = reader(paste=visits(), target="sick")
    page = open_page("data")
    said = plain_words(page)
    assert "“patient_id” repeats: 40 values, about 10 rows each." in said
    assert "but only 0." in said
    assert "--group" not in said
    button(page, f"together-data-{dataset}-patient_id").click().run()
    assert f"All rows with the same {short('patient_id')} are kept on one side." in words(page)
    assert "--group patient_id" in " ".join(code.value for code in page.code)
    compare = open_page("compare")
    assert "All rows with the same patient_id are kept on one side." in plain_words(compare)
    assert "--group patient_id" in " ".join(code.value for code in compare.code)
    button(compare, f"apart-compare-{dataset}").click().run()
    assert "“patient_id” repeats: 40 values" in plain_words(compare)
    assert "--group patient_id" not in " ".join(code.value for code in compare.code)


def test_with_a_test_file_the_group_is_in_the_plan_and_nothing_is_said_of_sides(open_page, reader, workspace):
    dataset = reader(paste=visits(), target="sick")
    folder = workspace.dataset_folder(dataset)
    shutil.copy(folder / "table.parquet", folder / "test.parquet")
    page = open_page("compare")
    button(page, f"together-compare-{dataset}-patient_id").click().run()
    page.segmented_control(key=f"plan-{dataset}-mode").set_value("own").run()
    assert "All rows with the same patient_id are kept on one side." in plain_words(page)
    page.segmented_control(key=f"plan-{dataset}-validation").set_value("test_file").run()
    assert not page.exception
    assert "are kept on one side" not in plain_words(page)
    assert "Rows with the same patient_id count together in the intervals" in plain_words(page)
    assert '"kind": "test_file"' in " ".join(code.value for code in page.code)
    assert '"group": "patient_id"' in " ".join(code.value for code in page.code)
    button(page, f"apart-compare-{dataset}").click().run()
    assert "“patient_id” repeats" not in plain_words(page)
    page.segmented_control(key=f"plan-{dataset}-validation").set_value("kfold").run()
    assert "“patient_id” repeats: 40 values" in plain_words(page)


def test_with_another_target_the_scores_are_measured_by_a_job(open_page, reader, workspace):
    dataset = reader(paste=visits(), target="sick")
    page = open_page("data")
    next(box for box in page.selectbox if box.label == "Predict").set_value("pulse").run()
    assert "and rows of one value are alike" in plain_words(page)
    button(page, f"measure-group-{dataset}").click().run()
    assert [job.kind for job in client.jobs(workspace, OWNER)] == ["group"]


def test_what_no_quick_model_can_score_is_not_asked_for_again(open_page, reader):
    random = np.random.default_rng(0)
    lines = ["patient_id,note,sick"]
    for patient in range(20):
        sick = "yes" if patient % 2 else "no"
        lines += [
            f"P{patient:03},{' '.join(f'word{word}' for word in random.integers(0, 500, 12))},{sick}"
            for _visit in range(8)
        ]
    dataset = reader(paste="\n".join(lines), target="sick")
    page = open_page("data")
    assert "“patient_id” repeats: 20 values" in plain_words(page)
    assert f"measure-group-{dataset}" not in {one.key for one in page.button}


def test_without_a_target_there_are_no_scores_to_measure(open_page, reader, workspace):
    dataset = reader(paste=visits(), target="sick")
    overrides.set_target(workspace.dataset_folder(dataset), None)
    page = open_page("data")
    assert "“patient_id” repeats: 40 values" in plain_words(page)
    assert f"measure-group-{dataset}" not in {one.key for one in page.button}


def plain_words(page) -> str:
    return words(page).replace("\\", "")
