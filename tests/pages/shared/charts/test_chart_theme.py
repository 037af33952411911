"""Numbers on shaded squares can be read in both themes, whatever the shade (WCAG 2.2, 1.4.3: contrast 4.5 at least)."""

from __future__ import annotations

import re

import numpy as np
import plotly.colors
import pytest

from pages.results.charts import mistakes, two_candidates
from pages.shared.charts import chart_theme


def luminance(colour: np.ndarray) -> float:
    parts = colour / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(first: np.ndarray, second: np.ndarray) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def rgb(colour: str) -> np.ndarray:
    if colour.startswith("#"):
        return np.array(plotly.colors.hex_to_rgb(colour), dtype=float)
    return np.array([float(part) for part in re.fullmatch(r"rgb\((.+)\)", colour)[1].split(",")])


def shade(share: float) -> np.ndarray:
    """As Plotly draws it; opaque, so that no theme shines through."""
    return rgb(plotly.colors.sample_colorscale(chart_theme.BLUES, [share])[0])


def test_contrast_is_as_the_guideline_has_it():
    assert contrast(rgb("#000000"), rgb("#ffffff")) == pytest.approx(21.0)
    assert contrast(rgb("#777777"), rgb("#ffffff")) == pytest.approx(4.48, abs=0.005)


def test_every_shade_lets_its_number_be_read():
    inks = {share: chart_theme.ink(share) for share in np.linspace(0, 1, 201)}
    assert set(inks.values()) == {"#000000", "#ffffff"}
    assert min(contrast(shade(share), rgb(ink)) for share, ink in inks.items()) >= 4.5


def test_each_square_of_a_chart_has_the_ink_of_its_shade():
    matrix = [[90, 5, 5], [40, 50, 10], [0, 0, 0]]
    notes = mistakes.confusion(matrix, ["a", "b", "c"]).layout.annotations
    inks = [chart_theme.ink(cell / max(1, sum(row))) for row in matrix for cell in row]
    assert [note.font.color for note in notes] == inks
    assert len(set(inks)) == 2
    notes = two_candidates.agreement([80, 10, 5, 5]).layout.annotations
    assert [note.font.color for note in notes] == [chart_theme.ink(share) for share in (0.8, 0.1, 0.05, 0.05)]
