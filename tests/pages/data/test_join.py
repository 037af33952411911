"""Joining on the Data page: the likeliest keys, what matches, then a new table; the first one stays."""

from __future__ import annotations

import shlex

import pytest

from core.cli.arguments import parser
from core.data import jobs as data_jobs
from core.data.join import jobs as join_jobs
from core.data.join.documents import Join, JoinReport
from core.job_params import JoinParams, JoinPreviewParams, ReadParams
from core.jobs import client
from core.jobs.context import Context
from core.workspace import new_id
from pages.data.joined import about, flags
from pages.shared.upload import Upload
from tests.hostile.malformed import workbook
from tests.pages.conftest import OWNER, words

SALES = "shop,town,sold\n" + "".join(f"s{k},{('Oslo', 'Rome', 'Bern', 'Kyiv')[k % 4]},{k % 9}.5\n" for k in range(40))
TOWNS = "people,name\n1,Oslo\n2,rome\n3,Bern\n4,Paris\n"


@pytest.fixture
def work(workspace):
    return Context(workspace=workspace, owner=OWNER, job=new_id(), folder=workspace.home)


@pytest.fixture
def page(app, open_page, reader, workspace, work):
    """The Data page of sales, with a file of towns that has arrived and was looked at."""

    def opened(content: str = TOWNS):
        dataset, upload = reader(paste=SALES, name="Sales"), Upload(new_id(), "towns.csv")
        workspace.upload_folder(upload.id).mkdir()
        workspace.add_upload(upload.id, OWNER)
        (workspace.upload_folder(upload.id) / "towns.csv").write_text(content)
        join_jobs.preview(JoinPreviewParams(dataset=dataset, upload=upload.id).model_dump(), work)
        app.session_state[f"join-file-{dataset}"] = upload
        return open_page("data"), f"join-file-{dataset}"

    return opened


def finish(workspace, work, kind: str, run) -> dict:
    job = client.jobs(workspace, OWNER, kind=kind)[0]
    run(job.params, work)
    client.cancel(workspace, job.id, OWNER)
    return job.params


def metrics(page) -> dict[str, str]:
    return {one.label: one.value for one in page.metric}


def test_the_likeliest_keys_are_chosen_and_the_counts_shown(page):
    shown, slot = page()
    assert not shown.exception
    own = next(box for box in shown.selectbox if box.label == "Key in this table")
    theirs = next(box for box in shown.selectbox if box.label == "Key in towns.csv")
    assert (own.value, theirs.value) == ("town", "name")
    counts = metrics(shown)
    assert counts["Rows with a match"] == "20 / 40"
    assert counts["Keys not used"] == "2"
    assert "2 keys have no match: Rome, Kyiv." in words(shown)
    assert not shown.button(key=f"{slot}-join").disabled


def test_other_settings_are_previewed_before_they_can_be_applied(page, workspace, work):
    shown, slot = page()
    next(box for box in shown.checkbox if box.label == "Capital letters don't matter").check().run()
    assert "Join" not in [button.label for button in shown.button]
    shown.button(key=f"{slot}-preview").click().run()
    assert finish(workspace, work, "join-preview", join_jobs.preview)["join"]["ignore_case"]
    shown.run()
    assert metrics(shown)["Rows with a match"] == "30 / 40"
    assert not shown.button(key=f"{slot}-join").disabled


def test_joining_makes_a_new_table_and_keeps_the_first(page, workspace, work):
    shown, slot = page()
    shown.button(key=f"{slot}-join").click().run()
    params = ReadParams.model_validate(finish(workspace, work, "read", data_jobs.read))
    assert params.join is not None
    assert params.name == "Sales with towns.csv"
    shown.run()
    assert not shown.exception
    assert len(workspace.datasets(OWNER)) == 2
    assert "20 of 40 rows found their key there" in words(shown)
    assert "Joined with towns.csv" in [one.label.replace("\\", "") for one in shown.expander]


