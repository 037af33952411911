"""How far the other models of a run are from the best: differences on the same documents, drawn together.

Two intervals that overlap say little about two models that read the same text, since a document that is hard for one is
hard for the other; the difference, document by document, says it.
"""

from __future__ import annotations

import numpy as np

from core.evaluate.scores import intervals
from core.language.judging.uncertain import ratio
from core.results.language.laboratory import LabResult, Rival

BITS = "bits_per_byte"


def rivals(result: LabResult) -> list[Rival]:
    """What each other model needs more than the best, in bits per byte, the nearest first.

    Empty where fewer than two models were judged, or where held-out documents are too few to be drawn.
    """
    judged = {line.name: line.judged for line in result.models if line.judged is not None}
    if len(judged) < 2 or not all(one.document_bits for one in judged.values()):
        return []
    best = min(judged, key=lambda name: judged[name].scores[BITS].mean)
    n_bytes = np.asarray(judged[best].document_bytes, dtype=float)
    found = []
    for name, other in judged.items():
        more = np.asarray(other.document_bits) - np.asarray(judged[best].document_bits)
        settings = result.settings
        drawn = intervals({BITS: ratio(more, n_bytes)}, len(more), settings.seed, settings.resamples)
        found.append(Rival(model=name, more=drawn[BITS]))
    return sorted((one for one in found if one.model != best), key=lambda one: one.more.mean)
