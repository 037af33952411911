"""The job of the language lab: from what was asked to a text, then the run itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.data.schema import ReadOptions
from core.job_params import LanguageModelParams
from core.jobs.context import Context
from core.language import bundled_corpus, laboratory
from core.language.corpus import Corpus, prepare, read_column, read_text
from core.messages import UnusableData, _, say
from core.workspace import checked_id


def train(params: dict[str, Any], context: Context) -> None:
    """Train language models (job kind ``lm-train``)."""
    wanted = LanguageModelParams.model_validate(params)
    context.progress(say(_("Reading the text")), 0.0)
    laboratory.run(wanted, corpus_of(wanted, context), context)


def corpus_of(wanted: LanguageModelParams, context: Context) -> Corpus:
    """The text that was asked for, cleaned and split.

    Raises
    ------
    UnusableData, UnreadableFile, UnknownChoice
    """
    text: str | list[str]
    match wanted.source:
        case "bundled":
            text, name = bundled_corpus.documents(), bundled_corpus.NAME
        case "text":
            text, name = wanted.text, "pasted"
        case "upload":
            path = _uploaded(context.workspace.upload(wanted.upload or "", context.owner))
            text, name = read_text(path), path.name
        case "column":
            row = context.workspace.dataset(checked_id(wanted.dataset or ""), context.owner)
            if row is None:
                raise UnusableData(_("This data set is not there any more."))
            folder = context.workspace.dataset_folder(row.id)
            text, name = read_column(folder, wanted.column, wanted.beside), row.name
    parting = ReadOptions(documents=wanted.documents, lines_each=wanted.lines_each, marker=wanted.marker)
    return prepare(text, name=wanted.name or name, seed=wanted.seed, parting=parting)


def _uploaded(folder: Path) -> Path:
    files = sorted(path for path in folder.glob("*") if path.is_file()) if folder.is_dir() else []
    if not files:
        raise UnusableData(_("The uploaded file is not there any more."), _("Upload it again."))
    return files[0]
