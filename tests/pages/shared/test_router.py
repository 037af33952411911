"""The shell: the road with its states, languages, owners, and what the web process never loads."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core import catalog
from core.job_params import CleanParams, ExplainParams, PredictParams
from core.jobs import client
from core.messages import catalogue, translate
from core.workspace import TAKEN, Workspace
from pages.shared import i18n as words_module
from pages.shared import navigation, sidebar
from tests.pages import trained
from tests.pages.conftest import OWNER, ROOT, ROUTER, words

SEES_NO_HEAVY_LIBRARY = """
import sys
from streamlit.testing.v1 import AppTest
page = AppTest.from_file(sys.argv[1], default_timeout=60).run()
for name in sys.argv[2:]:
    page.switch_page(name)
    page.run()
    assert not page.exception, page.exception
heavy = {"torch", "transformers", "shap", "sklearn", "numba", "lightgbm", "skrub", "scipy", "sentence_transformers"}
print(sorted(heavy & set(sys.modules)))
"""

FIRST_PAGE = """
import sys
import app
from streamlit.testing.v1 import AppTest
page = AppTest.from_file(sys.argv[1], default_timeout=60).run()
assert not page.exception, page.exception
print(sorted({"pandas", "pyarrow", "polars"} & set(sys.modules)))
"""

ICONS = """
import streamlit as st
from pages.shared import sidebar
st.text(str(sidebar.icons([])))
"""


def test_home_is_the_first_page(app):
    page = app.run()
    assert not page.exception
    assert [title.value for title in page.title] == ["Text and columns, one model"]


def test_the_sidebar_names_the_table_and_its_target(app, tickets):
    page = app.run()
    assert "Support tickets · priority" in [caption.value for caption in page.sidebar.caption]


def test_a_job_is_counted_in_the_sidebar(app, workspace, tickets):
    client.submit(workspace, kind="clean", owner=OWNER, params=CleanParams(dataset=tickets), dataset=tickets)
    page = app.run()
    assert any(caption.value.startswith("1 job, ") for caption in page.sidebar.caption)


def test_somebody_elses_table_and_job_are_not_seen(app, workspace, tickets):
    client.submit(workspace, kind="clean", owner=OWNER, params=CleanParams(dataset=tickets), dataset=tickets)
    app.session_state["owner"] = "somebody else"
    page = app.run()
    assert "Support tickets · priority" not in words(page)
    assert "1 job" not in words(page)


def test_steps_say_what_is_done(workspace, tickets):
    page = AppTest.from_string(ICONS)
    page.session_state["owner"] = OWNER
    page.run()
    shown = page.text[0].value
    assert f"'data': '{sidebar.DONE}'" in shown
    assert f"'compare': '{sidebar.OPEN}'" in shown


def steps(dataset: str, run: str = "") -> dict[str, str]:
    """The icon of each stop, while this table and this run are looked at."""
    page = AppTest.from_string(ICONS)
    page.session_state["owner"] = OWNER
    page.session_state["dataset"] = dataset
    page.session_state["run"] = run
    page.run()
    return ast.literal_eval(page.text[0].value)


def test_explaining_and_using_are_ticked_once_they_are_done_for_the_run_at_hand(finished):
    workspace = finished("tickets")
    (first,) = workspace.runs(OWNER, kind="compare")
    second = trained.train(workspace, first.dataset, trained.QUICK, "Second try")
    icons = steps(first.dataset, first.id)
    assert [icons[name] for name in ("data", "compare", "results")] == [sidebar.DONE] * 3
    assert [icons[name] for name in ("explain", "use")] == [sidebar.OPEN] * 2
    client.submit(
        workspace, kind="predict", owner=OWNER, params=PredictParams(run=first.id, candidate="columns"),
        dataset=first.dataset,
    )  # fmt: skip
    assert steps(first.dataset, first.id)["use"] == sidebar.OPEN  # asked for is not done
    shared = {"run": first.id, "candidate": "columns"}
    trained.work(workspace, "explain", ExplainParams(rows=[1], budget_seconds=2, **shared), first.dataset)
    icons = steps(first.dataset, first.id)
    assert (icons["explain"], icons["use"]) == (sidebar.DONE, sidebar.OPEN)
    row = pd.read_parquet(workspace.dataset_folder(first.dataset) / "table.parquet").head(1)
    asked = PredictParams(rows=json.loads(row.to_json(orient="records")), **shared)
    trained.work(workspace, "predict", asked, first.dataset)
    assert steps(first.dataset, first.id)["use"] == sidebar.DONE
    assert [steps(first.dataset, second)[name] for name in ("explain", "use")] == [sidebar.OPEN] * 2


def test_using_is_ticked_once_a_bundle_was_taken(finished):
    workspace = finished("tickets")
    (run,) = workspace.runs(OWNER, kind="compare")
    assert steps(run.dataset, run.id)["use"] == sidebar.OPEN
    (workspace.run_folder(run.id) / TAKEN).touch()
    assert steps(run.dataset, run.id)["use"] == sidebar.DONE


@pytest.mark.parametrize("kind", sorted(sidebar.JOBS_OF_STOP["explain"]))
def test_every_kind_of_explanation_is_known_work(kind):
    assert kind in catalog.JOB_KINDS


@pytest.mark.parametrize(
    ("kind", "stop"),
    [
        ("clean", "data"),
        ("group", "data"),
        ("compare", "compare"),
        ("explain", "explain"),
        ("shap-check", "explain"),
        ("learn-words", "explain"),
    ],
)
def test_a_stop_turns_while_its_work_is_done(kind, stop, workspace, tickets):
    client.submit(workspace, kind=kind, owner=OWNER, params=CleanParams(dataset=tickets), dataset=tickets)
    page = AppTest.from_string(ICONS.replace("[]", "sidebar.active_jobs()"))
    page.session_state["owner"] = OWNER
    icons = ast.literal_eval(page.run().text[0].value)
    assert [name for name, icon in icons.items() if icon == sidebar.RUNNING] == [stop]


def test_every_stop_has_an_address_of_its_own():
    stops = (navigation.HOME, *navigation.STOPS, *navigation.ROOMS)
    assert len({stop.path for stop in stops}) == len(stops) == len(navigation.ALL)


def test_the_switch_changes_the_words(app, monkeypatch):
    chinese = {"Bring my data": "用我的数据"}
    monkeypatch.setattr(words_module, "translate", lambda text, language: _told(text, language, chinese))
    page = app.run()
    assert "Bring my data" in words(page)
    page.segmented_control(key="language").set_value("zh_CN").run()
    assert "用我的数据" in words(page)
    assert "Bring my data" not in words(page)


def test_the_language_survives_a_change_of_page(open_page):
    page = open_page("data")
    page.segmented_control(key="language").set_value("zh_CN").run()
    page.switch_page(str(navigation.HOME.file))
    page.run()
    assert page.session_state["language"] == "zh_CN"


def test_what_was_chosen_survives_a_reload(finished, app):
    workspace = finished("tickets")
    run = workspace.runs(OWNER, kind="compare")[0]
    page = app.run()
    page.session_state["dataset"], page.session_state["run"] = run.dataset, run.id
    page.switch_page(str(navigation.ALL["results"].file)).run()
    address = dict(page.query_params)
    assert address["dataset"] == run.dataset
    assert address["run"] == run.id
    again = AppTest.from_file(str(ROUTER), default_timeout=30)
    again.session_state["owner"] = OWNER
    for key, value in address.items():
        again.query_params[key] = value
    again.run()
    assert again.session_state["run"] == run.id
    assert again.session_state["candidate"] == page.session_state["candidate"]


@pytest.mark.parametrize("names", ["a foreign table", "a foreign run", "both", "what never was", "what is no id"])
@pytest.mark.parametrize("at_hand", [True, False])
def test_an_address_that_is_not_mine_says_so_and_leads_to_what_is(finished, app, names, at_hand):
    (run,) = finished("tickets").runs(OWNER, kind="compare")
    page = app
    page.session_state["owner"] = OWNER if at_hand else "somebody else"
    if at_hand:
        with Workspace(finished("tickets").home).database() as database:
            database.execute("UPDATE runs SET owner = 'ben'")
            database.execute("UPDATE jobs SET owner = 'ben'")
            database.execute("INSERT INTO datasets SELECT 'theirs', 'ben', name, '', 1, 1, 0 FROM datasets")
    foreign = "theirs" if at_hand else run.dataset
    if names in {"a foreign table", "both"}:
        page.query_params["dataset"] = foreign
    if names in {"a foreign run", "both"}:
        page.query_params["run"] = run.id
    if names.startswith("what"):
        page.query_params["run"] = "0" * 24 if names == "what never was" else "../../secret"
    page.run()
    assert not page.exception
    assert "This link has expired or was taken back, or it is not yours." in words(page)
    assert "no table yet" not in words(page)
    assert list(page.title) == []
    assert not {"dataset", "run"} & set(page.query_params)
    page.run()  # as another click would
    assert "it is not yours" in words(page)
    page.button(key="not-yours").click().run()
    assert "it is not yours" not in words(page)
    assert [title.value for title in page.title] == ["Text and columns, one model"]


def test_going_to_another_page_ends_what_an_address_could_not_name(tickets, app):
    app.query_params["dataset"] = "0" * 24
    page = app.run()
    page.switch_page(str(navigation.ALL["data"].file)).run()
    assert not page.exception
    assert "it is not yours" not in words(page)
    assert "Support tickets" in words(page)


def test_an_address_of_a_run_still_in_work_is_mine(workspace, tickets, app):
    app.query_params["run"] = client.submit(
        workspace, kind="compare", owner=OWNER, params=CleanParams(dataset=tickets), dataset=tickets
    )
    page = app.run()
    assert not page.exception
    assert "it is not yours" not in words(page)


def _told(text, language, known):
    if language == "zh_CN" and text in known:
        return known[text]
    return translate(text, language)


def test_english_needs_no_catalogue():
    assert catalogue("en").gettext("Data") == "Data"


def said_last(program, *arguments, **variables):
    """The last line that a program prints in a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout.strip().splitlines()[-1]


def test_the_pages_load_nothing_heavy(workspace):
    files = [str(stop.file) for stop in navigation.ALL.values() if stop.exists]
    assert said_last(SEES_NO_HEAVY_LIBRARY, str(ROUTER), *files) == "[]"


def test_the_first_page_does_without_pandas(tmp_path):
    """What tables need is loaded a few seconds later; see `pages.server.warmth`."""
    assert said_last(FIRST_PAGE, str(ROUTER), AMALGAM_HOME=str(tmp_path)) == "[]"
