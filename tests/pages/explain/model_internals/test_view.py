"""The Explain page's views of what is inside a candidate: attention, the map, the model itself."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.job_params import MapParams, OwnParams, TrustParams
from core.jobs import client
from core.messages import say
from core.results.comparison import Interval
from core.results.explanations.attention import Attention, Token, WordShare
from core.results.explanations.global_explanation import Importance
from core.results.explanations.model_internals import Feature, Node, Similar, Tree
from pages.explain.attention import charts as attention_charts
from pages.explain.global_.charts import bars, dots
from pages.explain.model_internals import charts as model_charts
from pages.explain.model_internals import tree as explain_model_tree
from pages.explain.model_internals import words as model_words
from pages.shared.charts import chart_theme
from tests.pages import trained
from tests.pages.conftest import OWNER, words


@pytest.fixture
def view(open_page):
    """Opens a view of the Explain page for a candidate."""

    def opened(workspace, name: str, candidate: str):
        run = workspace.runs(OWNER, kind="compare")[0]
        page = open_page("explain")
        page.selectbox(key=f"candidate-of-{run.id}-1").set_value(candidate).run()
        page.segmented_control(key="explain-view").set_value(name).run()
        assert not page.exception
        return page

    return opened


def test_a_candidate_without_a_transformer_has_no_attention(finished, view):
    page = view(finished("tickets"), "attention", "text-tfidf")
    assert any("no attention to show" in box.value for box in page.info)


def test_a_candidate_without_texts_has_no_map(finished, view):
    page = view(finished("tickets"), "map", "columns")
    assert any("no embeddings to map" in box.value for box in page.info)


def test_a_map_is_drawn_with_its_clusters(finished, view):
    workspace = finished("tickets")
    run = workspace.runs(OWNER, kind="compare")[0]
    trained.work(workspace, "embedding-map", MapParams(run=run.id, candidate="text-tfidf", clusters=3), run.dataset)
    page = view(workspace, "map", "text-tfidf")
    assert "Clusters and their words" in words(page)
    for colour in ("error", "cluster"):
        page.segmented_control(key="map-colour").set_value(colour).run()
        assert not page.exception
        assert len(page.get("plotly_chart")) == 1


def test_the_map_that_is_asked_for_is_the_job(finished, view):
    workspace = finished("tickets")
    page = view(workspace, "map", "text-tfidf")
    assert "Nothing has been mapped yet" in words(page)
    page.button(key="embedding-map-start").click().run()
    job = client.jobs(workspace, OWNER, kind="embedding-map")[0]
    assert (job.params["method"], job.params["clusters"]) == ("pca", 8)


def test_a_linear_model_shows_columns_words_and_neighbours(finished, view):
    workspace = finished("tickets")
    run = workspace.runs(OWNER, kind="compare")[0]
    for candidate in ("columns", "text-tfidf"):
        trained.work(workspace, "model-itself", OwnParams(run=run.id, candidate=candidate, row=1), run.dataset)
    page = view(workspace, "model", "columns")
    shown = words(page)
    assert "What each column adds to the sum" in shown
    assert "Coefficients of the columns" in shown
    assert "Training rows most like row 2" in shown
    page = view(workspace, "model", "text-tfidf")
    assert "Words by their coefficient" in words(page)


def test_the_test_that_is_asked_for_is_the_job(finished, view):
    workspace = finished("tickets")
    page = view(workspace, "trust", "columns")
    assert "Nothing has been tested yet" in words(page)
    page.button(key="explain-trust-start").click().run()
    job = client.jobs(workspace, OWNER, kind="explain-trust")[0]
    assert (job.params["candidate"], job.params["rows"]) == ("columns", 40)


def test_trust_stands_there_in_sentences_and_two_charts(finished, view):
    workspace = finished("tickets")
    run = workspace.runs(OWNER, kind="compare")[0]
    for candidate in ("columns", "text-tfidf"):
        trained.work(workspace, "explain-trust", TrustParams(run=run.id, candidate=candidate, rows=5), run.dataset)
    page = view(workspace, "trust", "columns")
    shown = words(page)
    for said in ("Faithful", "Stable", "Learned", "computed exactly, so the seed cannot matter", "5 of 5 rows"):
        assert said in shown
    assert len(page.get("plotly_chart")) == 2
    assert "Words: without the 3 it puts first" in words(view(workspace, "trust", "text-tfidf"))


def test_names_that_try_to_be_markup_are_shown_as_they_are(finished, view):
    workspace = finished("hostile")
    run = workspace.runs(OWNER, kind="compare")[0]
    trained.work(workspace, "model-itself", OwnParams(run=run.id, candidate="text-tfidf", row=1), run.dataset)
    trained.work(workspace, "embedding-map", MapParams(run=run.id, candidate="text-tfidf", clusters=2), run.dataset)
    assert "Words by their coefficient" in words(view(workspace, "model", "text-tfidf"))
    shown = words(view(workspace, "map", "text-tfidf"))
    assert "“$note$”" not in shown
    assert r"“\$note\$”" in shown


def tree() -> Tree:
    kind = Feature(column="<b>kind</b>", kind="category", detail="fast")
    leaves = [Node(above=0, left=left, level=1, n_rows=5, values=[left, 1 - left]) for left in (True, False)]
    root = Node(feature=kind, threshold=0.5, n_rows=10, values=[0.5, 0.5])
    return Tree(classes=["late", "soon"], depth=1, n_leaves=2, nodes=[root, *leaves])


def test_rules_are_told_from_the_root_down():
    lines = model_words.rules(tree()).split("\n")
    assert lines[0].startswith("<b>kind</b> is not “fast”")
    assert lines[1].strip().startswith("yes: → late 1.00")
    assert lines[2].strip().startswith("no: → soon 1.00")


def test_a_drawn_tree_carries_its_words_literally():
    figure = explain_model_tree.tree(tree(), 3)
    texts = [annotation.text for annotation in figure.layout.annotations]
    assert texts[0] == "<b>&lt;b&gt;kind&lt;/b&gt; is not “fast” ?</b>"
    assert len(texts) == 3


def test_features_are_named_by_column_and_word():
    named = model_words.feature
    assert named(Feature(column="note", kind="word", detail="late")) == "“late” in note"
    assert named(Feature(column="note", kind="embedding", detail="minilm", number=17)).startswith("note: dimension 17")
    assert named(Feature(column="city", kind="category", detail="Rome")) == "city = Rome"


def test_a_head_is_drawn_with_every_token():
    weights = np.full((2, 3, 3), 1 / 3)
    tokens = ["[CLS]", "<i>late</i>", "[SEP]"]
    figure = attention_charts.heat(weights[0], tokens)
    assert figure.layout.xaxis.ticktext[1] == "&lt;i&gt;late&lt;/i&gt;"
    assert len(attention_charts.long(weights, tokens)) == 18
    assert len(attention_charts.small(weights).data) == 2


def test_rollout_and_effect_stand_side_by_side():
    shares = [WordShare(text="late", start=0, end=4, rollout=0.7, effect=-0.2)]
    shares.append(WordShare(text="bus", start=5, end=8, rollout=0.3, effect=0.1))
    found = Attention(
        run="r", candidate="c", row=0, column="note", text="late bus", encoder=say("MiniLM"), n_layers=1, n_heads=1,
        tokens=[Token(text="late", rollout=0.7), Token(text="bus", rollout=0.3)], words=shares,
    )  # fmt: skip
    left, right = attention_charts.beside(found, "probability").data
    assert list(left.x) == [0.7, 0.3]
    assert list(right.x) == [-0.2, 0.1]


def test_a_sum_for_numbers_is_in_the_targets_unit(finished, view):
    workspace = finished("reviews")
    run = workspace.runs(OWNER, kind="compare")[0]
    trained.work(workspace, "model-itself", OwnParams(run=run.id, candidate="columns", row=1), run.dataset)
    page = view(workspace, "model", "columns")
    assert "in rating" in words(page)


def test_columns_that_are_called_like_ours_keep_their_values():
    cells = {"Distance": "12 km", "Row": "B", "note": "hello", "kind": "x"}
    entries = [Similar(row=4, truth="yes", distance=0.5, cells=cells), Similar(row=9, truth="no", distance=0.7)]
    frame = model_charts.similar(entries, "Weight")
    assert list(frame.columns) == ["Row", "Weight (2)", "Distance", "Distance (2)", "Row (2)", "note", "kind"]
    assert frame["Row"].tolist() == [5, 10]
    assert frame["Weight (2)"].tolist() == ["yes", "no"]
    assert frame["Distance"].tolist() == [0.5, 0.7]
    assert frame["Distance (2)"].iloc[0] == "12 km"


def test_names_that_are_cut_to_the_same_words_stay_apart():
    names = ["How satisfied are you with your pay, all in all?", "How satisfied are you with your pay, as it is?"]
    found = chart_theme.literals([*names, names[0], "<b>"], 30)
    assert len(set(found.values())) == len(found) == 3
    assert found["<b>"] == "&lt;b&gt;"
    chart = bars.importance([Importance(name=name, value=Interval(mean=1, low=0, high=2)) for name in names], "x")
    assert len(set(chart.data[0].y)) == 2


def test_days_long_past_and_far_ahead_can_be_drawn():
    found = dots.moments(pd.Series([0.5, np.nan, 2932896.25, -150000.0]))
    assert found.isna().tolist() == [False, True, False, False]
    assert [f"{one:%Y-%m-%d}" for one in found.dropna()] == ["1970-01-01", "9999-12-31", "1559-04-26"]


def test_an_answer_is_told_by_its_question():
    asked = Feature(column="note", kind="answer", detail="Does the writer threaten to leave, or ask for a refund?")
    assert model_words.feature(asked) == "“Does the writer threaten to leave, or ask for a refund?” of note"
    assert model_words.group("note", "answer") == "note (answers)"
    told = model_words.question(Node(above=-1, left=True, n_rows=4, feature=asked, threshold=0.25))
    assert told.startswith("yes to “Does the writer threaten")
    assert told.endswith("≤ 0.25")


@pytest.mark.parametrize(
    "formula", ["g == '{a}'", "contains(t, '{')", "a > {column:>9999999999}", "weight / height ** 2"]
)
def test_a_formula_is_shown_as_it_is(formula):
    """Its words come from a language model, or from a cell: they are no pattern to be filled in."""
    one = Feature(column=formula, kind="formula")
    assert model_words.feature(one) == formula
    assert model_words.group(formula, "formula") == formula
    assert model_words.question(Node(feature=one, threshold=2.5, n_rows=9)).startswith(f"{formula} ≤ 2.5")
