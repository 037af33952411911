"""Classes told apart by their names: above chance without a label, and never looking at one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from core.bundles import bundle
from core.data.schema import Schema
from core.encode import inference, label_scores, model_files
from core.encode.batches import progress_listener
from core.encode.frozen import FrozenEncoder
from core.encode.label_scores import LabelScorer
from core.fuse.candidates import build
from core.fuse.setting import Setting, Skipped
from core.fuse.zero_shot import ZeroShot
from core.messages import Cancelled, UnusableData
from core.plan import EncoderChoice, Plan
from tests.fuse.tables import column, tickets

TOPICS = {
    "sport": [
        "The striker scored twice in the last ten minutes.",
        "She won the marathon in a new record time.",
        "Their goalkeeper saved the penalty and the match.",
        "The coach praised the team after the final.",
        "He served an ace to win the tennis tournament.",
        "The cyclists climbed the last hill of the race.",
    ],
    "food": [
        "Add the onions and let the soup simmer gently.",
        "The pizza was crisp and the cheese delicious.",
        "Bake the bread until its crust is golden.",
        "We ordered noodles with chicken and vegetables.",
        "Her grandmother's apple pie recipe needs cinnamon.",
        "The restaurant serves fresh fish and salad.",
    ],
    "money": [
        "The bank raised interest rates on savings accounts.",
        "Shares fell after the company reported a loss.",
        "He pays off his mortgage with a monthly instalment.",
        "Investors bought bonds as inflation slowed.",
        "Her salary and taxes are paid at the end of the month.",
        "The fund returned eight per cent to its shareholders.",
    ],
}
TEXTS = pd.DataFrame({"text": [text for texts in TOPICS.values() for text in texts]})
LABELS = np.repeat(list(TOPICS), 6)


@pytest.fixture
def scorer(tmp_path_factory, unpacked_models, monkeypatch):
    """The instruct model, in a home of its own."""
    home = tmp_path_factory.mktemp("home")
    (home / "models").symlink_to(unpacked_models)
    monkeypatch.setenv("AMALGAM_HOME", str(home))
    return LabelScorer(threads=2)


def by_names(**settings) -> ZeroShot:
    return ZeroShot(FrozenEncoder(threads=2), ["text"], **settings).fit(TEXTS, LABELS)


def test_topics_are_told_apart_by_their_names():
    made = by_names()
    assert np.mean(made.predict(TEXTS) == LABELS) >= 0.85  # chance: 0.33
    assert np.allclose(made.predict_proba(TEXTS).sum(axis=1), 1)
    assert list(made.classes_) == ["food", "money", "sport"]
    assert made.leak_badge() == "label-free"
    assert made.notes() == {}


def test_labels_are_never_looked_at():
    shuffled = clone(by_names()).fit(TEXTS, np.random.default_rng(0).permutation(LABELS))
    assert np.array_equal(shuffled.predict_proba(TEXTS), by_names().predict_proba(TEXTS))


def test_names_that_mean_nothing_are_said_and_descriptions_mend_it():
    codes = pd.Series(LABELS).map({"food": 0, "money": 1, "sport": 2})
    nameless = clone(by_names()).fit(TEXTS, codes)
    assert nameless.described_ == ["class 0", "class 1", "class 2"]
    assert "“0”, “1”, “2”, which says nothing" in str(nameless.notes()["class names"])
    described = by_names(descriptions={"0": "cooking and meals", "1": "banks and finance", "2": "athletes and games"})
    described.fit(TEXTS, codes)
    assert np.mean(described.predict(TEXTS) == codes.astype(str)) >= 0.85
    assert described.notes() == {}


def test_names_are_read_as_words():
    made = clone(by_names()).fit(TEXTS, np.where(LABELS == "food", "Home_Cooking", "otherThings"))
    assert made.described_ == ["This is about home cooking.", "This is about other things."]


def test_without_texts_the_row_is_a_sentence_and_several_texts_are_joined():
    table, schema = tickets(30)
    plain = Schema(columns=[one for one in schema.columns if one.role != "text"], task="binary")
    made = build("zero-shot", Setting(plain, Plan(target="mood"), "binary", threads=2))
    assert made.frozen_work(table)[0].texts[1].startswith("hours: ")
    both = ZeroShot(FrozenEncoder(), ["title", "body"])
    frame = pd.DataFrame({"title": ["a", None, None], "body": ["b", "c", None]})
    assert list(both.frozen_work(frame)[0].texts) == ["a\nb", "c", ""]


def test_it_shares_its_encodings_with_other_candidates():
    table, schema = tickets(30)
    setting = Setting(schema, Plan(target="mood"), "binary", threads=2)
    keys = {build(name, setting).frozen_work(table)[0].key for name in ("zero-shot", "text-llm")}
    assert len(keys) == 1


@pytest.mark.parametrize(
    ("name", "plan", "task"),
    [
        ("zero-shot", Plan(target="hours"), "regression"),
        ("zero-shot:tfidf", Plan(target="mood"), "binary"),
    ],
)
def test_where_it_cannot_apply_it_is_skipped(name, plan, task):
    _table, schema = tickets(30)
    assert isinstance(build(name, Setting(schema, plan, task)), Skipped)


def test_it_is_not_condensed():
    _table, schema = tickets(30)
    plan = Plan(target="mood", encoders={"text": EncoderChoice(name="minilm", pca_variance=0.9)})
    assert isinstance(build("zero-shot", Setting(schema, plan, "binary")).encoder, FrozenEncoder)


def kept(made: ZeroShot, folder) -> pd.DataFrame:
    schema = Schema(columns=[column("text", "text", "en"), column("topic", "target")], task="multiclass")
    bundle.save(made, folder, name="zero-shot", target="topic", schema=schema, rows=TEXTS)
    return bundle.load(folder).predict(TEXTS)


def test_it_predicts_the_same_after_a_round_trip(tmp_path):
    made = by_names()
    scored = kept(made, tmp_path / "kept")
    assert list(scored["prediction"]) == list(made.predict(TEXTS))
    assert np.array_equal(scored.filter(like="probability_").to_numpy(), made.predict_proba(TEXTS))


def test_the_instruct_model_weighs_names(scorer, tmp_path):
    made = ZeroShot(scorer, ["text"]).fit(TEXTS, LABELS)
    probabilities = made.predict_proba(TEXTS)
    assert np.mean(made.predict(TEXTS) == LABELS) >= 0.6  # chance: 0.33
    assert np.allclose(made.predict_proba(TEXTS.assign(text="")), 1 / 3)  # the empty text speaks for none
    assert made.frozen_work(TEXTS) == []
    scored = kept(made, tmp_path / "kept")
    assert np.array_equal(scored.filter(like="probability_").to_numpy(), probabilities)


def test_a_label_weighs_what_its_tokens_do_one_by_one(scorer, monkeypatch):
    for module in (inference, model_files):  # 16 bits round differently on every processor
        monkeypatch.setattr(module, "precision", lambda: label_scores.torch.float32)
    scorer.fit(["good", "rather unpleasant weather"])
    texts = ["It rains.", "The sun shines all day long and nobody complains about it."]
    reader = label_scores._Reader(label_scores.load(label_scores.locate("smollm2"), 30, "smollm2"), scorer.labels_)
    expected = []
    for text in texts:
        row = []
        for label in reader.labels:
            steps = []
            for place, token in enumerate(label):
                prompt = label_scores.torch.tensor([reader.prompt(text) + label[:place]])
                with label_scores.torch.inference_mode():
                    last = reader.loaded.model(input_ids=prompt).last_hidden_state[:, -1]
                    steps.append(float(reader._log_probabilities(last, label_scores.torch.tensor([token]))))
            row.append(np.mean(steps))
        expected.append(row)
    assert np.allclose(scorer.transform(texts) + scorer.prior_, expected, atol=1e-3)


def test_weighing_says_how_far_it_is_stops_when_told_and_keeps_what_is_done(scorer, tmp_path, monkeypatch):
    monkeypatch.setattr(label_scores, "BATCH_TOKENS", 64)
    scorer.set_params(cache_folder=tmp_path).fit(list(TOPICS))
    seen = []

    def stop(done, total):
        seen.append((done, total))
        if done >= 4:
            raise Cancelled("stop")

    scorer.progress = stop
    with pytest.raises(Cancelled):
        scorer.transform(TEXTS["text"])
    n_done = seen[-1][0]
    assert seen[0] == (0, len(TEXTS))
    assert 4 <= n_done < len(TEXTS)
    scorer.progress = None
    with progress_listener(lambda done, total: seen.append((done, total))):
        scorer.transform(TEXTS["text"])
    assert seen[-1] == (len(TEXTS) - n_done, len(TEXTS) - n_done)


def test_more_texts_than_can_be_afforded_are_refused_in_a_sentence(scorer, monkeypatch):
    monkeypatch.setattr(label_scores, "MOST_TEXTS", 5)
    with pytest.raises(UnusableData, match="sample of at most 5 rows"):
        scorer.fit(["a", "b"]).transform(TEXTS["text"])
