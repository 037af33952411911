"""Text tasks as jobs: scores with intervals, cancelled and failed ways, answers as a column that can be taken back."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pyarrow.parquet as pq
import pytest

from core.catalog.text_tasks.declaration import Score, TaskSample, TextTask, Way
from core.catalog.text_tasks.every import TEXT_TASKS, text_task
from core.data import jobs as data_jobs
from core.data.schema import Schema, read_model
from core.job_params import ReadParams
from core.jobs import client
from core.jobs.context import Context
from core.jobs.housekeeping import delete_dataset
from core.messages import Cancelled, ModelUnavailable, UnknownChoice, UnusableData
from core.results.text_tasks.answers import answers
from core.results.text_tasks.options import AddColumnParams, TaskParams
from core.results.text_tasks.task import TaskResult
from core.text_tasks import jobs
from core.text_tasks.base import Answer, averages
from core.text_tasks.inputs import Inputs, from_frame
from core.text_tasks.running import options_of, run
from core.workspace import new_id

HERE = "tests.text_tasks.test_running"
TEXTS = ["one two", "three", "four five six"]


def echo(texts, options, tools):
    for number, text in enumerate(texts):
        tools.share(number / len(texts))
        yield Answer(text.upper())


def broken(texts, options, tools):
    raise UnusableData("This way can't work.")
    yield Answer("")


def buggy(texts, options, tools):
    raise ValueError("a bug")
    yield Answer("")


def right(scoring):
    return averages({"right": [float(answer.text == wanted) for _t, answer, wanted in scoring.scored()]}, scoring.seed)


SHOUT = TextTask(
    name="shout", label="Shout", about="", limits="", column="", reference="", new_column="loud",
    options="core.results.text_tasks.options:TaskOptions", score=f"{HERE}:right", scores=(Score("right", "", ""),),
    ways=(Way("llm", "Broken", "", f"{HERE}:broken"), Way("classical", "Echo", "", f"{HERE}:echo")),
    sample=TaskSample(TEXT_TASKS["summarise"].sample.path, "text"),
)  # fmt: skip


@pytest.fixture
def context(workspace, tmp_path):
    folder = tmp_path / "job"
    folder.mkdir()
    return Context(workspace, "owner", new_id(), folder, threads=1)


def done(context, ways, references=()):
    inputs = Inputs(TEXTS, [0, 1, 2], "typed", list(references))
    return run(SHOUT, inputs, ways, options_of(SHOUT, {}), context)


def test_an_average_has_the_interval_of_its_rows():
    found = averages({"a": [0, 1, 1, 1], "b": [0.5, math.nan, 0.7, math.nan]})
    assert found["a"].mean == 0.75
    assert found["a"].low < 0.75 <= found["a"].high <= 1
    assert found["b"].mean == pytest.approx(0.6)
    assert 0.5 <= found["b"].low <= found["b"].high <= 0.7


def test_a_way_that_cannot_work_says_why_and_the_others_go_on(context):
    result = done(context, ["llm", "classical"], ["ONE TWO", None, "four five six"])
    failed, worked = result.way("llm"), result.way("classical")
    assert (failed.status, failed.reason.id) == ("failed", "This way can't work.")
    assert (worked.status, worked.n_answers, worked.n_scored) == ("ok", 3, 2)
    assert worked.scores["right"].mean == 0.5
    assert result.best == "classical"
    assert [one.answer for one in answers(context.folder, "classical")] == [text.upper() for text in TEXTS]


def test_a_bug_in_one_way_lets_the_others_finish_and_still_fails_the_job(context):
    task = replace(SHOUT, ways=(Way("llm", "Buggy", "", f"{HERE}:buggy"), SHOUT.way("classical")))
    with pytest.raises(ValueError, match="a bug"):
        run(task, Inputs(TEXTS, [0, 1, 2], "typed"), ["llm", "classical"], options_of(task, {}), context)
    result = read_model(TaskResult, context.folder / "task.json")
    assert [line.status for line in result.ways] == ["failed", "ok"]
    assert "our fault" in str(result.way("llm").reason)


def test_a_task_without_any_way_that_works_fails(context):
    with pytest.raises(UnusableData, match="can't work"):
        done(context, ["llm"])


def test_a_cancelled_way_keeps_what_it_had_answered_and_a_finished_one_is_not_done_again(context):
    stops = iter([False] * 5)
    context.stop = lambda: next(stops, True)
    with pytest.raises(Cancelled):
        done(context, ["classical"])
    result = read_model(TaskResult, context.folder / "task.json")
    assert result.way("classical").status == "cancelled"
    kept = answers(context.folder, "classical")
    assert 0 < len(kept) < 3
    context.stop = lambda: False
    assert done(context, ["classical"]).way("classical").n_answers == 3
    written = (context.folder / "answers-classical.parquet").stat().st_mtime_ns
    done(context, ["classical"])
    assert (context.folder / "answers-classical.parquet").stat().st_mtime_ns == written


def test_what_cannot_be_asked_for_is_said():
    with pytest.raises(UnusableData, match="no setting “sentencs”"):
        options_of(text_task("summarise"), {"sentencs": 2})
    with pytest.raises(UnusableData, match="sentences"):
        options_of(text_task("summarise"), {"sentences": 0})
    with pytest.raises(UnknownChoice, match="no column “txt”"):
        from_frame(pd.DataFrame({"text": ["a"]}), "table", "txt")
    with pytest.raises(UnknownChoice, match="dance"):
        text_task("dance")


def test_a_model_that_is_not_here_is_named_in_a_sentence(context, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("AMALGAM_HUB", "1")
    task = text_task("summarise")
    with pytest.raises(ModelUnavailable, match="nobody/nothing"):
        run(task, Inputs(["A text."], [0], "typed"), ["llm"], options_of(task, {"model": "nobody/nothing"}), context)


def test_empty_cells_are_left_out_and_rows_keep_their_places():
    found = from_frame(pd.DataFrame({"t": [" a b", None, " ", "c"], "r": ["x", "y", "z", None]}), "table", "t", "r")
    assert found.texts == [" a b", "c"]  # as they are: spans count every character
    assert found.rows == [0, 3]
    assert found.references == ["x", None]


def test_answers_become_a_column_of_a_new_data_set_and_the_old_one_stays(workspace, context):
    dataset = new_id()
    paste = "text,kind\n" + "".join(
        f"Rain fell all day long. The sun came back on day {n}.,{n % 2}\n" for n in range(9)
    )
    data_jobs.read(ReadParams(dataset=dataset, name="days", paste=paste, target="kind").model_dump(), context)
    params = TaskParams(
        task="summarise", ways=["classical"], dataset=dataset, column="text", rows=5, options={"sentences": 1}
    )
    job = client.submit(workspace, kind="task", owner="owner", params=params)
    context.folder = client.folder(workspace, job)
    context.folder.mkdir(parents=True)
    jobs.task(params.model_dump(), context)

    made = new_id()
    jobs.add_column(AddColumnParams(run=job, way="classical", dataset=made).model_dump(), context)
    assert workspace.dataset(made, "owner").name == "days + summary"
    table = pq.read_table(workspace.dataset_folder(made) / "table.parquet").to_pandas()
    assert list(table.columns) == ["text", "kind", "summary"]
    assert table["summary"].notna().sum() == 5
    known = table.dropna(subset="summary")
    assert all(said in text for said, text in zip(known["summary"], known["text"], strict=True))
    assert read_model(Schema, workspace.dataset_folder(made) / "schema.json").target == "kind"

    delete_dataset(workspace, made, "owner")
    assert pq.read_schema(workspace.dataset_folder(dataset) / "table.parquet").names == ["text", "kind"]

    context.owner = "other"
    with pytest.raises(UnusableData):
        jobs.add_column(AddColumnParams(run=job, way="classical", dataset=new_id()).model_dump(), context)
