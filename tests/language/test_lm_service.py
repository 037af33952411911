"""What a page asks of a trained model: answers that add up, and only to those whose run it is."""

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from pydantic import BaseModel

from core.catalog import RESIDENT_OPS, load
from core.catalog.language_models import ARCHITECTURES, Architecture
from core.jobs.resident.pool import Held
from core.jobs.resident.server import Question
from core.language.model import Neural
from core.language.networks.build import build
from core.language.ngram import KneserNey
from core.language.saved_models import save
from core.language.tokens import Tokens
from core.messages import AmalgamError, Cancelled
from core.results.language.inspection import (
    AttentionSeen,
    BeamTree,
    GeneratedTexts,
    LayersSeen,
    Neighbours,
    NextTokens,
)
from core.workspace import RunRow, Workspace, new_id

TEXTS = ["今天天气很好。", "明天会下雨吗？", "the cat sat on the mat", "the dog sat on the log"]


class Card(BaseModel):
    name: str


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """A run with three small models.  →  ask(op, model, …) → its answer and its parts"""
    workspace = Workspace(tmp_path_factory.mktemp("home"))
    run = new_id()
    tokens = Tokens.train("bpe", TEXTS * 3, 300)
    for name in ("transformer", "lstm"):
        shape = {**ARCHITECTURES[name].__dict__, "width": 32, "heads": 4, "feed_forward": 64, "context": 32}
        architecture = Architecture(**shape)
        torch.manual_seed(0)
        network = build(architecture, tokens.size)
        folder = workspace.run_folder(run) / "models" / name
        save(folder, Neural(network, tokens, 32), Card(name=name), architecture)
    counted = KneserNey(tokens, order=3).fit([tokens.document(text) for text in TEXTS])
    save(workspace.run_folder(run) / "models" / "ngram", counted, Card(name="ngram"))
    workspace.add_run(RunRow(run, "me", "", "lm-train", "Lab", 0.0))
    models = Held(4)

    def ask(op, model, owner="me", wish=lambda: False, **args):
        parts = []
        question = Question(
            workspace,
            owner,
            "q",
            Path(os.devnull),
            stop=wish,
            held=models,
            sink=lambda _event, data: parts.append(data),
        )
        answer = load(RESIDENT_OPS[op].run)({"model": {"run": run, "name": model}, **args}, question)
        return answer, parts

    return ask


@pytest.mark.parametrize("model", ["transformer", "lstm", "ngram"])
def test_next_tokens_add_up_at_every_stage(asked, model):
    settings = {"temperature": 0.5, "top_k": 5, "top_p": 0.9}
    answer, _parts = asked("lm-next", model, text="今天", settings=settings, most=10)
    found = NextTokens.model_validate(answer)
    assert found.stages == ["model", "temperature", "top_k", "top_p"]
    shown = np.array([token.probabilities for token in found.tokens]).sum(axis=0)
    np.testing.assert_allclose(shown + found.others, 1)
    assert found.possible[2] == 5 >= found.possible[3]
    assert found.entropy_bits[3] <= found.entropy_bits[0]
    assert found.text == "今天"


def test_a_chosen_token_goes_on_and_without_it_all_is_as_before(asked):
    before, _ = asked("lm-next", "transformer", text="the cat")
    chosen = before["tokens"][0]["token"]
    after, _ = asked("lm-next", "transformer", text="the cat", ids=[chosen])
    assert len(after["pieces"]) == len(before["pieces"]) + 1
    assert asked("lm-next", "transformer", text="the cat", ids=[])[0] == before


@pytest.mark.parametrize("model", ["transformer", "lstm", "ngram"])
def test_texts_grow_side_by_side(asked, model):
    answer, _parts = asked("lm-generate", model, text="the ", n=3, settings={"max_tokens": 20})
    found = GeneratedTexts.model_validate(answer)
    assert len(found.texts) == 3
    assert None not in found.ended
    assert asked("lm-generate", model, text="the ", n=3, settings={"max_tokens": 20})[0]["texts"] == found.texts


def test_the_tree_comes_level_by_level(asked):
    answer, parts = asked("lm-beam", "ngram", text="the ", width=3, max_tokens=6)
    tree = BeamTree.model_validate(answer)
    assert [node for part in parts for node in part["nodes"]] == answer["nodes"]
    nodes = {node.number: node for node in tree.nodes}
    path = [nodes[number] for number in tree.best]
    assert path[-1].total == pytest.approx(sum(node.log_probability for node in path))
    assert [node.parent for node in path] == [None, *tree.best[:-1]]


def test_attention_looks_back_only_and_rows_sum_to_one(asked):
    answer, _ = asked("lm-attention", "transformer", text="the cat sat on the mat " * 9)
    found = AttentionSeen.model_validate(answer)
    weights = np.array(found.weights)
    n = len(found.pieces)
    assert weights.shape == (ARCHITECTURES["transformer"].layers, 4, n, n)
    assert n == 32
    assert found.left_out > 0
    np.testing.assert_allclose(weights.sum(axis=-1), 1, atol=5e-3)
    assert np.triu(weights, 1).max() == 0


@pytest.mark.parametrize("model", ["transformer", "lstm"])
def test_the_last_layer_tells_what_the_model_tells(asked, model):
    found = LayersSeen.model_validate(asked("lm-layers", model, text="the cat")[0])
    following, _ = asked("lm-next", model, text="the cat")
    assert len(found.norms) == len(found.guesses) == ARCHITECTURES[model].layers + 1
    last = found.guesses[-1][-1][0]
    assert last.piece == following["tokens"][0]["piece"]
    assert last.probability == pytest.approx(following["tokens"][0]["probabilities"][0], abs=1e-3)


def test_neighbours_are_by_cosine(asked):
    found = Neighbours.model_validate(asked("lm-neighbours", "lstm", text="cat", most=5)[0])
    for token in found.tokens:
        cosines = [near.cosine for near in token.near]
        assert cosines == sorted(cosines, reverse=True)
        assert token.token not in [near.token for near in token.near]


def test_what_can_not_be_looked_at_is_said(asked):
    with pytest.raises(AmalgamError, match="no attention"):
        asked("lm-attention", "lstm", text="a")
    with pytest.raises(AmalgamError, match="no layers"):
        asked("lm-layers", "ngram", text="a")
    with pytest.raises(AmalgamError, match="“gone” of this run is not there"):
        asked("lm-next", "gone", text="a")
    with pytest.raises(AmalgamError, match="is not there"):
        asked("lm-next", "lstm", owner="other", text="a")
    with pytest.raises(AmalgamError, match="vocabulary"):
        asked("lm-next", "lstm", ids=[5000])


def test_a_growing_text_can_be_stopped(asked):
    looks = iter([False] * 3)
    with pytest.raises(Cancelled):
        asked("lm-generate", "transformer", text="the", n=8, wish=lambda: next(looks, True))
    assert next(looks, None) is None
