"""The comparison as a whole: the same folds for all, no leak, resume, cancel, same seed same result."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from core.data.schema import read_model
from core.data.split import folds
from core.evaluate.amounts import size
from core.evaluate.result import Comparison, Detail
from core.fuse import fold_files
from core.fuse.candidates import build
from core.fuse.compare import compare
from core.fuse.costs import encoder_megabytes
from core.fuse.lines import candidate_folder
from core.fuse.setting import Setting
from core.jobs.context import Context
from core.messages import Cancelled, UnknownChoice, UnusableData
from core.plan import EncoderChoice, Plan, Search, Validation
from core.runs import keeper
from core.workspace import Workspace, folder_bytes
from tests.fuse.tables import tickets

FAST = ["dummy", "columns", "text-tfidf", "columns+boosting"]


@pytest.fixture
def context(tmp_path):
    return Context(Workspace(tmp_path / "home"), "me", "job", tmp_path / "run", threads=2)


def run(context, *, frame=None, folder=None, **settings):
    table, schema = tickets()
    plan = Plan(target="mood", **{"candidates": FAST, "validation": Validation(folds=3), **settings})
    return compare(table if frame is None else frame, schema, plan, folder or context.folder, context)


def without_timings(result: Comparison) -> str:
    plain = result.model_dump(mode="json")
    for line in plain["candidates"]:
        for name in ("fit_seconds", "ms_per_row", "size_mb"):
            line.pop(name)
        for name in ("encode_seconds", "fit_seconds"):
            (line["flow"] or {}).pop(name, None)
    plain["verdict"]["text"]["params"].pop("seconds", None)
    plain["verdict"]["numbers"].pop("seconds", None)
    return json.dumps(plain, sort_keys=True)


def test_every_candidate_beats_guessing_and_the_files_are_there(context):
    result = run(context)
    scores = {line.name: line.scores["accuracy"].mean for line in result.candidates}
    assert scores["text-tfidf"] > 0.8 > scores["columns"] > scores["dummy"]
    assert result.best == "text-tfidf"
    assert all(line.status == "ok" and len(line.fold_scores) == 3 for line in result.candidates)
    stored = Comparison.model_validate_json((context.folder / "result.json").read_text())
    assert stored.model_dump(mode="json") == result.model_dump(mode="json")
    for name in ("detail.json", "predictions.parquet"):
        assert (context.folder / "candidates" / "text-tfidf" / name).exists()


def test_scores_equal_a_plain_pipeline_on_the_same_folds(context):
    table, schema = tickets()
    table["text"] = table["text"].fillna("")
    plan = Plan(
        target="mood", candidates=["cooperative:bow"], drop=["hours", "city", "day"], validation=Validation(folds=3)
    )
    result = compare(table, schema, plan, context.folder, context)
    texts, y = table["text"].to_numpy(dtype=object), table["mood"].to_numpy(dtype=object)
    fitted = build("cooperative:bow", Setting(schema, plan, "binary", threads=2)).features.transformers[0][1].encoder
    expected = []
    for train, test in folds(y, plan.validation, seed=0):
        made = fitted.fit_transform(texts[train])
        model = LogisticRegression(max_iter=2000).fit(made, y[train])
        expected.append(np.mean(model.predict(fitted.transform(texts[test])) == y[test]))
    assert result.candidates[0].fold_scores == pytest.approx(expected)
    reference = make_pipeline(CountVectorizer(), LogisticRegression(max_iter=2000))
    train, test = folds(y, plan.validation, seed=0)[0]
    assert np.mean(reference.fit(texts[train], y[train]).predict(texts[test]) == y[test]) == pytest.approx(
        expected[0], abs=0.06
    )


def test_shuffled_labels_score_at_chance(context):
    table, _schema = tickets(240)
    table["mood"] = np.random.default_rng(1).permutation(table["mood"].to_numpy())
    result = run(context, frame=table, candidates=[*FAST, "cooperative:tfidf-svd", "cooperative:bow+knn"])
    for line in result.candidates:
        assert line.scores["roc_auc"].low <= 0.5 <= line.scores["roc_auc"].high + 0.02, line.name
    assert result.verdict.code in {"no_better_than_guessing", "not_worth_it", "too_close"}


def test_a_word_of_the_held_out_rows_is_no_feature():
    table, schema = tickets(60)
    table.loc[50:, "text"] = "zebra"
    made = build("text-tfidf", Setting(schema, Plan(target="mood"), "binary"))
    made.fit(table.iloc[:50], table["mood"].iloc[:50])
    names = made.text_encoders()["text"].get_feature_names_out()
    assert not [name for name in names if "zebra" in str(name)]


def test_same_seed_same_result_and_another_seed_another_one(context, tmp_path):
    first = run(context, folder=tmp_path / "a")
    assert without_timings(first) == without_timings(run(context, folder=tmp_path / "b"))
    assert without_timings(first) != without_timings(run(context, folder=tmp_path / "c", seed=1))


def test_resume_computes_nothing_twice(context, monkeypatch):
    run(context)
    saved = []
    monkeypatch.setattr(fold_files, "save", lambda result, path: saved.append(path))
    run(context)
    assert saved == []
    for path in (context.folder / "candidates" / "columns" / "folds").glob("1.*"):
        path.unlink()
    run(context)
    assert [path.name for path in saved] == ["1.npz"]


def test_what_passes_between_the_two_models_is_told_and_survives_a_resume(context):
    table, _schema = tickets()
    names = ["text-tfidf", "cooperative", "cooperative@words"]
    lines = {line.name: line for line in run(context, candidates=names).candidates}
    for name in names[1:]:  # what was encoded before the folds is part of the price, word counts or not
        assert lines[name].fit_seconds > lines[name].ms_per_row * lines[name].flow.n_rows / 1000 * 0.9
    flows = {name: line.flow for name, line in lines.items()}
    train = folds(table["mood"].to_numpy(dtype=object), Validation(folds=3), seed=0)[0][0]
    told = flows["cooperative"]
    assert (told.n_rows, told.n_texts, told.width) == (len(train), table["text"].iloc[train].nunique(), 384)
    assert told.n_columns == 3
    assert told.n_features > told.width
    assert (told.n_trained, told.n_steps) == (0, 0)
    assert (flows["text-tfidf"].width, flows["text-tfidf"].n_texts) == (0, 0)
    again = {line.name: line for line in run(context, candidates=names).candidates}
    assert again["cooperative"].flow == told
    assert again["cooperative"].ms_per_row > 0


def test_cancel_keeps_what_is_finished(context):
    def report(stage, share, finding):
        if finding is not None and "TF-IDF" in str(stage):
            context.stop = lambda: True

    context.report = report
    with pytest.raises(Cancelled):
        run(context)
    stored = Comparison.model_validate_json((context.folder / "result.json").read_text())
    states = {line.name: line.status for line in stored.candidates}
    assert states["dummy"] == states["columns"] == "ok"
    assert states["columns+boosting"] == "cancelled"
    assert stored.verdict is not None


def test_what_cannot_apply_is_skipped_with_its_reason(context):
    table, schema = tickets()
    plan = Plan(
        target="mood", candidates=["dummy", "columns", "cooperative"], drop=["text"], validation=Validation(folds=2)
    )
    result = compare(table, schema, plan, context.folder, context)
    line = result.candidate("cooperative")
    assert line.status == "skipped"
    assert "text" in str(line.reason)


def test_an_encoder_that_is_not_here_fails_alone(context):
    result = run(context, candidates=["dummy", "cooperative:no/such-model-anywhere"])
    assert result.candidate("dummy").status == "ok"
    failed = result.candidate("cooperative:no/such-model-anywhere")
    assert failed.status == "failed"
    assert "no/such-model-anywhere" in str(failed.reason)


def test_search_is_made_inside_the_folds_and_recorded(context):
    result = run(context, candidates=["columns+tree"], search=Search(trials=4))
    assert result.candidates[0].status == "ok"
    detail = json.loads((context.folder / "candidates" / "columns-tree" / "detail.json").read_text())
    assert len(detail["trials"]) == 3 * 4
    assert len(detail["settings"]["found by search"]) == 3


def test_automatic_takes_the_better_one(context):
    result = run(
        context,
        candidates=["auto"],
        encoders={"text": EncoderChoice(name="bow")},
        validation=Validation(kind="holdout"),
    )
    assert result.candidates[0].scores["accuracy"].mean > 0.75


def test_regression_groups_and_time(context, tmp_path):
    table, schema = tickets()
    for place, settings in enumerate(({"group": "city"}, {"time": "day"}, {})):
        validation = Validation(folds=3, **settings)
        plan = Plan(target="hours", candidates=["dummy", "columns", "text-tfidf"], validation=validation)
        result = compare(table, schema, plan, tmp_path / str(place), context)
        assert result.task == "regression"
        assert result.metric == "r2"
        assert result.candidate("columns").status == "ok"


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({"candidates": ["nonsense"]}, UnknownChoice),
        ({"candidates": ["columns+nonsense"]}, UnknownChoice),
        ({"drop": ["nowhere"]}, UnusableData),
        ({"validation": Validation(kind="test_file")}, UnusableData),
    ],
)
def test_a_plan_that_does_not_fit_is_one_sentence(context, settings, kind):
    with pytest.raises(kind) as caught:
        run(context, **settings)
    assert str(caught.value).endswith((".", "]"))


def test_held_out_rows_that_are_all_alike_are_one_sentence(context):
    table, _schema = tickets()
    table["mood"] = ["rare" if place < 6 else "common" for place in range(len(table))]
    result = run(
        context, frame=table, candidates=["dummy", "columns"], validation=Validation(kind="holdout", time="day")
    )
    assert {line.status for line in result.candidates} == {"failed"}
    assert "all alike" in str(result.candidates[0].reason)
    assert result.verdict.code == "nothing_finished"


def test_a_size_is_told_once_it_is_whole_and_is_the_same_everywhere(context):
    table, schema = tickets(60)
    plan = Plan(target="mood", candidates=["columns", "cooperative"], validation=Validation(kind="holdout"))
    usual, before = keeper("mood", 0), {}

    def keep(best, target, prepared, line, metric):
        stored = read_model(Comparison, context.folder / "result.json")
        before[line.name] = (line.size_mb, stored.candidate(line.name).size_mb, str(stored.verdict.text))
        usual(best, target, prepared, line, metric)

    result = compare(table, schema, plan, context.folder, context, keep=keep)
    for name, (mine, stored, said) in before.items():
        assert (mine, stored) == (None, None), name  # not the encoder alone, and not 0 MB
        assert "MB" not in said or name != "cooperative"
    again = compare(table, schema, plan, context.folder, context, keep=usual)
    sizes = {"columns": 0.0, "cooperative": encoder_megabytes({"text": EncoderChoice(name="minilm")})}
    for name, encoder in sizes.items():
        place = candidate_folder(context.folder, name)
        whole = encoder + folder_bytes(place / "bundle") / 1e6
        told = [found.candidate(name).size_mb for found in (result, again)]
        assert [*told, read_model(Detail, place / "detail.json").size_mb] == pytest.approx([whole] * 3)
    assert str(size(result.candidate("cooperative").size_mb)) in str(result.verdict.text)
