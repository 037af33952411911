"""What every chart of results shares: colours that colour-blind eyes tell apart, literal text, axes, downloads."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from pydantic import BaseModel

from core.messages import clip
from core.results.comparison import Interval
from pages.shared.i18n import language

ACCENT = "#0072B2"  # Okabe and Ito's palette
SECOND = "#D55E00"
GREY = "#8A8F98"
DARK_GREY = "#6A7079"  # white letters can be read on it
SERIES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8A8F98", "#B8A500")
FOR, AGAINST = ACCENT, SECOND  # pushes toward what is explained, pushes away from it
PALE, DEEP = (220, 232, 241), (0, 90, 143)  # opaque: a number on them reads the same whatever the theme
BLUES = [[0.0, f"rgb{PALE}"], [1.0, f"rgb{DEEP}"]]
CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
    "modeBarButtonsToAdd": ["toImage"],
    "toImageButtonOptions": {"format": "svg", "filename": "amalgam"},
}


def literal(text: object, length: int = 60) -> str:
    """Untrusted text for a chart, where Plotly would read tags and entities: shown as it is written."""
    return clip(str(text), length).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def literals(texts: Iterable[object], length: int = 60) -> dict[object, str]:
    """Texts as places on an axis: two that are cut to the same words stay two."""
    found: dict[object, str] = {}
    for text in dict.fromkeys(texts):
        label, number = literal(text, length), 2
        while label in found.values():
            label, number = f"{literal(text, length)} ({number})", number + 1
        found[text] = label
    return found


class Finished(go.Figure):
    """A figure that changes no more and is shown again and again: what is sent is put together once."""

    def __init__(self, figure: go.Figure) -> None:
        super().__init__(figure)
        self._sent = super().to_dict()

    def to_dict(self) -> dict[str, Any]:
        return self._sent


@dataclass(frozen=True)
class _Kept:
    """What tells one kept thing from another, and how it is made."""

    name: str
    about: str
    words: str
    build: Callable[[], Any] = field(compare=False)


@lru_cache(maxsize=64)
def _made(one: _Kept) -> Any:
    return one.build()


def kept(name: str, about: BaseModel, build: Callable[[], go.Figure]) -> go.Figure:
    """A figure built once for what it shows and the language: building takes longer than a page may."""
    figure: go.Figure = _made(_Kept(name, about.model_dump_json(), language(), lambda: Finished(build())))
    return figure


def kept_table(name: str, about: BaseModel, build: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """The same for a table. It is shared: for reading only."""
    frame: pd.DataFrame = _made(_Kept(name, about.model_dump_json(), language(), build))
    return frame


def figure(height: int = 360) -> go.Figure:
    """An empty chart with our margins; the theme's fonts and colours come from Streamlit, also when it changes."""
    chart = go.Figure()
    chart.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 24, "b": 8},
        colorway=list(SERIES),
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        hoverlabel={"align": "left"},
    )
    chart.update_xaxes(automargin=True, zerolinewidth=1)
    chart.update_yaxes(automargin=True, zerolinewidth=1)
    return chart


def reach(scores: Sequence[Interval]) -> dict[str, Any]:
    """The error bars of scores: from each mean to the ends of its interval."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [max(0.0, score.high - score.mean) for score in scores],
        "arrayminus": [max(0.0, score.mean - score.low) for score in scores],
        "thickness": 2,
        "width": 5,
    }


def ink(share: float) -> str:
    """Black or white, whichever can be read better on the shade of this share, 0 to 1.

    One of the two always has a contrast of 4.5 or more (WCAG 2.2, 1.4.3, which defines luminance and contrast).
    """
    parts = [((1 - share) * pale + share * deep) / 255 for pale, deep in zip(PALE, DEEP, strict=True)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000000" if (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) else "#ffffff"


def config(name: str, kind: str = "svg") -> dict[str, Any]:
    """The chart's own tool bar; its camera saves under this name as PNG or SVG."""
    return CONFIG | {"toImageButtonOptions": {"format": kind, "filename": name, "scale": 2}}


def csv_bytes(table: pd.DataFrame) -> bytes:
    """A table as CSV that a spreadsheet opens without running anything: a cell that begins like a formula is quoted."""
    safe = table.copy()
    for name in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[name]):
            safe[name] = safe[name].map(_harmless)
    target = io.StringIO()
    safe.rename(columns=_harmless).to_csv(target, index=False)
    return target.getvalue().encode("utf-8-sig")


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
