"""From a choice to the transformer that does it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core import catalog
from core.catalog.encoders import LLM
from core.encode.batches import Progress
from core.encode.pca import Condensed
from core.messages import UnknownChoice, _
from core.plan import EncoderChoice

DENSE_ONLY = ("bow", "tfidf")


def default_name(language: str) -> str:
    """The bundled encoder that suits a language: ``"en"`` and unknown → MiniLM, all others, and several → E5."""
    return "minilm" if language in {"en", ""} else "e5"


def build(
    choice: EncoderChoice,
    language: str,
    cache_folder: Path | str | None,
    threads: int | None,
    progress: Progress | None = None,
    language_model: str = "",
) -> Any:
    """The transformer of one text column, not fitted yet.

    language_model: the one that is meant where the language model at hand is chosen

    Raises
    ------
    UnknownChoice
        The encoder can't do what was asked of it.
    """
    name = choice.name or default_name(language)
    entry = catalog.encoder(name)
    kind = catalog.load(entry.build if entry else "core.encode.frozen:FrozenEncoder")
    cache = None if cache_folder is None else str(cache_folder)
    if entry is not None and entry.learns:
        transformer = kind(language=language)
    elif name == LLM:
        transformer = kind(language_model, choice.pooling or "mean", cache)
    elif entry is not None and not entry.poolings:
        _check_fixed(entry, choice)
        transformer = kind(cache_folder=cache)
    else:
        pooling = choice.pooling or (entry.poolings[0] if entry else "")
        transformer = kind(model=name, pooling=pooling, layer=choice.layer, cache_folder=cache, threads=threads)
    if choice.pca_variance is not None:
        if name in DENSE_ONLY:
            raise UnknownChoice(
                _("Word counts are too wide for PCA."), _("Choose “TF-IDF, condensed” instead, or leave PCA off.")
            )
        transformer = Condensed(transformer, choice.pca_variance)
    transformer.progress = progress
    return transformer


def _check_fixed(entry: catalog.Encoder, choice: EncoderChoice) -> None:
    if choice.pooling not in {"", "mean"} or choice.layer != -1:
        raise UnknownChoice(
            _("The encoder “{name}” gives one row per text; its tokens and layers can't be chosen."),
            _("Leave pooling and layer as they are, or choose MiniLM."),
            name=entry.name,
        )
