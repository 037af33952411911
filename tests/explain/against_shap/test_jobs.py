"""The job that checks an explained row: what it writes, whose it is, how it stops."""

from __future__ import annotations

import numpy as np
import pytest

from core.explain.against_shap.jobs import check_shap
from core.job_params import ExplainParams, ShapParams
from core.jobs import client
from core.jobs.context import Context
from core.messages import Cancelled, UnusableData
from core.results.explanations.rows import Explanation
from core.results.explanations.shap_check import ShapCheck
from tests.pages import trained


@pytest.fixture(scope="module")
def explained(tmp_path_factory):
    """A row of made-up tickets opened into columns and words.  →  workspace, data set, what to check"""
    workspace, dataset, run = trained.moods(tmp_path_factory.mktemp("shap"), 160, ["cooperative:tfidf"])
    params = ExplainParams(run=run, candidate="cooperative:tfidf", rows=[1, 2], output="probability")
    job = trained.work(workspace, "explain", params, dataset)
    return workspace, dataset, ShapParams(run=run, candidate="cooperative:tfidf", explanation=job, row=2)


def test_columns_and_words_of_the_explained_row_are_checked(explained):
    workspace, dataset, params = explained
    job = trained.work(workspace, "shap-check", params, dataset)
    check = ShapCheck.model_validate_json((client.folder(workspace, job) / "shap_check.json").read_text())
    source = Explanation.model_validate_json(
        (client.folder(workspace, params.explanation) / "explanation.json").read_text()
    )
    row = next(one for one in source.rows if one.row == 2)
    columns, text = check.parts
    assert (check.row, check.label, check.explanation) == (2, row.label, params.explanation)
    assert [bar.name for bar in columns.bars] == [column.name for column in row.columns]
    assert [bar.ours for bar in columns.bars] == [column.value for column in row.columns]
    assert (columns.explainer, text.explainer, text.column) == ("Exact", "Exact", "text")
    assert {columns.agreement, text.agreement} == {"rounding"}
    assert check.repeated_rows > check.background_rows
    assert check.seconds > 0


def test_the_explained_rows_are_written_for_shaps_plots(explained):
    workspace, _dataset, params = explained
    with np.load(client.folder(workspace, params.explanation) / "shap.npz", allow_pickle=False) as arrays:
        assert arrays["values"].shape == (2, 4)
        assert arrays["values"].sum(axis=1) + arrays["base_values"] == pytest.approx(arrays["output_values"])


@pytest.mark.parametrize(("owner", "row"), [("somebody else", 2), (trained.OWNER, 7)])
def test_what_is_not_there_or_not_theirs_is_refused(explained, tmp_path, owner, row):
    workspace, _dataset, params = explained
    context = Context(workspace, owner, "job", tmp_path, threads=1)
    with pytest.raises(UnusableData):
        check_shap(params.model_copy(update={"row": row}).model_dump(), context)


def test_it_says_how_far_it_is_and_stops_when_cancelled(explained, tmp_path):
    workspace, _dataset, params = explained
    shares: list[float] = []

    def stop() -> bool:
        return bool(shares) and shares[-1] > 0.3

    context = Context(
        workspace, trained.OWNER, "job", tmp_path, report=lambda stage, share, found: shares.append(share), stop=stop,
        threads=1,
    )  # fmt: skip
    with pytest.raises(Cancelled):
        check_shap(params.model_dump(), context)
    assert shares == sorted(shares)
    assert not (tmp_path / "shap_check.json").exists()
