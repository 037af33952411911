"""The job that looks into an encoder: attention over one text, its rollout, and the Shapley values beside it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.data.schema import read_model, write_model
from core.explain.attention.rollout import MADE_WEIGHTS, Inside, Looked, rank_correlation, word_rollout
from core.explain.open_candidate import OpenCandidate, open_candidate
from core.explain.readers import Reader, readers
from core.explain.row.estimate import EXACT_PLAYERS, WORD_TEXTS
from core.explain.row.rows import explain_row, open_texts
from core.explain.text.owen import pieces
from core.files import written_whole
from core.job_params import AttentionParams
from core.jobs import client
from core.jobs.context import Context
from core.messages import UnusableData, _, _n, say
from core.results.explanations.attention import ATTENTION_FILE, WEIGHTS_FILE, Attention, Token, WordShare
from core.results.explanations.rows import Explanation, Part
from core.run_jobs import for_its_run
from core.workspace import checked_id


@for_its_run
def attention(params: dict[str, Any], context: Context) -> None:
    """Look into a candidate's encoder (job kind ``attention``); writes ``attention.json`` and ``attention.npy``."""
    wanted = AttentionParams.model_validate(params)
    began = time.monotonic()
    context.progress(say(_("Opening the model")), 0.02)
    model = open_candidate(context, wanted.run, wanted.candidate, output=wanted.output, seed=wanted.seed)
    row = _row(model, wanted)
    reader, column = _reader(model, row, wanted.column)
    context.progress(say(_("Looking into {encoder}"), encoder=reader.label), 0.2)
    inside = Inside(reader.inner)
    context.check()
    looked = inside.look(reader.texts[0])
    _write_weights(looked.weights, context.folder / WEIGHTS_FILE)
    result = _described(model, wanted, reader, column, looked, str(row[column].iloc[0] or ""))
    result.seconds = time.monotonic() - began
    write_model(result, context.folder / ATTENTION_FILE)
    context.progress(say(_("Opening row {row} into columns and words"), row=wanted.row + 1), 0.4)
    _add_effects(model, wanted, result)
    result.seconds = time.monotonic() - began
    write_model(result, context.folder / ATTENTION_FILE)


def _row(model: OpenCandidate, wanted: AttentionParams) -> pd.DataFrame:
    """The row that is looked at, with the typed text in it; the model then explains this row."""
    if wanted.row not in model.rows.index:
        raise UnusableData(_("Row {row} is not in the table any more."), _("Choose another row."), row=wanted.row + 1)
    row = model.rows.loc[[wanted.row]].copy()
    texts = [name for name in model.pipeline.columns_ if _is_text(model, name)]
    if not texts:
        raise _none(model)
    if wanted.text is not None:
        column = wanted.column if wanted.column in texts else texts[0]
        row[column] = pd.Series([wanted.text], index=row.index, dtype=object)
        row = model.bundle.masked(row)
        model.rows = row
    return row


def _reader(model: OpenCandidate, row: pd.DataFrame, asked: str | None) -> tuple[Reader, str]:
    """The first language model that reads the column asked for, or any text column."""
    found = [one for one in readers(model.pipeline, row) if isinstance(one.inner, MADE_WEIGHTS)]
    for column in [*([asked] if asked else []), *model.pipeline.columns_]:
        for reader in found:
            if column in reader.columns and _is_text(model, column):
                return reader, column
    raise _none(model)


def _is_text(model: OpenCandidate, name: str) -> bool:
    column = model.schema.column(name)
    return column is not None and column.role == "text"


def _none(model: OpenCandidate) -> UnusableData:
    return UnusableData(
        _("“{name}” reads no text with a Transformer whose attention could be shown."),
        _("Choose a candidate with MiniLM, E5 or SmolLM2, frozen, tuned or joint."),
        name=model.manifest.candidate,
    )


def _described(
    model: OpenCandidate, wanted: AttentionParams, reader: Reader, column: str, looked: Looked, cell: str
) -> Attention:
    shares = looked.rollout()
    result = Attention(
        run=wanted.run,
        candidate=wanted.candidate,
        row=wanted.row,
        column=column,
        typed=wanted.text is not None,
        text=cell,
        encoder=reader.label,
        tuned=reader.tuned,
        pooling=looked.pooling,
        causal=looked.causal,
        n_layers=len(looked.weights),
        n_heads=looked.weights.shape[1],
        tokens=[
            Token(text=piece, special=end == start, rollout=float(share))
            for piece, (start, end), share in zip(looked.tokens, looked.spans, shares, strict=True)
        ],
        n_cut=looked.n_cut,
    )
    if looked.n_cut:
        text = _n(
            "The text has {n} more token than fits into the picture; the encoder reads it, this view does not.",
            "The text has {n} more tokens than fit into the picture; the encoder reads them, this view does not.",
        )
        result.notes.append(say(text, n=looked.n_cut))
    found = model.schema.column(column)
    offset = reader.texts[0].find(cell)
    if offset < 0:
        result.notes.append(say(_("The encoder reads the text in another form, so its words can't be matched.")))
        return result
    end = max((last for _first, last in looked.spans), default=0)
    spans = [span for span in pieces(cell, found.language if found else "") if span[1] + offset <= end]
    result.words = [
        WordShare(text=cell[first:last], start=first, end=last, rollout=float(share))
        for (first, last), share in zip(spans, word_rollout(looked, spans, offset), strict=True)
    ]
    return result


def _add_effects(model: OpenCandidate, wanted: AttentionParams, result: Attention) -> None:
    """Put the words' Shapley values beside their rollout: kept ones where they fit, else made now."""
    kept = None if wanted.text is not None else _kept(model.context, wanted)
    label, unit, parts = kept or _made(model, wanted, result.column)
    by_place = {(part.start, part.end): part.value for part in parts if part.level == "word"}
    for word in result.words:
        word.effect = by_place.get((word.start, word.end))
    known = [word for word in result.words if word.effect is not None]
    result.label, result.unit = label, unit
    result.correlation = rank_correlation(
        np.array([word.rollout for word in known]), np.array([word.effect for word in known], dtype=float)
    )


def _kept(context: Context, wanted: AttentionParams) -> tuple[str, str, list[Part]] | None:
    """The row's words in an explanation that the same person has had made of it."""
    if (
        wanted.explanation is None
        or client.get(context.workspace, checked_id(wanted.explanation), context.owner) is None
    ):
        return None
    made = read_model(Explanation, client.folder(context.workspace, wanted.explanation) / "explanation.json")
    if made is None or (made.run, made.candidate) != (wanted.run, wanted.candidate):
        return None
    for row in made.rows:
        parts = [part for column in row.columns if column.name == wanted.column for part in column.parts]
        if row.row == wanted.row and parts and wanted.label in {None, row.label} and made.output == wanted.output:
            return row.label, made.unit, parts
    return None


def _made(model: OpenCandidate, wanted: AttentionParams, column: str) -> tuple[str, str, list[Part]]:
    until = time.monotonic() + wanted.budget_seconds

    def over() -> bool:
        return time.monotonic() > until

    row, game = explain_row(model, wanted.row, wanted.label, exact=EXACT_PLAYERS, enough=over)
    row.columns = [effect for effect in row.columns if effect.name == column]
    open_texts(model, row, game, texts=WORD_TEXTS, enough=over)
    return row.label, model.unit, row.columns[0].parts


def _write_weights(weights: np.ndarray, path: Path) -> None:
    with written_whole(path) as place, place.open("wb") as file:
        np.save(file, weights.astype(np.float16), allow_pickle=False)
