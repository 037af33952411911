"""Tests of explanations find what was planted: a faithful order, chance, and labels with nothing to learn."""

from __future__ import annotations

from functools import wraps

import numpy as np
import pandas as pd
import pytest

from core.explain.global_.sample import open_sample
from core.explain.quality import label_test
from core.explain.quality.jobs import explain_trust
from core.explain.quality.label_test import refit
from core.explain.quality.perturbation_curve import perturbation_curve, together
from core.fuse.candidate import Candidate
from core.job_params import TrustParams
from core.jobs import client
from core.jobs.context import Context
from core.messages import Cancelled
from core.plan import Plan, Validation
from core.results.comparison import Interval
from core.results.explanations.quality import Agreement, ExplainedTrust, Walk
from core.results.explanations.quality_checks import findings
from core.workspace import Workspace
from tests.fuse.tables import tickets
from tests.pages import trained


def walked(values, parts=(0.4, 0.3, 0.0, -0.1), *, distance=False, draws=200):
    """A sum of four parts, taken apart in the order of these values."""
    weights = np.asarray(parts)
    return perturbation_curve(
        lambda kept: 0.2 + kept @ weights,
        np.asarray(values),
        np.random.default_rng(0),
        steps=4,
        draws=draws,
        first=1,
        distance=distance,
    )


def test_curves_of_a_sum_are_those_worked_by_hand():
    found = walked([4, 3, 2, 1])
    assert found.removed == pytest.approx([0.8, 0.4, 0.1, 0.1, 0.2])
    assert found.added == pytest.approx([0.2, 0.6, 0.9, 0.9, 0.8])
    assert found.lost == pytest.approx(0.4)
    assert found.removed_random == pytest.approx(np.linspace(0.8, 0.2, 5), abs=0.05)  # on average a straight line
    assert found.added_random == pytest.approx(found.removed_random[::-1])
    gain = together("columns", [found], first=1, distance=False, seed=0).removal
    trapezoids = (0.8 / 2 + 0.4 + 0.1 + 0.1 + 0.2 / 2) / 4
    assert gain.mean == pytest.approx(0.5 - trapezoids, abs=0.02)


def test_a_number_is_measured_by_its_distance():
    found = walked([0.1, -0.4, 0.0, 0.2], (0.1, -0.4, 0.0, 0.2), distance=True)
    assert found.removed == pytest.approx([0, 0.4, 0.2, 0.1, 0.1])  # the largest first, whichever way it pushes
    assert found.added[-1] == pytest.approx(0)
    assert together("columns", [found], first=1, distance=True, seed=0).removal.mean > 0


def trust_with(shuffled: float, again: float, seeds: float, *, exact: bool = False) -> ExplainedTrust:
    def between(mean: float) -> Interval:
        return Interval(mean=mean, low=mean - 0.05, high=mean + 0.05)

    line = [0.9, 0.2]
    curves = dict.fromkeys(("share", "removed", "removed_random", "added", "added_random"), line)
    found = {"seeds": seeds, "again": again, "shuffled": shuffled}
    return ExplainedTrust(
        run="r",
        candidate="c",
        classes=["a", "b"],
        n_rows=40,
        walks=[Walk(what="words", n_rows=40, removal=between(0.02), insertion=between(0.1), first=3, **curves)],
        agreements=[
            Agreement(what="words", how=how, n_rows=40, correlation=between(mean), exact=exact and how == "seeds")
            for how, mean in found.items()
        ],
        gaps={"words": between(again - shuffled)},
    )


