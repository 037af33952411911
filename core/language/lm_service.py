"""What the resident worker answers about a trained language model: next tokens, texts, beams, and looks inside."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from core.jobs import client
from core.jobs.resident.server import Question
from core.language.decoding.beam import Node, beam, best
from core.language.decoding.sample import continued
from core.language.decoding.shape import stages
from core.language.inspection import attention_weights, neighbours, shown, streams
from core.language.model import LanguageModel, read
from core.language.saved_models import load
from core.messages import UnusableData, _
from core.results.language.inspection import (
    AskBeam,
    Asked,
    AskGenerate,
    AskNeighbours,
    AskNext,
    AttentionSeen,
    BeamNode,
    BeamTree,
    GeneratedTexts,
    Guess,
    LayersSeen,
    Near,
    Neighbours,
    NeighboursOf,
    NextToken,
    NextTokens,
    TrainedModel,
)
from core.results.language.laboratory import CARD
from core.workspace import checked_id

PART_SECONDS = 0.1  # between two looks at growing texts
GUESSES = 3
MOST_NEIGHBOURED = 12  # different tokens of a text


def next_tokens(args: dict[str, Any], question: Question) -> dict[str, Any]:
    """Question ``lm-next``: what may follow, and how each setting changes it."""
    wanted = AskNext.model_validate(args)
    model = opened(question, wanted.model)
    ids = _ids(model, wanted)
    following, _state = read(model, np.array(ids, dtype=np.int32))
    acted = list(stages(following, wanted.settings, ids))
    probabilities = np.array([p for _name, p in acted])  # (stages, vocabulary)
    likeliest = np.argsort(-probabilities[0], kind="stable")[: wanted.most]
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = -np.nansum(probabilities * np.log2(probabilities), axis=1)
    return NextTokens(
        text=model.tokens.decode(ids),
        pieces=[model.tokens.piece(token) for token in ids],
        ended=bool(wanted.ids) and wanted.ids[-1] == model.tokens.begin,
        stages=[name for name, _p in acted],
        tokens=[
            NextToken(
                token=int(token), piece=model.tokens.piece(int(token)), probabilities=probabilities[:, token].tolist()
            )
            for token in likeliest
        ],
        others=(1 - probabilities[:, likeliest].sum(axis=1)).clip(0).tolist(),
        possible=(probabilities > 0).sum(axis=1).tolist(),
        entropy_bits=bits.clip(0).tolist(),
    ).model_dump(mode="json")


def generate(args: dict[str, Any], question: Question) -> dict[str, Any]:
    """Question ``lm-generate``: texts that grow side by side."""
    wanted = AskGenerate.model_validate(args)
    model = opened(question, wanted.model)
    began = last = time.monotonic()
    made = GeneratedTexts(texts=[""] * wanted.n, ended=[None] * wanted.n, tokens=0, seconds=0.0)
    for piece in continued(model, _ids(model, wanted), wanted.settings, wanted.n, wanted.stop):
        question.check()
        made.texts[piece.sample] += piece.text
        made.ended[piece.sample] = piece.ended
        made.tokens += 1
        now = time.monotonic()
        made.seconds = now - began
        if now - last > PART_SECONDS:
            last = now
            question.partial(made.model_dump(mode="json"))
    return made.model_dump(mode="json")


def beams(args: dict[str, Any], question: Question) -> dict[str, Any]:
    """Question ``lm-beam``: the tree; each part of the answer is its next level."""
    wanted = AskBeam.model_validate(args)
    model = opened(question, wanted.model)
    tree, levels = BeamTree(nodes=[]), []
    for level in beam(
        model,
        _ids(model, wanted),
        width=wanted.width,
        max_tokens=wanted.max_tokens,
        length_penalty=wanted.length_penalty,
    ):
        levels.append(level)
        grown = [_node(model, node) for node in level]
        tree.nodes += grown
        question.partial(BeamTree(nodes=grown).model_dump(mode="json"))
    path = best(levels)
    tree.best = [node.number for node in path]
    tree.text = model.tokens.decode([node.token for node in path])
    return tree.model_dump(mode="json")


def attention(args: dict[str, Any], question: Question) -> dict[str, Any]:
    """Question ``lm-attention``: where each position looks, by layer and head."""
    wanted = Asked.model_validate(args)
    model = opened(question, wanted.model)
    ids = _ids(model, wanted)
    seen = shown(model, ids)
    return AttentionSeen(
        pieces=[model.tokens.piece(token) for token in seen],
        left_out=len(ids) - len(seen),
        weights=attention_weights(model, seen).round(4).tolist(),
    ).model_dump(mode="json")


def layers(args: dict[str, Any], question: Question) -> dict[str, Any]:
    """Question ``lm-layers``: how the vectors grow and move, and what each layer would tell."""
    wanted = Asked.model_validate(args)
    model = opened(question, wanted.model)
    ids = _ids(model, wanted)
    seen = shown(model, ids)
    found = streams(model, seen)
    norms = np.linalg.norm(found.vectors, axis=-1)
    moved = np.linalg.norm(np.diff(found.vectors, axis=0, prepend=found.vectors[:1]), axis=-1)
    return LayersSeen(
        pieces=[model.tokens.piece(token) for token in seen],
        left_out=len(ids) - len(seen),
        norms=norms.round(3).tolist(),
        changes=(moved / np.maximum(norms, 1e-9)).round(3).tolist(),
        guesses=[[_guesses(model, row) for row in layer] for layer in found.log_probabilities],
    ).model_dump(mode="json")


def near(args: dict[str, Any], question: Question) -> dict[str, Any]:
    """Question ``lm-neighbours``: which tokens the network holds alike."""
    wanted = AskNeighbours.model_validate(args)
    model = opened(question, wanted.model)
    piece = model.tokens.piece
    different = list(dict.fromkeys(_ids(model, wanted)[1:]))[:MOST_NEIGHBOURED]
    return Neighbours(
        tokens=[
            NeighboursOf(
                token=token,
                piece=piece(token),
                near=[
                    Near(token=other, piece=piece(other), cosine=cosine)
                    for other, cosine in neighbours(model, token, wanted.most)
                ],
            )
            for token in different
        ]
    ).model_dump(mode="json")


def opened(question: Question, wanted: TrainedModel) -> LanguageModel:
    """A model of the asker's own run, finished or under way, kept in memory between questions.

    Raises
    ------
    UnusableData
        It is not there, or not theirs.
    """
    run, workspace = checked_id(wanted.run), question.workspace
    theirs = workspace.run(run, question.owner) or client.get(workspace, run, question.owner)
    folder = client.folder(workspace, run) / "models" / wanted.name
    card = folder / CARD
    if theirs is None or not card.is_file():
        raise UnusableData(
            _("The model “{name}” of this run is not there."), _("Train it, or choose another."), name=wanted.name
        )
    key = ("language model", question.owner, run, wanted.name, card.stat().st_mtime_ns)
    with question.held.use(key, lambda: load(folder), question.check) as model:
        return model  # it is only read, so questions need not wait for each other


def _ids(model: LanguageModel, wanted: Asked) -> list[int]:
    unknown = [token for token in wanted.ids if not 0 <= token < model.tokens.size]
    if unknown:
        raise UnusableData(_("Token {n} is not in the model’s vocabulary."), n=unknown[0])
    return [int(token) for token in model.tokens.document(wanted.text)] + wanted.ids


def _guesses(model: LanguageModel, row: np.ndarray) -> list[Guess]:
    likeliest: Sequence[int] = np.argsort(-row, kind="stable")[:GUESSES].tolist()
    return [
        Guess(piece=model.tokens.piece(token), probability=round(float(np.exp(row[token])), 4)) for token in likeliest
    ]


def _node(model: LanguageModel, node: Node) -> BeamNode:
    return BeamNode(
        number=node.number,
        parent=node.parent,
        depth=node.depth,
        token=node.token,
        piece=model.tokens.piece(node.token),
        log_probability=node.log_probability,
        total=node.total,
        score=node.score,
        state=node.state,
    )
