"""A row put through shap: the same numbers where all is the same, and a plain word where something is not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shap
from scipy import stats

from core.bundles import bundle
from core.data.schema import Schema
from core.explain.against_shap.check import _band, _sentences, _spans, check, repeats
from core.explain.open_candidate import OpenCandidate
from core.explain.output import margin
from core.explain.row.estimate import SHAP_SECONDS, SHAP_START, START, shap_seconds
from core.explain.row.rows import explain_row, open_texts
from core.fuse.candidates import build
from core.fuse.setting import Setting
from core.jobs.context import Context
from core.plan import Plan
from core.results.explanations.rows import ColumnEffect, Part
from core.results.explanations.shap_check import reasons, sentence
from core.workspace import Workspace
from tests.explain.shapley.test_evaluators import FEW
from tests.fuse.tables import column, tickets

MANY = [f"n{number}" for number in range(12)]


def numbers(names: list[str], n: int = 120) -> tuple[pd.DataFrame, Schema]:
    """A class that turns on products of neighbours."""
    table = pd.DataFrame(np.random.default_rng(4).normal(size=(n, len(names))), columns=names)
    first, second, third = (table[name] for name in names[:3])
    table["y"] = np.where(first * second + third + 0.3 * table[names[3]] ** 2 > 0.2, "yes", "no")
    return table, Schema(columns=[*(column(name, "number") for name in names), column("y", "target")], task="binary")


def model_of(place, name: str, made, target: str, task: str = "binary", output="probability") -> OpenCandidate:
    """A candidate fitted, kept as a bundle and opened as the job opens it."""
    table, schema = made
    plan = Plan(target=target, model_settings=FEW)
    rows, said = table.drop(columns=target), table[target].to_numpy()
    if task == "regression":
        said = table["a"] * table["b"] + table["c"]
    candidate = build(name, Setting(schema, plan, task, n_rows=len(table), threads=1)).fit(rows, said)
    bundle.save(candidate, place / "bundle", name=name, target=target, schema=schema, rows=rows)
    context = Context(Workspace(place / "home"), "tester", "job", place, threads=1)
    return OpenCandidate(bundle.load(place / "bundle"), table, context, output=output)


def checked(model: OpenCandidate, position: int = 0, label: str | None = None, *, budget: float = 30.0, texts: int = 0):
    row, game = explain_row(model, position, label, exact=10, enough=lambda: False)
    if texts:
        open_texts(model, row, game, texts=texts, enough=lambda: False)
    return check(model, row, model.rows.loc[[position], model.pipeline.columns_], budget_seconds=budget)


def by_hand(model: OpenCandidate, position: int, label: str) -> np.ndarray:
    """shap on the numbers themselves, without our coding: the background's rows as often as they count."""
    names = model.pipeline.columns_
    counts = repeats(model.weights, len(model.bundle.background))
    background = model.background[names].to_numpy().repeat(counts, axis=0)
    place = model.manifest.classes.index(label) if label else 0

    def says(values):
        said = model.outputs(pd.DataFrame(values, columns=names))
        if said.ndim == 1:
            return said
        return margin(said[:, place]) if model.output == "margin" else said[:, place]

    masker = shap.maskers.Independent(background, max_samples=10_000)
    return shap.explainers.Exact(says, masker)(model.rows.loc[[position], names].to_numpy()).values[0]


@pytest.mark.parametrize(
    ("name", "task", "output", "explainer"),
    [
        ("columns+linear", "binary", "margin", "Exact"),
        ("columns+linear", "binary", "probability", "Exact"),
        ("columns+forest", "binary", "probability", "Tree"),
        ("columns+forest", "binary", "margin", "Exact"),
        ("columns+boosting", "binary", "margin", "Tree"),
        ("columns+lightgbm", "regression", "margin", "Tree"),
    ],
)
@pytest.mark.parametrize("label", ["yes", "no"])
def test_our_bars_and_shaps_are_those_of_shap_alone(tmp_path, name, task, output, explainer, label):
    model = model_of(tmp_path, name, numbers(list("abcd")), "y", task, output)
    label = "" if task == "regression" else label
    (part,) = checked(model, 3, label).parts
    expected = dict(zip("abcd", by_hand(model, 3, label), strict=True))
    assert part.explainer == explainer
    assert {bar.name: bar.theirs for bar in part.bars} == pytest.approx(expected, abs=1e-6)
    assert {bar.name: bar.ours for bar in part.bars} == pytest.approx(expected, abs=1e-6)
    assert part.agreement == "rounding"
    assert part.base == pytest.approx(part.ours_base, abs=1e-6)
    assert part.output == pytest.approx(part.ours_output, abs=1e-6)
    assert "The two agree" in str(sentence(part, "probability"))


