"""The check against shap on the Explain page: each of its states, on real jobs."""

from __future__ import annotations

import shutil

import pytest

from core.data.schema import read_model, write_model
from core.explain.against_shap import export
from core.job_params import ExplainParams, ShapParams
from core.jobs import client, table
from core.results.explanations.rows import Explanation
from core.results.explanations.shap_check import Beside, ShapBars, ShapCheck
from core.workspace import Workspace
from pages.explain.row.shap import charts
from tests.pages import trained
from tests.pages.conftest import OWNER, words


@pytest.fixture(scope="module")
def explained_home(homes, tmp_path_factory):
    """Tickets whose second row has been explained by a forest of words, and by one of columns."""
    home = tmp_path_factory.mktemp("explained") / "home"
    shutil.copytree(homes("tickets"), home)
    workspace = Workspace(home)
    run = workspace.runs(OWNER, kind="compare")[0]
    params = ExplainParams(run=run.id, candidate="text-tfidf", output="probability", rows=[1], budget_seconds=5)
    trained.work(workspace, "explain", params, run.dataset)
    return home


@pytest.fixture
def explained(explained_home, tmp_path, monkeypatch):
    """A copy of it, where the app will look."""
    shutil.copytree(explained_home, tmp_path / "home")
    monkeypatch.setenv("AMALGAM_HOME", str(tmp_path / "home"))
    return Workspace(tmp_path / "home")


def open_row(open_page, workspace):
    run = workspace.runs(OWNER, kind="compare")[0]
    page = open_page("explain")
    page.selectbox(key=f"candidate-of-{run.id}-1").set_value("text-tfidf").run()
    assert not page.exception
    return page


def asked(workspace) -> tuple[ShapParams, str]:
    job = client.jobs(workspace, OWNER, kind="explain")[0]
    params = ShapParams(run=job.params["run"], candidate="text-tfidf", explanation=job.id, row=1, budget_seconds=4)
    return params, job.dataset


def test_before_a_check_its_cost_and_the_file_are_there(explained, open_page):
    page = open_row(open_page, explained)
    said = words(page)
    assert "Check against shap" in said
    assert "This row has not been checked yet" in said
    job = client.jobs(explained, OWNER, kind="explain")[0]
    links = {link.label: link.proto.url for link in page.get("link_button")}
    assert links[f"Download {export.SHAP_FILE}"] == f"/amalgam/download/{job.id}/shap.npz"
    assert (client.folder(explained, job.id) / "shap.npz").exists()
    codes = [code.value for code in page.code]
    assert any(export.snippet("shap.npz").strip() in code for code in codes)
    assert any(code.endswith("--check-shap --shap shap.npz") for code in codes)
    page.button(key="shap-check-start").click().run()
    assert not page.exception
    queued = client.jobs(explained, OWNER, kind="shap-check")[0]
    assert (queued.state, queued.params["explanation"], queued.params["row"]) == ("queued", job.id, 1)
    assert "This row has not been checked yet" not in words(page)
    assert page.button(key=f"cancel-{queued.id}").label == "Cancel"
    assert page.button(key="shap-check-start").disabled


def test_a_finished_check_shows_both_bars_and_says_that_they_agree(explained, open_page):
    params, dataset = asked(explained)
    trained.work(explained, "shap-check", params, dataset)
    page = open_row(open_page, explained)
    said = words(page)
    assert said.count("The two agree") == 2  # the column, and its words
    assert "The words of “message”" in said
    assert "each as often as it counts" in said
    assert "shap.explainers.Exact tries every set" in said
    assert not page.get("warning")


def test_an_explanation_with_another_background_is_reported_in_a_sentence(explained, open_page):
    params, dataset = asked(explained)
    folder = client.folder(explained, params.explanation)
    found = read_model(Explanation, folder / "explanation.json")
    assert found is not None
    (row,) = found.rows
    row.base += 0.1  # the planted fault: another base, as from other background rows
    for column in row.columns:
        column.value, column.low, column.high = (one - 0.1 for one in (column.value, column.low, column.high))
    write_model(found, folder / "explanation.json")
    trained.work(explained, "shap-check", params, dataset)
    page = open_row(open_page, explained)
    (warning,) = [one.value for one in page.warning]
    assert "The two do not agree: “message” differs by 0.1 (probability)" in warning
    assert "the two hid columns by different rows" in words(page)


def test_a_check_that_failed_says_why_and_can_be_begun_again(explained, open_page):
    params, dataset = asked(explained)
    job = client.submit(explained, kind="shap-check", owner=OWNER, params=params, dataset=dataset)
    table.claim(explained, job, 1, 0.0)
    queued = table.one(explained, job)
    assert queued is not None
    table.finish(explained, queued, "failed")
    page = open_row(open_page, explained)
    assert "Checking against shap failed" in words(page)
    assert not page.button(key="shap-check-start").disabled


def test_an_explanation_of_an_earlier_version_has_no_file(explained, open_page):
    job = client.jobs(explained, OWNER, kind="explain")[0]
    (client.folder(explained, job.id) / "shap.npz").unlink()
    page = open_row(open_page, explained)
    assert "explained by an earlier version" in words(page)
    assert "Download shap.npz" not in [link.label for link in page.get("link_button")]


def test_of_many_words_the_longest_are_drawn_in_their_order():
    bars = [Beside(name=f"<w{n}>", ours=n % 7, theirs=n % 7 + 0.5, theirs_reach=0.1) for n in range(40)]
    part = ShapBars(
        explainer="Permutation", bars=bars, ours_base=0, base=0, ours_output=1, output=1, evaluations=1, seconds=1
    )
    ours, theirs = charts.side_by_side(part, "probability").data
    assert len(ours.x) == len(theirs.x) == charts.MOST_BARS
    assert min(ours.x) >= 4
    assert list(theirs.x) == [one + 0.5 for one in ours.x]
    assert not ours.error_x.visible
    assert theirs.error_x.visible


def test_a_check_is_kept_whole():
    part = ShapBars(
        explainer="Exact", bars=[Beside(name="a", ours=1, theirs=1)], ours_base=0, base=0, ours_output=1, output=1,
        evaluations=1, seconds=1,
    )  # fmt: skip
    check = ShapCheck(
        candidate="columns", row=0, output="margin", unit="y", background_rows=12, repeated_rows=200,
        shap_version="0.51.0", parts=[part], ours_seconds=1,
    )  # fmt: skip
    assert ShapCheck.model_validate_json(check.model_dump_json()) == check
