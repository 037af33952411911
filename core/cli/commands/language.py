"""``lm``: train language models from scratch on a text, let them write, score them on another text."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from core.catalog.language_metrics import LANGUAGE_METRICS
from core.cli.printed.leaderboard import padded
from core.cli.reading import parting
from core.cli.tables import check_files, tell
from core.cli.terminal import Terminal
from core.data import table
from core.data.reading import read_files
from core.data.schema import ReadOptions, read_model
from core.data.texts.documents import split
from core.job_params import LanguageModelParams
from core.jobs import limits
from core.jobs.context import Context
from core.language import bundled_corpus, laboratory
from core.language.corpus import Corpus, clean, prepare, read_text
from core.language.decoding.sample import samples
from core.language.judging import held_out
from core.language.saved_models import load
from core.messages import UnknownChoice, UnusableData, _, _n, say
from core.results.comparison import Interval
from core.results.language.laboratory import CARD, LAB_FILE, Decoding, LabResult, ModelCard
from core.workspace import COMMAND_LINE, Workspace, new_id

BUNDLED = "bundled"
SHOWN = ("bits_per_byte", "perplexity", "token_accuracy", "distinct_2", "self_bleu", "coherence")


def lm(options: argparse.Namespace, terminal: Terminal) -> int:
    """Train, generate or evaluate."""
    actions = {"train": train, "generate": generate, "evaluate": evaluate}
    return actions[options.action](options, terminal)


def train(options: argparse.Namespace, terminal: Terminal) -> int:
    """Train models and judge them; a folder that was left half way is gone on with."""
    wanted = LanguageModelParams(
        models=[name.strip() for name in options.models.split(",") if name.strip()],
        tokenizer=options.tokenizer,
        vocabulary=options.vocabulary,
        budget_seconds=options.budget,
        steps=options.steps,
        learning_rate=options.learning_rate,
        texts=options.texts,
        find_rate=options.find_rate,
        processes=options.processes,
        tune=options.tune or "",
        tune_steps=options.tune_steps,
        seed=options.seed,
    )
    corpus = _corpus(options.text, terminal, options.seed, ReadOptions(**parting(options)))
    with tempfile.TemporaryDirectory(prefix="amalgam-") as place:
        folder: Path = options.out or Path(place)
        _ours(folder)
        folder.mkdir(parents=True, exist_ok=True)
        context = Context(
            Workspace(), COMMAND_LINE, new_id(), folder, terminal.progress, threads=limits.slot_threads("heavy")
        )
        result = laboratory.run(wanted, corpus, context)
    if options.json:
        terminal.document(document_of(result))
    else:
        _show(result, terminal)
    return 0


def document_of(result: LabResult) -> dict[str, Any]:
    """A run as it is printed in JSON: plain numbers first, then all of them with their intervals."""
    models = []
    for line in result.models:
        card, scores = line.card, line.judged.scores if line.judged else {}
        models.append(
            {
                "model": line.name,
                "parameters": card.parameters if card else None,
                **{name: scores[name].mean if name in scores else None for name in SHOWN},
                "tokens_per_second": card.tokens_per_second if card else None,
                "train_seconds": card.train_seconds if card else None,
                "steps": card.steps if card else None,
                "scores": {name: score.model_dump() for name, score in scores.items()},
            }
        )
    return {
        "corpus": result.corpus,
        "counts": result.counts.model_dump(),
        "tokenizer": result.tokenizer,
        "vocabulary": result.vocabulary,
        "seed": result.seed,
        "models": models,
        "rivals": [one.model_dump() for one in result.rivals],
        "references": result.references.model_dump(mode="json"),
        "tuned": [one.model_dump(mode="json") for one in result.tuned],
        "finders": [one.model_dump(exclude={"points"}) for one in result.finders],
        "parallel": [one.model_dump() for one in result.parallel],
    }


def generate(options: argparse.Namespace, terminal: Terminal) -> int:
    """Let a trained model write on."""
    name, folder = _model(options.folder, options.model)
    settings = Decoding(
        temperature=options.temperature,
        top_k=options.top_k,
        top_p=options.top_p,
        min_p=options.min_p,
        repetition_penalty=options.repetition_penalty,
        max_tokens=options.tokens,
        seed=options.seed,
    )
    texts, ended = [options.prompt] * options.n, [""] * options.n
    for piece in samples(load(folder), options.prompt, settings, options.n, options.stop):
        texts[piece.sample] += piece.text
        ended[piece.sample] = piece.ended or ""
        terminal.progress(say(_("Writing")), None, None)
    if options.json:
        made = [{"text": text, "ended": why} for text, why in zip(texts, ended, strict=True)]
        terminal.document({"model": name, "prompt": options.prompt, "settings": settings.model_dump(), "texts": made})
    else:
        terminal.show(("\n\n" + "-" * 20 + "\n\n").join(texts))
    return 0


def evaluate(options: argparse.Namespace, terminal: Terminal) -> int:
    """Score trained models on a text of one's own, all of it held out."""
    names = [options.model] if options.model else _names(options.folder)
    documents = [
        text for one in _documents(options.text, terminal, ReadOptions(**parting(options))) if (text := clean(one))
    ]
    if not documents:
        raise UnusableData(_("There is no text in “{file}”."), file=str(options.text))
    lines = []
    for name in names:
        _name, folder = _model(options.folder, name)
        found = held_out.score_tokens(load(folder), documents, _progress(terminal, name))
        lines.append((name, held_out.scores(found, seed=options.seed), read_model(ModelCard, folder / CARD)))
    if options.json:
        terminal.document(
            {
                "documents": len(documents),
                "bytes": sum(len(text.encode()) for text in documents),
                "models": [
                    {
                        "model": name,
                        "parameters": card.parameters if card else None,
                        **{score: interval.mean for score, interval in scores.items()},
                        "scores": {score: interval.model_dump() for score, interval in scores.items()},
                    }
                    for name, scores, card in lines
                ],
            }
        )
    else:
        _table([(name, scores) for name, scores, _card in lines], terminal)
    return 0