def test_a_wrong_weight_in_our_background_is_reported(tmp_path):
    model = model_of(tmp_path, "columns+linear", numbers(list("abcd")), "y")
    right = model.weights
    assert right.max() > right.min()
    model.weights = np.full(len(right), 1 / len(right))  # the planted fault
    row, _game = explain_row(model, 3, "yes", exact=10, enough=lambda: False)
    model.weights = right
    (part,) = check(model, row, model.rows.loc[[3], model.pipeline.columns_], budget_seconds=5).parts
    assert part.agreement == "apart"
    said = str(sentence(part, "probability"))
    assert "do not agree" in said
    assert f"“{part.furthest.name}”" in said
    assert "neither of the two is sampled" in said
    assert any("different rows" in str(one) for one in reasons(part))


def test_an_explanation_of_another_row_is_reported(tmp_path):
    model = model_of(tmp_path, "columns+linear", numbers(list("abcd")), "y")
    row, _game = explain_row(model, 3, "yes", exact=10, enough=lambda: False)
    (part,) = check(model, row, model.rows.loc[[5], model.pipeline.columns_], budget_seconds=5).parts
    assert part.agreement == "apart"
    assert "the row or the model changed" in str(reasons(part)[0])


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Twelve columns and no form that gives exact values: both sides draw orders."""
    return model_of(tmp_path_factory.mktemp("many"), "columns+svm-kernel", numbers(MANY), "y")


def test_many_columns_agree_within_the_sampling_error(many):
    (part,) = checked(many, 3, "yes").parts
    assert part.explainer == "Permutation"
    assert part.agreement == "sampling"
    assert sum(bar.theirs for bar in part.bars) == pytest.approx(part.output - part.base, abs=1e-9)
    assert max(bar.band for bar in part.bars) < 0.2 * part.longest  # wide enough to be true, not to hide anything
    assert "drawing orders at random explains" in str(sentence(part, "probability"))


def test_sampling_does_not_excuse_a_wrong_background(many):
    right = many.weights
    row, _game = explain_row(many, 3, "yes", exact=10, enough=lambda: False)
    kept, many.background = many.background, many.background * 0.3  # the planted fault
    wrong, _game = explain_row(many, 3, "yes", exact=10, enough=lambda: False)
    many.background, many.weights = kept, right
    frame = many.rows.loc[[3], many.pipeline.columns_]
    assert check(many, row, frame, budget_seconds=10).parts[0].agreement == "sampling"
    (part,) = check(many, wrong, frame, budget_seconds=10).parts
    assert part.agreement == "apart"
    assert "no more than" in str(sentence(part, "probability"))


@pytest.fixture(scope="module")
def worded(tmp_path_factory):
    """A language model reads words of which every set can be tried, or none."""
    table, schema = tickets(120)
    table["text"] = table["text"].fillna("a late parcel").map(lambda text: " ".join(text.split()[3:]))
    return model_of(tmp_path_factory.mktemp("worded"), "cooperative:minilm", (table, schema), "mood")


def test_the_words_of_a_short_text_are_those_of_the_exact_explainer(worded):
    columns, words = checked(worded, 3, texts=400).parts
    assert (columns.explainer, words.explainer, words.column) == ("Exact", "Exact", "text")
    assert len(words.bars) == 7
    assert words.agreement == "rounding"
    text = next(bar for bar in columns.bars if bar.name == "text")
    assert sum(bar.theirs for bar in words.bars) == pytest.approx(text.theirs, abs=1e-9)


def test_without_time_for_orders_the_partition_explainer_answers_another_question(worded, monkeypatch):
    monkeypatch.setattr("core.explain.against_shap.check.SHAP_WORDS", 2)
    monkeypatch.setattr("core.explain.against_shap.check.FEWEST_ORDERS", 10**6)  # never enough time for so many
    columns, words = checked(worded, 3, texts=400).parts
    assert words.explainer == "Partition"
    text = next(bar for bar in columns.bars if bar.name == "text")
    assert sum(bar.theirs for bar in words.bars) == pytest.approx(text.theirs, abs=1e-9)
    assert words.agreement == "grouping"
    assert "answer different questions" in str(sentence(words, "probability"))


def test_a_text_that_takes_too_long_is_read_no_more_often_than_one_order_and_its_reverse(worded, monkeypatch):
    monkeypatch.setattr("core.explain.against_shap.check.SHAP_WORDS", 2)
    monkeypatch.setattr(
        "core.explain.against_shap.check._gone", lambda began: 100.0
    )  # of anything, beside a budget of 30
    words = checked(worded, 3, texts=400).parts[1]
    assert words.explainer == "Partition"
    assert words.evaluations <= 2 * len(words.bars)


def test_words_drawn_at_random_agree_within_the_sampling_error(worded, monkeypatch):
    monkeypatch.setattr("core.explain.against_shap.check.SHAP_WORDS", 2)
    words = checked(worded, 3, texts=400).parts[1]
    assert words.explainer == "Permutation"
    assert words.agreement == "sampling"


def test_weights_become_numbers_of_rows():
    assert repeats(np.array([0.5, 0.25, 0.25]), 8).tolist() == [2, 1, 1]
    assert repeats(np.array([3, 5]) / 8, 8).tolist() == [3, 5]
    assert repeats(np.array([1.0]), 7).tolist() == [1]
    with pytest.raises(ValueError, match="200"):
        repeats(np.array([0.333, 0.667]), 200)


@pytest.mark.parametrize(
    ("ours", "theirs", "draws", "error", "df"),
    [
        (0.0, 0.0, 0, 0.0, 1),
        (1.96, 0.0, 0, 1.0, 9),  # ours: ten pairs of orders at least
        (0.0, 3.182446, 4, 1.0, 3),  # half a 95 % interval of four draws
        (1.96, 3.182446, 4, 2**0.5, 3),
        (1.96, 2.009575, 50, 2**0.5, 9),
    ],
)
@pytest.mark.parametrize("n_bars", [1, 5])
def test_a_band_holds_all_bars_together(ours, theirs, draws, error, df, n_bars):
    expected = error * stats.t.isf(0.025 / n_bars, df)
    assert _band(ours, theirs, draws, n_bars) == pytest.approx(expected, rel=1e-4)


def test_the_words_of_an_opened_text_and_its_sentences():
    def part(start, end, level="word"):
        return Part(text="x", start=start, end=end, level=level, value=0, low=0, high=0)

    def effect(*parts):
        return ColumnEffect(name="text", shown="a b c. d e f g", value=0, low=0, high=0, parts=list(parts))

    words = [part(0, 1), part(2, 3), part(4, 6), part(7, 8), part(9, 10)]
    two = effect(part(0, 6, "sentence"), *reversed(words), part(7, 14, "sentence"))
    assert _spans(two) == [(0, 1), (2, 3), (4, 6), (7, 8), (9, 10)]
    assert _sentences(two) == [3, 2]
    assert _sentences(effect(*words)) == [5]
    assert _spans(effect(*words[:2])) == [(0, 1), (2, 3)]
    assert _spans(effect(words[0])) == []


def test_more_columns_and_longer_texts_cost_more():
    few = shap_seconds(4, [8], 5.0)
    assert few < shap_seconds(8, [8], 5.0) < shap_seconds(8, [20], 5.0) < shap_seconds(8, [20, 20], 5.0)
    assert shap_seconds(30, [40, 40], 500.0) == START + SHAP_START + SHAP_SECONDS
