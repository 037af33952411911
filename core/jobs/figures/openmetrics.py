"""The text form of OpenMetrics 1.0: families of figures, each with its type, unit, a sentence and its samples."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

MEDIA_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"
_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*", re.ASCII)
_ESCAPED = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


@dataclass(frozen=True)
class Sample:
    """One figure of a family; `suffix` is what its kind demands, as ``_total``."""

    value: float
    labels: Mapping[str, str] = field(default_factory=dict)
    suffix: str = ""


@dataclass(frozen=True)
class Family:
    """Figures of one name.

    Parameters
    ----------
    unit : str
        The name ends with it: ``seconds``, ``bytes``.
    """

    name: str
    kind: Literal["gauge", "counter", "histogram"]
    about: str
    samples: tuple[Sample, ...]
    unit: str = ""


def histogram(labels: Mapping[str, str], buckets: Mapping[float, float], total: float) -> list[Sample]:
    """The samples of one histogram.

    Parameters
    ----------
    buckets : mapping
        Upper bound, infinity among them → how many lie between it and the bound before.
    total : float
        The sum of all that was observed.

    Examples
    --------
    >>> [sample.value for sample in histogram({}, {1.0: 2, math.inf: 1}, 9.5)]
    [2.0, 3.0, 3.0, 9.5]
    """
    samples, so_far = [], 0.0
    for bound in sorted(buckets):
        so_far += buckets[bound]
        samples.append(Sample(so_far, {**labels, "le": number(bound, whole=False)}, "_bucket"))
    return [*samples, Sample(so_far, labels, "_count"), Sample(total, labels, "_sum")]


def number(value: float, *, whole: bool = True) -> str:
    """A figure as it stands in the text; `whole`: without a point where it needs none.

    Examples
    --------
    >>> number(3.0), number(0.25), number(math.inf), number(1.0, whole=False)
    ('3', '0.25', '+Inf', '1.0')
    """
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    if math.isnan(value):
        return "NaN"
    return str(int(value)) if whole and value == int(value) and abs(value) < 2**53 else repr(float(value))


def text(families: Iterable[Family]) -> str:
    """The whole answer.

    Raises
    ------
    ValueError
        A name is none, or lacks its unit: a fault of ours.

    Examples
    --------
    >>> print(text([Family("jobs", "gauge", "Jobs now.", (Sample(2, {"state": "queued"}),))]), end="")
    # TYPE jobs gauge
    # HELP jobs Jobs now.
    jobs{state="queued"} 2
    # EOF
    """
    lines = []
    for family in families:
        if not _NAME.fullmatch(family.name) or not family.name.endswith(family.unit):
            raise ValueError(f"{family.name} is no name for a figure in {family.unit or 'no unit'}")
        lines.append(f"# TYPE {family.name} {family.kind}")
        if family.unit:
            lines.append(f"# UNIT {family.name} {family.unit}")
        lines.append(f"# HELP {family.name} {family.about.translate(_ESCAPED)}")
        lines += [_line(family.name, sample) for sample in family.samples]
    return "\n".join([*lines, "# EOF"]) + "\n"


def _line(name: str, sample: Sample) -> str:
    if wrong := [label for label in sample.labels if not _NAME.fullmatch(label)]:
        raise ValueError(f"{wrong[0]} is no name for a label")
    labels = ",".join(f'{label}="{value.translate(_ESCAPED)}"' for label, value in sample.labels.items())
    return f"{name}{sample.suffix}{'{' + labels + '}' if labels else ''} {number(sample.value)}"
