"""What a network learns about explaining a column: lessons that lead to Shapley values, and values not far off."""

from __future__ import annotations

import shutil

import numpy as np
import pandas as pd
import pytest
import torch
from safetensors.numpy import load_file

from core.explain.amortized import accuracy, jobs
from core.explain.amortized.estimate import learned_seconds, pays_from
from core.explain.amortized.explainer import WEIGHTS_FILE, open_learned, save
from core.explain.amortized.lessons import PAIRS, Lessons, coalitions
from core.explain.amortized.training import WordValues
from core.explain.global_.sample import open_sample
from core.explain.open_candidate import open_candidate
from core.explain.shapley.values import shares
from core.explain.text.owen import open_text, word_values
from core.explain.text.paired_regression import Design, Prior, regress
from core.explain.text.spans import pieces
from core.explain.text.word_game import WordGame
from core.job_params import LearnParams
from core.jobs import client
from core.jobs.context import Context
from core.messages import Cancelled, UnusableData
from core.results.comparison import candidate_folder
from core.results.explanations.amortized import LEARNED_FILE, LearnedWords, learned_folder, learned_place
from core.workspace import Workspace
from tests.explain.text.test_paired_regression import mean_game
from tests.pages import trained

NAME, FAST = "cooperative:minilm", "text-tfidf"
LESSONS = 512


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Made-up tickets whose mood shows in one word, with a model that reads them by an encoder, and one that counts."""
    return trained.moods(tmp_path_factory.mktemp("learned"), 300, [NAME, FAST])


def model_of(home, name: str = NAME, output: str = "margin", **more):
    workspace, _dataset, run = home
    context = Context(workspace, trained.OWNER, "test", workspace.home, threads=1, **more)
    return open_sample(context, run, name, 300, output=output).model


@pytest.fixture(scope="module")
def learnt(home):
    """Learned from few texts."""
    workspace, dataset, run = home
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "HELD_OUT_ROWS", 12)
        patch.setattr(accuracy, "HELD_OUT_PAIRS", 100)
        params = LearnParams(run=run, candidate=NAME, lessons=LESSONS)
        job = trained.work(workspace, "learn-words", params, dataset)
    return LearnedWords.model_validate_json((client.folder(workspace, job) / LEARNED_FILE).read_text())


def network(home):
    model = model_of(home)
    found = model.learned("text")
    assert found is not None
    return model, found


def test_the_regression_over_drawn_coalitions_has_the_shapley_values():
    """Least squares over many of them, summing to the whole: the definition that they are drawn by."""
    worth = mean_game(3, n=6)
    kept = coalitions(6, 60_000, np.random.default_rng(0))
    apart = worth(kept) - worth(~kept)
    sides, total = 2.0 * kept - 1, float(np.subtract(*worth(np.array([[True] * 6, [False] * 6]))))
    gram, ones = sides.T @ sides, np.ones((6, 1))
    system = np.block([[gram, ones], [ones.T, np.zeros((1, 1))]])
    values = np.linalg.solve(system, np.append(sides.T @ apart, total))[:6]
    assert values == pytest.approx(shares(worth, 6).values, abs=0.02)


def test_sizes_are_drawn_by_their_weight():
    sizes = coalitions(5, 40_000, np.random.default_rng(1)).sum(axis=1)
    share = np.bincount(sizes, minlength=5)[1:] / len(sizes)
    weights = np.array([1 / 4, 1 / 6, 1 / 6, 1 / 4])
    assert share == pytest.approx(weights / weights.sum(), abs=0.01)


def test_a_guess_is_kept_without_pairs_and_left_with_many():
    worth, n = mean_game(5, n=8, noise=0.0), 8
    exact = shares(worth, n).values
    total = float(np.subtract(*worth(np.array([[True] * n, [False] * n]))))
    guess = exact + np.random.default_rng(0).normal(0, 0.2, n)
    guess += (total - guess.sum()) / n
    kept = Design(n, np.random.default_rng(0)).more(60)
    apart = worth(kept) - worth(~kept) - (2.0 * kept - 1) @ guess
    prior = Prior(spread=1.0, noise=0.01)
    nothing = regress(kept[:0], apart[:0], 0.0, prior)
    assert nothing.values == pytest.approx(np.zeros(n), abs=1e-9)
    assert (nothing.reach > 0).all()
    errors = [np.linalg.norm(guess + regress(kept[:m], apart[:m], 0.0, prior).values - exact) for m in (0, 4, 60)]
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 0.5 * errors[0]


def test_a_surer_guess_moves_less():
    worth, n = mean_game(6, n=8), 8
    kept = Design(n, np.random.default_rng(0)).more(4)
    apart = worth(kept) - worth(~kept)
    moved = [np.abs(regress(kept, apart, 0.0, Prior(spread, 0.01)).values).sum() for spread in (1e-6, 0.1, 10.0)]
    assert moved[0] < 1e-3 < moved[1] < moved[2]


def test_a_lesson_holds_what_the_model_says(home):
    model = model_of(home)
    lessons = Lessons(model, "text", model.rows, 0)
    lessons.alone = True  # the row's own columns, so that the answer can be asked for again
    lesson = next(one for one in lessons.more(40) if lessons.texts.count(one.text) == 1)
    row = lessons.rows.iloc[[lessons.texts.index(lesson.text)]]
    ends = pd.concat([row, row.assign(text="")])
    said = [model.value(ends, place) for place in range(2)]
    assert lesson.total == pytest.approx([one[0] - one[1] for one in said], abs=0.05)  # encoded beside other texts
    assert lesson.kept.shape == (PAIRS, len(lesson.spans))
    assert lesson.differences.shape == (PAIRS, 2)
    assert lesson.differences[:, 0] == pytest.approx(-lesson.differences[:, 1], abs=1e-4)  # log-odds of two classes


def test_lessons_are_about_every_row_and_parts_of_texts_and_never_about_labels(home):
    model = model_of(home)
    lessons = Lessons(model, "text", model.rows.iloc[:30], 0)
    assert "mood" not in lessons.rows
    found = lessons.more(30)
    whole = set(lessons.texts)
    assert 3 < sum(lesson.text in whole for lesson in found) < 27
    words = [set(text.split()) for text in whole]
    assert all(any(set(lesson.text.split()) <= one for one in words) for lesson in found)
    assert {len(lesson.kept) for lesson in found} == {PAIRS}


def test_learned_values_sum_to_the_whole_for_every_lesson(home):
    model = model_of(home)
    lessons = Lessons(model, "text", model.rows.iloc[:30], 0).more(5)
    aim = WordValues(8, np.array([2.0, 0.5]), 0)
    aim.lessons = lessons
    aim.owner = [np.arange(len(lesson.spans) + 2) - 1 for lesson in lessons]
    for owner in aim.owner:
        owner[-1] = -1  # as the marks at a text's ends
    longest = max(map(len, aim.owner))
    values = aim.values(torch.randn(5, longest, 8), np.arange(5)).detach().numpy() * [2.0, 0.5]
    for found, lesson in zip(values, lessons, strict=True):
        assert found.sum(axis=0) == pytest.approx(lesson.total, abs=1e-4)
        assert np.abs(found[len(lesson.spans) :]).max(initial=0) == 0


def test_what_was_learned_is_better_than_asking_as_little_without_it(home, learnt):
    """From 512 parts of texts that it takes some ten seconds to read."""
    assert learnt.n_lessons == LESSONS
    assert learnt.evaluations == LESSONS * (2 * PAIRS + 2)
    assert learnt.n_tried == 12
    assert learnt.losses[-1] < learnt.losses[0]
    assert learnt.error < 0.8  # saying nothing is off by about 1
    few = min(learnt.error_few)
    assert learnt.error_few[few] < learnt.error_without[few]


def test_explanations_use_it_and_still_sum(home, learnt):
    model, found = network(home)
    row = model.rows.iloc[[0]][model.pipeline.columns_]
    game = model.game(row, model.label(row)[1])
    bar = 1.25
    asked = []

    class Heard:
        about = found.about

        def values(self, *what):
            asked.append(what)
            return found.values(*what)

        def prior(self):
            return found.prior()

    parts = open_text(game, "text", bar, "en", seed=0, texts=10, learned=Heard())
    assert sum(part.value for part in parts if part.level == "word") == pytest.approx(bar)
    without = open_text(game, "text", bar, "en", seed=0, texts=10)
    assert len(asked) == 1
    assert [part.value for part in parts] != [part.value for part in without]


def test_the_prior_is_as_sure_as_the_network_was_found_to_be(home, learnt):
    _model, found = network(home)
    assert found.prior() == Prior(learnt.spread, learnt.noise)
    assert learnt.spread > 0
    assert learnt.noise > 0


def test_many_masked_texts_overrule_a_wrong_guess(home, learnt):
    """A network that says the opposite is not believed for long."""
    model, found = network(home)
    place = next(n for n, text in enumerate(model.rows["text"]) if len(str(text).split()) > 8)
    row = model.rows.iloc[[place]][model.pipeline.columns_]
    game = model.game(row, model.label(row)[1])
    text = str(row["text"].iloc[0])
    words = WordGame(game, "text", text, pieces(text, "en"))
    n = len(words.spans)
    exact = (
        shares(words.values, n, exact=n).values
        if n <= 12
        else word_values(words, np.random.default_rng(1), texts=4000, narrow=0.0).values
    )

    class Opposite:
        def values(self, *_about):
            return -exact + 2 * exact.sum() / n

        def prior(self):
            return found.prior()

    few, many = (
        word_values(words, np.random.default_rng(0), texts=texts, narrow=0.0, learned=Opposite()).values
        for texts in (10, 400)
    )
    assert np.linalg.norm(many - exact) < 0.5 * np.linalg.norm(few - exact)


def test_it_is_for_this_model_alone(home, learnt, tmp_path):
    workspace, _dataset, run = home
    folder = learned_place(learned_folder(workspace.run_folder(run), NAME), "text", "margin")
    assert open_learned(folder, learnt.bundle) is not None
    assert open_learned(folder, "another") is None
    assert open_learned(tmp_path, learnt.bundle) is None
    assert model_of(home, output="probability").learned("text") is None
    assert open_candidate(model_of(home).context, run, NAME).learned("text") is not None


def test_words_that_are_cheap_are_not_learned(home):
    workspace, dataset, run = home
    with pytest.raises(UnusableData, match="No language model reads"):
        trained.work(workspace, "learn-words", LearnParams(run=run, candidate=FAST, lessons=256), dataset)
    with pytest.raises(UnusableData, match="“nowhere”"):
        jobs.read_column(model_of(home), "nowhere")


def test_too_few_texts_are_refused(home):
    model = model_of(home)
    model.rows = model.rows.iloc[:20]
    with pytest.raises(UnusableData, match="too few different texts"):
        jobs.Work(LearnParams(run="r", candidate=NAME), model)


def test_forty_different_texts_are_enough(home):
    model, letters = model_of(home), np.random.default_rng(0).choice(list("abcdefghijklmnopqrst"), (40, 6, 8))
    texts = [" ".join("".join(word) for word in words) for words in letters]
    model.rows = model.rows.head(40).assign(text=texts)
    assert jobs.Work(LearnParams(run="r", candidate=NAME), model).result.n_texts > 0
    model.rows = model.rows.head(39)
    with pytest.raises(UnusableData, match="too few different texts"):
        jobs.Work(LearnParams(run="r", candidate=NAME), model)


@pytest.fixture(scope="module")
def flat(home):
    """A model that says the same of every text, learned: the result, and how far it said it was."""
    shares = []
    model = model_of(home, output="probability", report=lambda _stage, share, _finding: shares.append(share))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "HELD_OUT_ROWS", 4)
        patch.setattr(accuracy, "HELD_OUT_PAIRS", 20)
        head = model.pipeline.model_
        patch.setattr(head, "coef_", head.coef_ * 0)
        work = jobs.Work(LearnParams(run="r", candidate=NAME, output="probability", lessons=256), model)
        work.go()
    return work.result, shares


@pytest.mark.slow
def test_a_model_that_says_the_same_of_every_text_can_be_tried(flat):
    """Its words are worth nothing, and that is what is said of them."""
    result, _shares = flat
    assert np.isfinite([result.error, result.spread, *result.error_few.values()]).all()
    assert result.spread > 0


@pytest.mark.slow
def test_learning_says_how_far_it_is_and_never_goes_back(flat):
    _result, shares = flat
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[len(shares) // 2] < shares[-1] <= 1


def test_learning_can_be_cancelled(home):
    asked = iter(lambda: False, True)
    model = model_of(home, stop=lambda: next(asked))
    work = jobs.Work(LearnParams(run="r", candidate=NAME, lessons=LESSONS), model)
    asked = iter([False] * 3 + [True] * 10_000)
    with pytest.raises(Cancelled):
        work.go()
    assert work.result.n_lessons == 0


def test_no_text_it_is_tried_on_is_learned_from_nor_nearly_its_double(home):
    model = model_of(home)
    again = model.rows.assign(text=model.rows["text"].str.upper() + "!")
    model.rows = pd.concat([model.rows, again], ignore_index=True)
    work = jobs.Work(LearnParams(run="r", candidate=NAME), model)
    held = {text.casefold().rstrip("!") for text in work.held.texts}
    assert len(held) == len(work.held.texts) > 0  # one of each kind
    assert not held & {text.casefold().rstrip("!") for text in work.lessons.texts}


def test_every_text_twice_can_be_learned(home):
    model = model_of(home)
    model.rows = pd.concat([model.rows, model.rows], ignore_index=True)
    work = jobs.Work(LearnParams(run="r", candidate=NAME), model)
    assert len(work.held.places) > 0


def test_no_text_at_all_is_refused(home):
    model = model_of(home)
    model.rows = model.rows.assign(text="")
    with pytest.raises(UnusableData, match="too few different texts"):
        jobs.Work(LearnParams(run="r", candidate=NAME), model)


def test_a_part_that_is_read_as_one_word_is_no_lesson(home):
    """Without its only Chinese sign, this text is cut at spaces, of which it has none."""
    model = model_of(home)
    model.rows = model.rows.head(20).assign(text="これは本です")
    for lesson in Lessons(model, "text", model.rows, 0).more(60):
        assert len(lesson.spans) >= 2


def test_half_written_or_foreign_weights_are_not_used(home, learnt, tmp_path):
    workspace, _dataset, run = home
    folder = learned_place(learned_folder(workspace.run_folder(run), NAME), "text", "margin")
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert open_learned(tmp_path, learnt.bundle) is not None
    weights = tmp_path / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-10])
    assert open_learned(tmp_path, learnt.bundle) is None


def test_what_is_no_better_than_asking_is_not_used(home, learnt, tmp_path):
    workspace, _dataset, run = home
    folder = learned_place(learned_folder(workspace.run_folder(run), NAME), "text", "margin")
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    about = LearnedWords.model_validate_json((tmp_path / LEARNED_FILE).read_text())
    (tmp_path / LEARNED_FILE).write_text(about.model_copy(update={"enough": None}).model_dump_json())
    assert open_learned(tmp_path, learnt.bundle) is None


def test_learning_again_replaces_what_was_learned(home, learnt, tmp_path):
    workspace, _dataset, run = home
    weights = load_file(learned_place(learned_folder(workspace.run_folder(run), NAME), "text", "margin") / WEIGHTS_FILE)
    for n_lessons in (256, 512):
        save(tmp_path, learnt.model_copy(update={"n_lessons": n_lessons}), weights)
    assert open_learned(tmp_path, learnt.bundle).about.n_lessons == 512


def test_nothing_is_kept_for_a_candidate_that_was_removed_meanwhile(home, tmp_path, monkeypatch):
    workspace, dataset, run = home
    copy = Workspace(tmp_path / "home")
    shutil.copytree(workspace.home, copy.home, dirs_exist_ok=True)
    bundle = candidate_folder(copy.run_folder(run), NAME) / "bundle"
    shutil.rmtree(learned_folder(copy.run_folder(run), NAME), ignore_errors=True)
    monkeypatch.setattr(jobs.Work, "go", lambda _work: shutil.rmtree(bundle))
    with pytest.raises(UnusableData, match="was not kept"):
        trained.work(copy, "learn-words", LearnParams(run=run, candidate=NAME, lessons=256), dataset)
    assert not list(learned_folder(copy.run_folder(run), NAME).glob("*"))


def test_nothing_is_kept_for_a_candidate_that_was_trained_again_meanwhile(home, tmp_path, monkeypatch):
    workspace, dataset, run = home
    copy = Workspace(tmp_path / "home")
    shutil.copytree(workspace.home, copy.home, dirs_exist_ok=True)
    shutil.rmtree(learned_folder(copy.run_folder(run), NAME), ignore_errors=True)
    monkeypatch.setattr(jobs.Work, "go", lambda work: setattr(work.result, "bundle", "another"))
    with pytest.raises(UnusableData, match="trained again meanwhile"):
        trained.work(copy, "learn-words", LearnParams(run=run, candidate=NAME, lessons=256), dataset)
    assert not list(learned_folder(copy.run_folder(run), NAME).glob("*"))


def test_the_estimate_grows_with_texts_and_with_a_slow_model():
    assert learned_seconds(2000, 1.0) < learned_seconds(4000, 1.0) < learned_seconds(4000, 5.0)
    assert learned_seconds(2000, 1.0, "zh") > learned_seconds(2000, 1.0, "en")
    assert pays_from(2000, 1.0) < pays_from(4000, 1.0)
    assert pays_from(4000, 5.0) < pays_from(4000, 1.0)  # questions to a slow model are what it saves


@pytest.mark.slow
def test_the_same_seed_learns_the_same(home, learnt):
    about = timeless(learnt)
    workspace, dataset, run = home
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "HELD_OUT_ROWS", 12)
        patch.setattr(accuracy, "HELD_OUT_PAIRS", 100)
        job = trained.work(workspace, "learn-words", LearnParams(run=run, candidate=NAME, lessons=LESSONS), dataset)
    again = LearnedWords.model_validate_json((client.folder(workspace, job) / LEARNED_FILE).read_text())
    assert timeless(again) == about


def timeless(about: LearnedWords) -> LearnedWords:
    return about.model_copy(update={"seconds": 0.0})