@pytest.mark.parametrize(
    ("found", "codes"),
    [
        (trust_with(0.1, 0.9, 0.95), ["order_like_chance", "stable", "labels_matter"]),
        (trust_with(0.85, 0.9, 0.8), ["order_like_chance", "somewhat_stable", "labels_hardly_matter"]),
        (trust_with(0.1, 0.3, 0.3), ["order_like_chance", "unstable", "again_differs"]),
        (trust_with(0.6, 0.9, 1.0, exact=True), ["order_like_chance", "exact", "labels_matter_little"]),
    ],
)
def test_each_doubt_is_named_and_says_its_number(found, codes):
    told = findings(found)
    assert [one.code for one in told] == codes
    assert f"{found.agreement('words', 'shuffled').correlation.mean:.2f}" in str(told[2].text)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Tickets whose mood shows in one word and in eight numbers, of which two matter."""
    place = tmp_path_factory.mktemp("trust")
    workspace = Workspace(place / "home")
    table, _schema = tickets(240)
    table = table[["text", "mood"]].assign(text=table["text"].fillna("nothing"))
    random = np.random.default_rng(0)
    numbers = pd.DataFrame({f"n{place}": random.normal(0, 1, 240) for place in range(8)})
    for name, pull in (("n2", 1.5), ("n5", 1.0)):
        numbers[name] += pull * (table["mood"] == "good")
    table = pd.concat([table, numbers], axis=1)
    dataset = trained.read(workspace, place, paste=table.to_csv(index=False), name="Tickets", target="mood")
    plan = Plan(target="mood", candidates=["columns", "text-tfidf"], validation=Validation(kind="holdout"))
    return workspace, dataset, trained.train(workspace, dataset, plan, "Moods")


def trust_of(home, **params) -> ExplainedTrust:
    workspace, dataset, run = home
    wanted = TrustParams(**{"run": run, "candidate": "columns", "rows": 12} | params)
    folder = client.folder(workspace, trained.work(workspace, "explain-trust", wanted, dataset))
    return ExplainedTrust.model_validate_json((folder / "trust.json").read_text())


@pytest.fixture(scope="module")
def columns(home):
    return trust_of(home)


def test_rows_of_one_class_are_not_trained_on_and_a_rare_class_is_not_left_out(home, tmp_path, monkeypatch):
    workspace, _dataset, run = home
    sample = open_sample(Context(workspace, trained.OWNER, "job", tmp_path, threads=1), run, "columns", 240)
    rows = sample.model.rows.copy()
    order = np.argsort(rows["mood"].to_numpy() == "bad", kind="stable")
    rare = rows.iloc[order[: (rows["mood"] == "good").sum() + 3]]  # all good, then three bad ones
    assert refit(sample.model, rows[rows["mood"] == "good"], None, 0).reason is not None
    monkeypatch.setattr(label_test, "fits", lambda n_rows, per_row: (40, 1))
    found = refit(sample.model, rare, None, 0)
    assert found.n_rows == 40
    assert (found.again.rows["mood"] == "bad").sum() == 2


@pytest.fixture(scope="module")
def visits(tmp_path_factory):
    """Ten visits each of 20 patients, in order of time; each patient writes one text, so that all of his are alike."""
    place = tmp_path_factory.mktemp("visits")
    workspace = Workspace(place / "home")
    texts = tickets(400)[0]["text"].dropna().drop_duplicates().to_numpy()[:20]
    patient, random = np.repeat(np.arange(20), 10), np.random.default_rng(0)
    pulse, mood = random.normal(70, 9, 200).round(2), random.choice(["bad", "good"], 200)
    table = pd.DataFrame(
        {"patient": [f"p{one}" for one in patient], "day": pd.date_range("2024-01-01", periods=200),
         "text": texts[patient], "pulse": pulse, "mood": mood}
    )  # fmt: skip
    return workspace, trained.read(workspace, place, paste=table.to_csv(index=False), target="mood")


def patients(dependence, index):
    return len(np.unique(np.c_[dependence.groups, index // 10], axis=0)) == len(np.unique(dependence.groups)) == 20


@pytest.mark.parametrize(
    ("validation", "bound"),
    [
        ({"group": "patient", "near_duplicates_together": False}, (True, False)),
        ({"near_duplicates_together": True}, (True, False)),
        ({"time": "day", "near_duplicates_together": False}, (False, True)),
    ],
)
def test_what_is_trained_again_never_splits_what_the_run_kept_together(visits, monkeypatch, validation, bound):
    workspace, dataset = visits
    roles = {"text": "text"}  # of 20 texts it would be a category
    plan = Plan(target="mood", candidates=["columns"], roles=roles, validation=Validation(folds=3, **validation))
    run = trained.train(workspace, dataset, plan, "Visits")
    seen, fit = [], Candidate.fit

    @wraps(fit)
    def heard(self, X, y, dependence=None):
        seen.append((X.index.to_numpy(), dependence))
        return fit(self, X, y, dependence)

    monkeypatch.setattr(Candidate, "fit", heard)
    trust_of((workspace, dataset, run), rows=5)
    assert seen
    for index, dependence in seen:
        assert (dependence.groups is not None, dependence.times is not None) == bound
        assert dependence.groups is None or patients(dependence, index)
        assert dependence.times is None or (np.argsort(dependence.times) == np.argsort(index)).all()


def test_shuffled_labels_change_what_was_learned(columns):
    again, shuffled = columns.agreement("columns", "again"), columns.agreement("columns", "shuffled")
    assert again.correlation.mean > 0.6
    assert shuffled.correlation.mean < 0.4
    assert columns.gaps["columns"].low > 0
    assert (columns.fit_rows, columns.shuffles) == (228, 3)  # the explained rows are not among them
    assert "labels_matter" in {one.code for one in columns.findings}


def test_exact_bars_are_stable_and_their_order_beats_chance(columns):
    seeds = columns.agreement("columns", "seeds")
    assert seeds.exact
    assert seeds.correlation.mean == pytest.approx(1)
    assert columns.walk("columns").removal.low > 0
    assert columns.walk("words") is None


def test_words_are_taken_away_from_the_text_and_the_seed_decides_everything(home):
    found, again = (trust_of(home, candidate="text-tfidf", rows=5, seeds=2) for _time in range(2))
    words = found.walk("words")
    assert words.lost.mean > 3 * words.lost_random.mean
    assert words.removed[-1] == pytest.approx(words.added[0])  # no words, whichever way it came to that
    assert found.model_copy(update={"run": "", "seconds": 0}) == again.model_copy(update={"run": "", "seconds": 0})


def test_cancelling_keeps_the_rows_that_were_done(home, tmp_path):
    workspace, _dataset, run = home
    begun = tmp_path / "trust.json"
    context = Context(workspace, trained.OWNER, "job", tmp_path, stop=begun.exists, threads=1)
    with pytest.raises(Cancelled):
        explain_trust(TrustParams(run=run, candidate="columns", rows=12).model_dump(), context)
    assert ExplainedTrust.model_validate_json(begun.read_text()).n_rows == 1


def test_little_time_means_few_rows_and_says_so(home):
    found = trust_of(home, budget_seconds=1e-6)
    assert found.n_rows == 5
    assert "5 rows instead of 12" in str(found.notes[0])
