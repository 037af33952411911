"""A run of the language lab, from what was asked to its files: finished, stopped and gone on with, and by command."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from core.__main__ import main
from core.catalog.language_models import ARCHITECTURES
from core.data.schema import read_model
from core.jobs.context import Context
from core.language import jobs, laboratory
from core.language.saved_models import load
from core.messages import Cancelled, UnknownChoice, UnusableData
from core.results.language.laboratory import LAB_FILE, LabResult, read_curve

WORDS = ["red", "green", "blue", "old", "new", "bird", "fish", "tree", "house", "walks", "sleeps", "sings", "grows"]
MODELS = ["transformer", "lstm", "ngram"]


@pytest.fixture(autouse=True)
def small(monkeypatch, workspace):
    """The presets' own kinds in a size that trains in a moment; an empty home folder."""
    for name in MODELS:
        shape = {"width": 16, "layers": 1, "heads": 2, "feed_forward": 32, "context": 16, "batch": 2}
        monkeypatch.setitem(ARCHITECTURES, name, replace(ARCHITECTURES[name], **shape))


@pytest.fixture(scope="module")
def text():
    chance = np.random.default_rng(5)
    return "\n\n".join(" ".join(chance.choice(WORDS, 14)) + "." for _ in range(60))


@pytest.fixture
def run(workspace, text, tmp_path):
    """Runs a job in a folder of its own; `after` stops it at so many looks at whether it should."""

    def go(folder="run", after=None, **wanted):
        looks = count()
        place = tmp_path / folder
        place.mkdir(exist_ok=True)
        stop = (lambda: False) if after is None else (lambda: next(looks) > after)
        params = {"source": "text", "text": text, "steps": 30, "texts": 0, "vocabulary": 320, "models": MODELS}
        jobs.train(params | wanted, Context(workspace, "me", "job", place, stop=stop))
        return place

    return go


def test_a_run_trains_judges_and_keeps_every_model(run):
    folder = run()
    result = read_model(LabResult, folder / LAB_FILE)
    assert [(line.name, line.status) for line in result.models] == [(name, "ok") for name in MODELS]
    assert result.counts.train_documents + result.counts.validation_documents + result.counts.test_documents == 60
    for line in result.models:
        model = load(folder / "models" / line.name)
        ids = model.tokens.document("red green blue")
        assert np.exp(model.log_probabilities(ids)).sum(axis=1) == pytest.approx(1, abs=1e-4)
        assert line.judged.scores["perplexity"].mean == pytest.approx(
            np.exp(line.judged.scores["cross_entropy"].mean), rel=1e-6
        )
    for name in ("transformer", "lstm"):
        curve = read_curve(folder, name)
        assert curve.steps[-1].step == 30
        assert [look.step for look in curve.validations] == list(range(1, 31))
        assert all(sample.text == sample.text.rstrip() != "" for sample in curve.samples)
        best = min(look.bits_per_byte for look in curve.validations)
        assert result.model(name).card.validation_bits_per_byte == best
    assert not list(folder.rglob("*.partial"))


def test_a_stopped_run_keeps_what_it_has_and_goes_on_to_the_same_end(run):
    whole = run("whole", models=["transformer"])
    with pytest.raises(Cancelled):
        run("stopped", after=20, models=["transformer"])
    folder = whole.parent / "stopped"
    line = read_model(LabResult, folder / LAB_FILE).models[0]
    assert line.status == "cancelled"
    assert 0 < line.card.steps < 30
    assert load(folder / "models" / "transformer").context == 16  # can be asked
    run("stopped", models=["transformer"])
    weights = [load_file(place / "models" / "transformer" / "weights.safetensors") for place in (whole, folder)]
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])
    curves = [[look.bits_per_byte for look in read_curve(one, "transformer").validations] for one in (whole, folder)]
    assert curves[0] == curves[1]


def test_one_that_was_stopped_while_it_was_judged_is_not_trained_again(run, monkeypatch, tmp_path):
    def stopped(*_parts):
        raise Cancelled("Stopped")

    with monkeypatch.context() as patch:
        patch.setattr(laboratory, "judge", stopped)
        with pytest.raises(Cancelled):
            run(models=["transformer"])
    assert read_model(LabResult, tmp_path / "run" / LAB_FILE).models[0].status == "cancelled"
    folder = run(models=["transformer"], steps=None, budget_seconds=9999)  # no test would wait for that
    assert read_model(LabResult, folder / LAB_FILE).models[0].status == "ok"
    assert [step.step for step in read_curve(folder, "transformer").steps][-1] == 30
    assert len(read_curve(folder, "transformer").validations) == 30
    assert not list(folder.glob("checkpoints/*"))


@pytest.mark.parametrize("other", [{"seed": 1}, {"text": "another"}, {"tokenizer": "characters"}, {"models": ["lstm"]}])
def test_a_folder_goes_on_with_its_own_run_only(run, text, other):
    run(models=["ngram"])
    if "text" in other:
        other = {"text": text.replace("red", "tan")}
    with pytest.raises(UnusableData, match="another"):
        run(**{"models": ["ngram"]} | other)


def test_an_unknown_model_is_named(run):
    with pytest.raises(UnknownChoice):
        run(models=["oracle"])


def test_train_generate_and_evaluate_by_command(text, tmp_path, capfd, monkeypatch):
    monkeypatch.setenv("LANG", "C.UTF-8")
    source, out = tmp_path / "text.txt", tmp_path / "models"
    source.write_text(text, encoding="utf-8")

    def spoken(*words):
        assert main(["lm", *map(str, words), "--json"]) == 0
        return json.loads(capfd.readouterr().out)

    made = spoken(
        "train", source, "--models", "lstm,ngram", "--steps", 20, "--texts", 0, "--vocabulary", 320, "--out", out
    )
    assert [line["model"] for line in made["models"]] == ["lstm", "ngram"]
    assert {"parameters", "bits_per_byte", "perplexity", "token_accuracy", "tokens_per_second"} <= set(
        made["models"][0]
    )
    asked = ("generate", out, "--model", "ngram", "--prompt", "red", "--tokens", 8, "--n", 2, "--seed", 4)
    written = spoken(*asked)
    assert len(written["texts"]) == 2
    assert all(one["text"].startswith("red") for one in written["texts"])
    assert spoken(*asked) == written
    held_out = tmp_path / "other.txt"
    held_out.write_text("\n\n".join(text.split("\n\n")[:12]), encoding="utf-8")
    scored = {line["model"]: line for line in spoken("evaluate", out, held_out)["models"]}
    assert scored["ngram"]["bits_per_byte"] < made["models"][1]["bits_per_byte"]  # it has read most of this
    assert main(["lm", "generate", str(out), "--model", "oracle"]) != 0
