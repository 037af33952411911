"""The comparison as a whole: the same folds for all, no leak, resume, cancel, same seed same result."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from core.compare.comparison import compare
from core.compare.files import folds as fold_files
from core.compare.files.replay import plan_of
from core.data.schema import read_model
from core.data.splits.folds import folds
from core.fuse import candidates
from core.fuse.auto import portfolio
from core.fuse.auto.choice import Automatic
from core.fuse.candidates import build
from core.fuse.costs import encoder_megabytes
from core.fuse.setting import Setting
from core.jobs.context import Context
from core.messages import Cancelled, UnknownChoice, UnusableData
from core.plan import EncoderChoice, Plan, Search, Validation
from core.results.amounts import size
from core.results.comparison import Comparison, Detail, candidate_folder, slug
from core.run_jobs import keeper
from core.workspace import Workspace, folder_bytes
from tests.fuse.tables import column, tickets

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
    for rung in plain["ladder"]:
        rung.pop("seconds")
        rung.pop("megabytes")
    plain.pop("spent_seconds")
    plain.pop("contrast_seconds")
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
    detail = json.loads((context.folder / "candidates" / slug("columns+tree") / "detail.json").read_text())
    assert len(detail["trials"]) == 3 * 4
    assert len(detail["settings"]["found by search"]) == 3


@pytest.mark.slow
def test_automatic_takes_the_better_one(context):
    result = run(
        context,
        candidates=["auto"],
        encoders={"text": EncoderChoice(name="bow")},
        validation=Validation(kind="holdout"),
    )
    assert result.candidates[0].scores["accuracy"].mean > 0.75


@pytest.fixture
def searched(context, monkeypatch):
    """A search among three, run and kept."""
    few = [entry for entry in portfolio.CONSIDERED if entry.name in {"columns", "cooperative@words", "text-tfidf"}]
    monkeypatch.setattr(candidates, "entries", lambda *, texts: few)
    monkeypatch.setattr(candidates, "COSTLY", ())
    table, schema = tickets()
    settings = {"encoders": {"text": EncoderChoice(name="bow")}, "validation": Validation(kind="search")}
    plan = Plan(target="mood", candidates=["auto"], **settings)
    fits = []
    whole = Automatic.fit
    monkeypatch.setattr(Automatic, "fit", lambda self, X, y, **more: fits.append(len(X)) or whole(self, X, y, **more))
    result = compare(table, schema, plan, context.folder, context, keep=keeper("mood", 0))
    return table, result, fits


def test_a_search_is_fitted_once_and_scored_by_what_it_held_back_itself(context, searched):
    table, result, fits = searched
    line, place = result.candidates[0], candidate_folder(context.folder, "auto")
    assert fits == [len(table)]
    told = pd.read_parquet(place / "predictions.parquet")
    assert sorted(told["row"]) == sorted(table.index)
    assert line.scores["accuracy"].mean == pytest.approx((told["prediction"] == told["truth"]).mean())
    assert told["truth"].tolist() == table["mood"].loc[told["row"]].tolist()
    assert (result.folds, told["fold"].nunique(), len(line.fold_scores)) == (5, 5, 5)
    assert (place / "bundle" / "manifest.json").exists()
    assert "was chosen" in str(read_model(Detail, place / "detail.json").rule)


def test_a_search_of_the_same_seed_says_the_same(context, searched, tmp_path):
    table, schema = tickets()
    plan = read_model(Plan, context.folder / "plan.json")
    again = compare(table, schema, plan, tmp_path / "again", context)
    first, second = (
        pd.read_parquet(candidate_folder(folder, "auto") / "predictions.parquet")
        for folder in (context.folder, tmp_path / "again")
    )
    pd.testing.assert_frame_equal(first, second)
    assert again.candidates[0].scores == searched[1].candidates[0].scores


def test_a_search_whose_model_was_not_kept_can_be_repeated(context, searched, tmp_path):
    table, schema = tickets()
    first = read_model(Plan, context.folder / "plan.json").model_copy(update={"bundles": False})
    compare(table, schema, first, tmp_path / "first", context)
    plan = plan_of(tmp_path / "first")
    assert not (candidate_folder(tmp_path / "first", "auto") / "bundle").exists()
    assert {trial["name"] for trial in plan.replay["auto"]["all"]} == {"columns", "cooperative@words", "text-tfidf"}
    again = compare(table, schema, plan, tmp_path / "again", context)
    assert again.candidates[0].scores == searched[1].candidates[0].scores


def test_only_auto_alone_is_scored_by_its_own_search():
    for names in (["columns"], ["auto", "columns"]):
        with pytest.raises(ValueError, match="only “auto” alone"):
            Plan(target="mood", candidates=names, validation=Validation(kind="search"))


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


@pytest.mark.parametrize("learning_curve", [False, True])
def test_held_out_rows_that_are_all_alike_are_one_sentence(context, learning_curve):
    table, _schema = tickets()
    table["mood"] = ["rare" if place < 6 else "common" for place in range(len(table))]
    validation = Validation(kind="holdout", time="day")
    candidates = ["dummy", "columns"]
    result = run(context, frame=table, candidates=candidates, validation=validation, learning_curve=learning_curve)
    assert {line.status for line in result.candidates} == {"failed"}
    assert "all alike" in str(result.candidates[0].reason)
    assert result.verdict.code == "nothing_finished"


def uneven():
    """Rare zeros that come together in time: none in the last quarter, two in five in the quarter before it."""
    table, schema = tickets(160)
    zero = np.zeros(160, dtype=bool)
    zero[[3, 20, 33, 47, 60, *range(80, 112, 4)]] = True
    return table.assign(mood=np.where(zero, "0", "1"), hours=np.where(zero, 1.0, 2.0) + table["hours"] / 9), schema


def test_a_fold_without_the_rare_class_has_no_score_and_the_class_never_changes(context):
    table, _schema = uneven()
    validation = Validation(folds=3, time="day")
    result = run(context, frame=table, candidates=["dummy", "columns"], validation=validation)
    assert (result.metric, result.positive) == ("average_precision", "0")
    held = pd.read_parquet(context.folder / "candidates" / "columns" / "predictions.parquet")
    line, zeros = result.candidate("columns"), []
    for number, fold in held.groupby("fold"):
        wanted = fold["truth"] == "0"
        zeros.append(int(wanted.sum()))
        if zeros[-1]:
            expected = metrics.average_precision_score(wanted, fold["probability_0"])
            assert line.fold_scores[number] == pytest.approx(expected)
        else:
            assert np.isnan(line.fold_scores[number])
    assert 0 in zeros
    assert max(zeros) >= 8  # more than a fifth: chosen by this fold alone, the class would be “1”
    assert np.isfinite(line.difference.mean)
    written = json.loads((context.folder / "result.json").read_text())
    assert None in next(one for one in written["candidates"] if one["name"] == "columns")["fold_scores"]
    assert Comparison.model_validate(written).model_dump(mode="json") == result.model_dump(mode="json")
    detail = Detail.model_validate_json((context.folder / "candidates" / "columns" / "detail.json").read_text())
    assert detail.positive == "0"


@pytest.mark.parametrize("name", ["columns+tree", pytest.param("auto", marks=pytest.mark.slow)])
def test_inner_folds_judge_by_the_class_of_the_whole_comparison(context, monkeypatch, name):
    asked = []
    for place in ("core.fuse.candidate.point", "core.fuse.auto.mixture.point"):
        monkeypatch.setattr(place, lambda *given, positive="", **more: asked.append(positive) or 0.5)
    table, _schema = uneven()
    run(context, frame=table, candidates=[name], search=Search(trials=2), encoders={"text": EncoderChoice(name="bow")})
    assert set(asked) == {"0"}


def test_settings_that_no_inner_fold_can_judge_stay_as_they_are(context, monkeypatch):
    monkeypatch.setattr("core.fuse.candidate.point", lambda *given, **more: float("nan"))
    result = run(context, candidates=["columns+tree"], search=Search(trials=2))
    assert result.candidates[0].status == "ok"
    detail = json.loads((context.folder / "candidates" / slug("columns+tree") / "detail.json").read_text())
    assert [trial["score"] for trial in detail["trials"]] == [None] * 6
    assert detail["settings"]["found by search"] == [{"max_depth": 0, "min_samples_leaf": 1}] * 3


def rated():
    """Ratings from 1 to 10, of which 1 and 2 are rare; the hours tell most of them."""
    table, schema = tickets(160)
    random = np.random.default_rng(5)
    table["rating"] = random.choice(np.arange(3, 11), 160)
    table.loc[[4, 90], "rating"] = [1, 2]
    table["hours"] = table["rating"] + random.normal(0, 1, 160)
    columns = [one.model_copy(update={"role": "ignored"}) if one.role == "target" else one for one in schema.columns]
    return table, schema.model_copy(update={"columns": [*columns, column("rating", "target")], "task": None})


@pytest.mark.parametrize("said_by", ["plan", "schema"])
def test_ratings_are_predicted_as_numbers_where_that_is_said(context, said_by):
    table, schema = rated()
    if said_by == "schema":
        schema = schema.model_copy(update={"task": "regression"})
    plan = Plan(target="rating", candidates=["dummy", "columns"], task="regression" if said_by == "plan" else None)
    result = compare(table, schema, plan, context.folder, context)
    assert result.task == "regression"
    assert result.candidate("columns").scores["r2"].mean > 0.6


def test_rare_ratings_as_classes_offer_to_predict_a_number(context):
    table, schema = rated()
    with pytest.raises(UnusableData, match="only 1 row;") as caught:
        compare(table, schema, Plan(target="rating", candidates=["columns"]), context.folder, context)
    assert "regression" in str(caught.value.hint)
    table["mood"] = np.where(np.arange(160) < 3, "rare", "common")
    with pytest.raises(UnusableData, match="only 3 rows") as caught:
        compare(table, schema, Plan(target="mood", candidates=["columns"]), context.folder, context)
    assert "regression" not in str(caught.value.hint)


@pytest.mark.parametrize("role", ["number", "date"])
def test_a_cell_that_does_not_fit_is_named_by_its_row_in_the_table(context, role):
    table, schema = tickets()
    table["note"] = "3" if role == "number" else "2024-05-31"
    table.loc[120, "note"] = "three"
    table.loc[:9, "mood"] = None  # rows left out before it
    schema.columns.append(column("note", role))
    plan = Plan(target="mood", candidates=["columns"], rows=140)
    with pytest.raises(UnusableData, match="row 121 says “three”"):
        compare(table, schema, plan, context.folder, context)


def test_a_cell_of_the_test_file_is_named_by_its_row_there(context):
    table, schema = rated()
    held_out = table.head(40).astype({"rating": object})
    held_out.loc[7, "rating"] = "many"
    plan = Plan(target="rating", task="regression", candidates=["columns"], validation=Validation(kind="test_file"))
    with pytest.raises(UnusableData, match="row 8 of the test file says “many”"):
        compare(table, schema, plan, context.folder, context, test_table=held_out)


def test_a_size_is_told_once_it_is_whole_and_is_the_same_everywhere(context):
    table, schema = tickets(60)
    plan = Plan(target="mood", candidates=["classical", "cooperative"], validation=Validation(kind="holdout"))
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
    sizes = {"classical": 0.0, "cooperative": encoder_megabytes({"text": EncoderChoice(name="minilm")})}
    for name, encoder in sizes.items():
        place = candidate_folder(context.folder, name)
        whole = encoder + folder_bytes(place / "bundle") / 1e6
        told = [found.candidate(name).size_mb for found in (result, again)]
        assert [*told, read_model(Detail, place / "detail.json").size_mb] == pytest.approx([whole] * 3)
    assert str(size(result.candidate("cooperative").size_mb)) in str(result.verdict.text)