def test_where_keys_repeat_it_has_to_be_said_what_to_do(page, workspace, work):
    shown, slot = page(TOWNS + "9,Oslo\n")
    assert "1 key of the second file has several rows: “Oslo” (2 times)." in words(shown)
    assert shown.button(key=f"{slot}-join").disabled
    shown.radio(key=f"{slot}-repeats").set_value("average").run()
    shown.button(key=f"{slot}-join").click().run()
    assert client.jobs(workspace, OWNER, kind="read")[0].params["join"]["repeats"] == "average"


def test_similar_keys_are_shown_to_be_judged(page, workspace, work):
    shown, slot = page("name,people\nOslo,1\nRomme,2\nBernn,3\n")
    next(control for control in shown.segmented_control if control.label == "Keys match if they are").set_value(
        "similar"
    ).run()
    shown.button(key=f"{slot}-preview").click().run()
    assert finish(workspace, work, "join-preview", join_jobs.preview)["join"]["similarity"] == 0.8
    shown.run()
    frame = next(one.value for one in shown.dataframe if "Taken for" in one.value.columns)
    assert list(frame["Taken for"]) == ["Romme", "Bernn"]
    assert list(frame["Similarity"]) == [0.89, 0.89]


def test_another_sheet_of_a_workbook_is_looked_at_at_once(app, open_page, reader, workspace, work):
    dataset, upload = reader(paste=SALES, name="Sales"), Upload(new_id(), "book.xlsx")
    workspace.upload_folder(upload.id).mkdir()
    workspace.add_upload(upload.id, OWNER)
    towns = [["name", "people"], ["Oslo", "5"], ["Rome", "6"]]
    content = workbook({"Rates": [["currency", "rate"], ["EUR", "1.5"], ["USD", "1.1"]], "Towns": towns})
    (workspace.upload_folder(upload.id) / "book.xlsx").write_bytes(content)
    join_jobs.preview(JoinPreviewParams(dataset=dataset, upload=upload.id).model_dump(), work)
    app.session_state[f"join-file-{dataset}"] = upload
    shown = open_page("data")
    next(box for box in shown.selectbox if box.label == "Sheet").select("Towns").run()
    assert finish(workspace, work, "join-preview", join_jobs.preview)["sheet"] == "Towns"
    shown.run()
    assert not shown.exception
    assert metrics(shown)["Rows with a match"] == "20 / 40"
    shown.button(key=f"join-file-{dataset}-join").click().run()
    assert client.jobs(workspace, OWNER, kind="read")[0].params["join"]["sheet"] == "Towns"


def test_nothing_that_matches_can_not_be_joined(page):
    shown, slot = page("name,people\nx,1\ny,2\n")
    assert "Nothing matches." in words(shown)
    assert shown.button(key=f"{slot}-join").disabled


def test_another_file_begins_anew(page):
    shown, slot = page()
    shown.button(key=f"{slot}-other").click().run()
    assert slot not in shown.session_state
    assert "Every row stays" in words(shown)


def test_the_command_joins_in_the_same_way():
    asked = JoinParams(key="town", other_key="name", similarity=0.85, repeats="first", ignore_case=True, sheet="S")
    report = JoinReport(n_rows=1, n_matched=1, n_other_keys=1, n_unused=0)
    made = [Join(file="a b.csv", asked=asked, columns=["x"], report=report)]
    typed = parser().parse_args(["inspect", "t.csv", *shlex.split(shlex.join(flags(made)))])
    assert (str(typed.join[0]), typed.on, typed.fuzzy) == ("a b.csv", ["town=name"], 0.85)
    assert (typed.repeats, typed.ignore_case, typed.join_sheet) == ("first", True, "S")
    other = made[0].model_copy(update={"asked": asked.model_copy(update={"similarity": None})})
    assert about(made, "Same.") == "Same."
    assert "in different ways" in about([*made, other], "Same.")