def _progress(terminal: Terminal, name: str) -> Callable[[float], None]:
    stage = say(_("Judging {model}"), model=name)
    return lambda share: terminal.progress(stage, share, None)


def _corpus(text: str, terminal: Terminal, seed: int, parting: ReadOptions) -> Corpus:
    if text == BUNDLED:
        return prepare(bundled_corpus.documents(), name=bundled_corpus.NAME, seed=seed)
    return prepare(_documents(text, terminal, parting), name=Path(text).name, seed=seed)


def _documents(text: str, terminal: Terminal, parting: ReadOptions) -> list[str]:
    """From ``bundled``, a plain text file, or a table's column, ``FILE:COLUMN``."""
    if text == BUNDLED:
        return bundled_corpus.documents()
    path, column = Path(text), ""
    if not path.is_file() and ":" in text:
        name, _colon, column = text.rpartition(":")
        path = Path(name)
    check_files([path])
    if not column:
        return split(read_text(path), parting, path.name)
    with tempfile.TemporaryDirectory(prefix="amalgam-") as place:
        tell(read_files([path], ReadOptions(), Path(place)), terminal)
        frame = table.load(Path(place))
    if column not in frame.columns:
        raise UnknownChoice(
            _("There is no column “{column}”."), _("The columns are: {columns}."),
            column=column, columns=list(frame.columns),
        )  # fmt: skip
    cells = frame[column].fillna("").astype(str)
    return [str(cell) for cell in np.asarray(cells, dtype=object)]


def _ours(folder: Path) -> None:
    """A folder that holds something else is left alone."""
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir()) and not (folder / LAB_FILE).is_file()):
        raise UnusableData(_("“{folder}” exists already."), _("Choose another place."), folder=str(folder))


def _names(folder: Path) -> list[str]:
    names = sorted(path.parent.name for path in (folder / "models").glob(f"*/{CARD}"))
    if not names:
        raise UnusableData(
            _("There is no trained language model in “{folder}”."), _("Train some with “lm train”."), folder=str(folder)
        )
    return names


def _model(folder: Path, name: str | None) -> tuple[str, Path]:
    """The model of this name, or the first one."""
    known = _names(folder)
    chosen = name or known[0]
    if chosen not in known:
        raise UnknownChoice(
            _("There is no model called “{name}” here."), _("Choose one of: {known}."), name=chosen, known=known
        )
    return chosen, folder / "models" / chosen


def _show(result: LabResult, terminal: Terminal) -> None:
    counts = result.counts
    terminal.show(
        terminal.t(
            say(
                _n(
                    "{n:,} document, {bytes:,} bytes; left out: {exact:,} repeated, {near:,} nearly repeated.",
                    "{n:,} documents, {bytes:,} bytes; left out: {exact:,} repeated, {near:,} nearly repeated.",
                ),
                n=counts.documents,
                bytes=counts.bytes,
                exact=counts.exact_duplicates,
                near=counts.near_duplicates,
            )
        )
    )
    _table([(line.name, line.judged.scores) for line in result.models if line.judged], terminal)


def _table(lines: list[tuple[str, dict[str, Interval]]], terminal: Terminal) -> None:
    shown = [name for name in SHOWN if any(name in scores for _name, scores in lines)]
    labels = [terminal.t(LANGUAGE_METRICS[name].label) for name in shown]
    terminal.show(padded("", 14) + "".join(padded(label, 24) for label in labels))
    for name, scores in lines:
        cells = [
            f"{scores[one].mean:.3f} ({scores[one].low:.3f} – {scores[one].high:.3f})" if one in scores else "–"
            for one in shown
        ]
        terminal.show(padded(name, 14) + "".join(padded(cell, 24) for cell in cells))
