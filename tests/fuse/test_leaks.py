"""No leak: shuffled labels score at chance in every family, planted leaks are caught, copies stay on one side."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from core.catalog import FUSIONS
from core.compare.comparison import compare
from core.compare.prepare import prepare
from core.data.schema import Schema
from core.data.splits.folds import folds
from core.encode.finetuning import effort
from core.fuse import candidates
from core.fuse.assisted import advice_weight
from core.fuse.assisted.base import Assisted
from core.fuse.auto import portfolio
from core.fuse.candidates import build
from core.fuse.setting import Setting, Skipped
from core.fuse.written import formulas
from core.jobs.context import Context
from core.names import parse
from core.plan import Plan, Rule, Validation
from core.results.comparison import candidate_folder
from core.workspace import Workspace
from tests.fuse.tables import BAD, GOOD, tickets

LABEL_FREE = ["text-llm", "columns-as-text", "zero-shot", "cooperative", "cooperative+lightgbm", "questions"]
ADVISED_FREELY = ["assisted-probabilities", "assisted-priors", "assisted-augment"]
LEARNED = ["assisted-weak", "distilled@top"]  # advice that learns from labels
FORMULAS = "assisted-formulas"  # accepted one by one, without a dial
ASSISTED = [*ADVISED_FREELY, "assisted-margins", *LEARNED]
ASKED = ["questions", "questions@fast", FORMULAS]  # a language model takes its time for each row, or each fit
FAMILIES = [
    *[
        "columns",
        "text-tfidf",
        "classical",
        *LABEL_FREE,
        "cooperative@words",
        "questions@fast",
        "cooperative-tuned@top",
    ],
    *["joint@top", "joint+tree@gated-top", *ASSISTED, FORMULAS, "auto"],
]


def planned(names: list[str], **settings) -> Plan:
    """A comparison of these, with rules to label by and small models."""
    rules = [Rule(label="bad", words=BAD[:3]), Rule(label="good", words=GOOD[:3])]
    small = {"lightgbm": {"n_estimators": 20}}
    return Plan(
        target="mood",
        candidates=names,
        rules=rules,
        questions=["Is the writer happy?"],
        language_model="bundled",
        model_settings=small,
        bundles=False,
        **settings,
    )


@pytest.fixture
def context(tmp_path):
    return Context(Workspace(tmp_path / "home"), "me", "job", tmp_path / "run", threads=1)


@pytest.fixture
def quick(monkeypatch):
    """Encoders read each text twice, and the automatic choice has few to choose from: all would say the same."""
    monkeypatch.setattr(effort, "n_epochs", lambda n_rows: 2)
    few = [entry for entry in portfolio.CONSIDERED if entry.name in {"cooperative", "columns", "text-tfidf"}]
    monkeypatch.setattr(candidates, "entries", lambda *, texts: few)
    monkeypatch.setattr(candidates, "COSTLY", ("cooperative-tuned@top",))


def uneven(n: int, seed: int = 0) -> tuple[pd.DataFrame, Schema]:
    """Every fourth row is a bad one, and every seventh has no mood: there is something to reword, and to label."""
    table, schema = tickets(2 * n, seed)
    bad = table["mood"] == "bad"
    table = pd.concat([table[bad].head(n // 4), table[~bad].head(n - n // 4)]).sample(frac=1, random_state=seed)
    table = table.reset_index(drop=True)
    table.loc[::7, "mood"] = None
    return table, schema


def test_shuffled_labels_score_at_chance_in_every_family(context, quick, monkeypatch):
    assert {parse(name).family for name in FAMILIES} == {fusion.name for fusion in FUSIONS} - {"dummy"}
    monkeypatch.setattr(formulas, "MOST_TOKENS", 120)
    lines = []
    for n, names in ((200, [name for name in FAMILIES if name not in ASKED]), (80, ASKED)):
        table, schema = uneven(n)
        known = table["mood"].notna()
        table.loc[known, "mood"] = np.random.default_rng(2).permutation(table.loc[known, "mood"].to_numpy())
        plan = planned(["dummy", *names], validation=Validation(kind="holdout", fraction=0.5))
        result = compare(table, schema, plan, context.folder / str(n), context)
        for line in result.candidates:
            assert line.status == "ok", (line.name, line.reason)
            assert line.scores["roc_auc"].low <= 0.5, line.name  # a leak lifts it; under chance is what chance does
        assert result.verdict.code in {"no_better_than_guessing", "not_worth_it", "too_close"}
        lines += result.candidates
    assert np.mean([line.scores["roc_auc"].mean for line in lines]) == pytest.approx(0.5, abs=0.08)


def test_every_badge_says_how_its_features_came_about():
    _table, schema = tickets(30)
    badges = {}
    for name in FAMILIES:
        made = build(name, Setting(schema, planned([name]), "binary", n_rows=100))
        assert not isinstance(made, Skipped), name
        badges[name] = made.leak_badge()
    assert badges.pop("columns") == ""
    assert badges.pop("assisted-margins") == "out-of-fold"
    free = {*LABEL_FREE, *ADVISED_FREELY}
    assert badges == {name: "label-free" if name in free else "fitted-in-fold" for name in badges}


def test_labels_of_rows_held_back_change_nothing(context, quick, monkeypatch):
    """The same rows twice, all labels of the held-out ones turned round; the advice is followed, good or bad."""
    monkeypatch.setattr(formulas, "MOST_TOKENS", 120)
    honest = advice_weight.chosen
    monkeypatch.setattr(advice_weight, "chosen", lambda tried: honest(tried).model_copy(update={"value": 1.0}))
    table, schema = uneven(60)
    held = uneven(30, seed=1)[0].dropna(subset=["mood"])
    names = [*ASSISTED, FORMULAS, "joint@top"]
    said = []
    for place, other in (("as they are", {}), ("turned", {"good": "bad", "bad": "good"})):
        folder, test = context.folder / place, held.replace({"mood": other})
        plan = planned(names, validation=Validation(kind="test_file"))
        result = compare(table, schema, plan, folder, context, test_table=test)
        assert [line.status for line in result.candidates] == ["ok"] * len(names)
        said.append([pd.read_parquet(candidate_folder(folder, name) / "predictions.parquet") for name in names])
    for name, first, second in zip(names, *said, strict=True):
        assert (first.pop("truth") != second.pop("truth")).all()
        assert first.equals(second), name


@pytest.mark.parametrize("name", ASSISTED)
def test_rows_that_advice_is_tried_on_do_not_shape_it(name, context, quick, monkeypatch):
    """Labels of the rows of an inner fold are dealt out anew: what was fitted on the others says the same."""
    table, schema = uneven(60)
    known = np.flatnonzero(table["mood"].notna())
    n, held = len(known), np.arange(len(known)) % 3 == 0
    monkeypatch.setattr(Assisted, "_folds", lambda self, rows: [(np.flatnonzero(~held), np.flatnonzero(held))])
    made = build(name, Setting(schema, planned([name]), "binary", cache_folder=context.folder, threads=2, n_rows=n))
    said: list[list[np.ndarray]] = []
    for seed in (None, 0):
        heard: list[np.ndarray] = []

        def losses(answer, truth, heard=heard):
            heard.append(answer)
            return np.zeros(len(truth))

        monkeypatch.setattr(advice_weight, "losses", losses)
        moods = table["mood"].to_numpy(dtype=object)
        if seed is not None:
            moods[known[held]] = np.random.default_rng(seed).permutation(moods[known[held]])
        clone(made).fit(table, moods)
        said.append(heard)
    assert len(said[0]) >= len(advice_weight.GRID)
    assert not np.array_equal(said[0][0], said[0][len(advice_weight.GRID) - 1])  # the advice has a say
    assert all(np.array_equal(first, second) for first, second in zip(*said, strict=True))


def test_a_feature_that_was_computed_on_all_rows_is_caught(context):
    """The mean of the target within a group, held-out rows included: it scores where nothing can be known."""
    random = np.random.default_rng(0)
    table, schema = tickets(240)
    table["mood"] = random.permutation(table["mood"].to_numpy())
    table["city"] = [f"group {number}" for number in random.integers(0, 80, len(table))]
    plan = Plan(target="mood", candidates=["dummy", "columns+boosting"], drop=["hours", "day", "text"], bundles=False)
    honest = compare(table, schema, plan, context.folder, context)
    auc = honest.candidate("columns+boosting").scores["roc_auc"]
    assert auc.low <= 0.5 <= auc.high
    leaky = table.copy()
    leaky["hours"] = leaky.groupby("city")["mood"].transform(lambda moods: np.mean(moods == "good"))
    planted = plan.model_copy(update={"drop": ["day", "text", "city"]})
    caught = compare(leaky, schema, planted, context.folder.with_name("leaky"), context)
    assert caught.candidate("columns+boosting").scores["roc_auc"].low > 0.6


def test_near_duplicates_stay_on_one_side_and_it_is_said():
    table, schema = tickets(120)
    nothing = table["text"].isna()
    table.loc[nothing, "text"] = [f"nobody wrote anything in row {place}" for place in table.index[nothing]]
    for place in range(40):
        table.loc[place + 60, ["text", "mood"]] = [f"{table.loc[place, 'text']}!", table.loc[place, "mood"]]
    plan = Plan(target="mood", validation=Validation(folds=4))
    prepared = prepare(table, schema, plan)
    assert any("nearly repeat" in str(message) for message in prepared.warnings)
    for train, test in prepared.folds:
        assert not [place for place in range(40) if (place in train) != (place + 60 in train)]
        assert len(test)
    apart = plan.model_copy(update={"validation": Validation(folds=4, near_duplicates_together=False)})
    plain = prepare(table, schema, apart)
    assert [test.tolist() for _train, test in plain.folds] == [
        test.tolist() for _train, test in folds(table["mood"].to_numpy(), apart.validation, seed=0)
    ]


def test_a_table_without_copies_is_cut_as_ever():
    table, schema = tickets(100)
    table["text"] = [f"text number {place} says {place * 7919}" for place in range(100)]
    prepared = prepare(table, schema, Plan(target="mood", validation=Validation(folds=4)))
    assert not prepared.warnings
    expected = folds(table["mood"].to_numpy(dtype=object), Validation(folds=4), seed=0)
    assert [test.tolist() for _train, test in prepared.folds] == [test.tolist() for _train, test in expected]
