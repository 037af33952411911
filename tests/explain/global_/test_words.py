"""Many rows explained on a small trained model: what is written adds up, keeps to its limits and tells the truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.data import table as tables
from core.explain.global_ import jobs, partial_dependence, words
from core.explain.global_.estimate import whole_seconds
from core.explain.global_.jobs import explain_whole
from core.explain.global_.sample import open_sample
from core.explain.shapley import many_rows_game
from core.job_params import CohortParams, Condition, WholeParams
from core.jobs import client
from core.jobs.context import Context
from core.messages import Cancelled, UnusableData
from core.results.explanations.global_explanation import Cohort, WholeExplanation, of_class, ranked
from core.results.explanations.rows import ColumnEffect, Part, RowExplanation
from tests.fuse.tables import BAD, GOOD, tickets
from tests.pages import trained

NAME = "cooperative:tfidf"
ROWS = 24  # explained of 160


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Made-up tickets whose mood shows in one word, with a model of text and columns."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "WHOLE_ROWS", ROWS)
        patch.setattr(jobs, "WHOLE_WORD_TEXTS", 20)
        yield *trained.moods(tmp_path_factory.mktemp("whole"), 160, [NAME]), tickets(160)[0]


def over_all(home, **params):
    """The explanation and the folder it is in."""
    workspace, dataset, run, _table = home
    wanted = WholeParams(**{"run": run, "candidate": NAME, "output": "probability"} | params)
    folder = client.folder(workspace, trained.work(workspace, "explain-whole", wanted, dataset))
    return WholeExplanation.model_validate_json((folder / "whole.json").read_text()), folder


@pytest.fixture(scope="module")
def made(home):
    return over_all(home, budget_seconds=120)


@pytest.fixture(scope="module")
def rows(made):
    return pd.read_parquet(made[1] / "whole_rows.parquet")


def test_the_text_is_ranked_first_and_its_telling_words(made):
    found = made[0]
    assert {one.name for one in found.shapley} == {one.name for one in found.permutation}
    assert (found.n_rows, found.word_rows, found.exact) == (ROWS, ROWS, True)
    assert found.shapley[0].name == found.permutation[0].name == "text"
    assert found.permutation[0].value.low > 0.1
    assert all(one.value.low <= one.value.mean <= one.value.high for one in [*found.shapley, *found.permutation])
    assert {one.text for one in found.words[:6]} <= {*GOOD, *BAD}
    assert {one.label for one in found.words} == {"good", "bad"}


def test_a_words_rows_hold_it(home, made):
    word = made[0].words[0]
    table = home[3]
    assert len(word.rows) == word.n_rows
    assert all(word.text in table["text"][row].split() for row in word.rows)


def test_every_row_adds_up_for_every_class(rows):
    sums = rows.groupby(["row", "label"]).agg({"base": "first", "output": "first", "effect": "sum"})
    assert (sums["base"] + sums["effect"]).to_numpy() == pytest.approx(sums["output"].to_numpy(), abs=1e-9)
    assert len(sums) == 2 * ROWS
    assert rows.groupby("row")["called"].sum().eq(4).all()  # the four columns of one class
    both = rows.pivot_table(index=["row", "column"], columns="label", values="effect")
    assert both["bad"].to_numpy() == pytest.approx(-both["good"].to_numpy())


def test_rows_keep_their_cells(home, rows):
    table = home[3]
    lines = rows[rows["called"]].set_index("row")
    hours = lines[lines["column"] == "hours"]["number"]
    assert hours.to_numpy() == pytest.approx(table["hours"].loc[hours.index].to_numpy(), nan_ok=True)
    city = lines[lines["column"] == "city"]["word"]
    assert list(city) == list(table["city"].loc[city.index])


def test_the_stored_rows_give_the_stored_ranking(made, rows):
    assert ranked(of_class(rows, None)) == made[0].shapley
    assert ranked(of_class(rows, "good"))[0].name == "text"


def test_pairs_and_effects_are_there_for_every_class(made):
    found, folder = made
    assert {pair.label for pair in found.pairs} == {"", "good", "bad"}
    assert len(found.pairs) == 3 * 6
    lines = pd.read_parquet(folder / "effects.parquet")
    assert set(found.effects) == set(lines["column"]) == {"hours", "city", "day"}
    mean = lines[(lines["column"] == "hours") & (lines["row"] == partial_dependence.MEAN) & (lines["label"] == "good")]
    assert mean["value"].iloc[0] > mean["value"].iloc[-1]  # good tickets take fewer hours


def test_no_time_means_little_but_honest_work(home, monkeypatch):
    monkeypatch.setattr(many_rows_game, "MOST_CHEAP_ROWS", 1)
    short, folder = over_all(home, budget_seconds=0.001)
    assert (short.n_rows, short.word_rows) == (1, 1)
    assert len(short.permutation) == 4
    assert any("instead of 24" in str(message) for message in short.warnings)
    assert len(pd.read_parquet(folder / "whole_rows.parquet")) == 8


def test_of_the_ranked_rows_one_is_opened_into_words_where_the_time_is_up(home):
    short, _folder = over_all(home, budget_seconds=0.001)
    assert (short.n_rows, short.word_rows) == (ROWS, 1)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_explanation(home, made):
    again, _folder = over_all(home, budget_seconds=120)
    assert again.model_dump(exclude={"seconds"}) == made[0].model_dump(exclude={"seconds"})


def test_of_a_large_table_only_the_sample_is_read_whole(home, tmp_path, monkeypatch):
    workspace, _dataset, run, _table = home
    read, load = [], tables.load

    def watched(folder, columns=None, **more):
        read.append(columns)
        return load(folder, columns=columns, **more)

    monkeypatch.setattr(tables, "load", watched)
    context = Context(workspace, trained.OWNER, "job", tmp_path, threads=1)
    model, scored, unseen = open_sample(context, run, NAME, 40)
    assert not unseen
    assert read == [["mood"]]
    assert len(model.rows) == 40
    assert len(scored) == 160
    assert list(scored.columns) == ["text", "hours", "city", "day", "mood"]


@pytest.mark.slow
def test_rows_of_a_test_file_measure_the_shuffling(home, made):
    """Labels of the test file are all wrong, so shuffling can only help: the loss is not that of the training rows."""
    workspace, dataset, _run, table = home
    path = workspace.dataset_folder(dataset) / "test.parquet"
    flipped = table.assign(mood=table["mood"].map({"good": "bad", "bad": "good"}))
    flipped["day"] = pd.read_parquet(workspace.dataset_folder(dataset) / "table.parquet")["day"].to_numpy()
    flipped.to_parquet(path)
    try:
        found, _folder = over_all(home, budget_seconds=60)
    finally:
        path.unlink()
    loss = {one.name: one.value.mean for one in found.permutation}
    assert loss["text"] < 0 < made[0].permutation[0].value.mean


def test_cancelling_stops_and_keeps_what_there_is(home, tmp_path):
    workspace, _dataset, run, _table = home

    def stop() -> bool:
        return (tmp_path / "whole.json").exists()

    context = Context(workspace, trained.OWNER, "job", tmp_path, stop=stop, threads=1)
    with pytest.raises(Cancelled):
        explain_whole(WholeParams(run=run, candidate=NAME).model_dump(), context)
    assert WholeExplanation.model_validate_json((tmp_path / "whole.json").read_text()).n_rows > 0


def test_a_cohort_is_explained_on_its_own_rows(home):
    workspace, dataset, run, table = home
    where = Condition(column="city", how="is", value="Rome")
    wanted = CohortParams(run=run, candidate=NAME, where=where, output="probability")
    folder = client.folder(workspace, trained.work(workspace, "explain-cohort", wanted, dataset))
    found = Cohort.model_validate_json((folder / "cohort.json").read_text())
    rows = pd.read_parquet(folder / "whole_rows.parquet")
    assert set(table["city"][rows["row"]]) == {"Rome"}
    assert found.n_rows == (table["city"] == "Rome").sum()
    assert found.shapley[0].name == "text"
    nobody = wanted.model_copy(update={"where": Condition(column="city", how="is", value="Atlantis")})
    with pytest.raises(UnusableData):
        trained.work(workspace, "explain-cohort", nobody, dataset)


def opened(row, label, **columns) -> RowExplanation:
    """A row whose texts were opened: column → words with their values."""
    bars = []
    for name, told in columns.items():
        parts = [Part(text=word, start=0, end=1, value=value, low=value, high=value) for word, value in told]
        parts.insert(0, Part(text="all of it", start=0, end=1, level="sentence", value=9.0, low=9.0, high=9.0))
        bars.append(ColumnEffect(name=name, value=9.0, low=9.0, high=9.0, parts=parts))
    return RowExplanation(
        row=row, label=label, base=0.0, output=0.0, columns=bars, error=0.0, evaluations=0, seconds=0.0
    )


def test_a_word_has_its_mean_effect_on_each_class_and_its_rows():
    rows = [
        opened(3, "good", note=[("Late,", -0.2), ("late", -0.1), ("?!", 5.0), ("kind", 0.1)], title=[("late", 0.5)]),
        opened(7, "good", note=[("late", -0.5), ("odd", 0.9)]),
        opened(8, "bad", note=[("late", 0.6)]),
    ]
    found = {
        (one.column, one.label, one.text): (one.n_rows, round(one.value, 9), one.rows) for one in words.words(rows)
    }
    assert found == {
        ("note", "good", "odd"): (1, 0.9, [7]),
        ("note", "bad", "late"): (1, 0.6, [8]),
        ("title", "good", "late"): (1, 0.5, [3]),
        ("note", "good", "late"): (2, -0.4, [3, 7]),  # twice in one row counts together there
        ("note", "good", "kind"): (1, 0.1, [3]),
    }
    assert list(found) == sorted(found, key=lambda one: -abs(found[one][1]))


def test_forty_words_a_class_are_kept_those_of_several_rows_first():
    often = [(f"often{place}", 0.001 * (place + 1)) for place in range(30)]
    once = [(f"once{place}", 1.0 + place) for place in range(30)]
    rows = [opened(0, "good", note=often + once), *(opened(row, "good", note=often) for row in range(1, 60))]
    found = words.words([*rows, opened(99, "bad", note=once)])
    good = [one for one in found if one.label == "good"]
    assert len(good) == 40
    assert {one.text for one in good if one.n_rows > 1} == {word for word, _value in often}
    assert [one.text for one in good[:10]] == [f"once{place}" for place in range(29, 19, -1)]
    assert len([one for one in found if one.label == "bad"]) == 30
    assert [(one.n_rows, one.rows) for one in good[10:]] == [(60, list(range(50)))] * 30


def test_words_are_counted_without_their_marks():
    assert words.plain_word("“Great!”") == "great"
    assert words.plain_word("很棒，") == "很棒"
    assert words.plain_word("?!") == ""
    assert words.plain_word("x") == words.plain_word(" x,") == words.plain_word("(X") == "x"


def test_more_of_anything_costs_more_up_to_the_budget():
    assert whole_seconds(5, 200, 1.0, 600) > whole_seconds(5, 100, 1.0, 600)
    assert whole_seconds(5, 200, 2.0, 600) > whole_seconds(5, 200, 1.0, 600)
    assert whole_seconds(5, 50_000, 1.0, 600) == whole_seconds(5, 500, 1.0, 600)
    assert np.diff([whole_seconds(5, 500, 50.0, budget) for budget in (20, 60)]) == pytest.approx(40)
