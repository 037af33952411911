"""Numbers on shaded squares can be read in both themes, whatever the shade (WCAG 2.2, 1.4.3: contrast 4.5 at least)."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from streamlit.elements.lib import streamlit_plotly_theme

from pages.parts import drawing, result_charts, score_charts

CONFIG = Path(__file__).parent.parent.parent / ".streamlit" / "config.toml"
INK = {"light": "#262730", "dark": "#fafafa"}  # what Streamlit 1.67 puts in the place of its GRAY_90


def rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)], dtype=float)


def luminance(colour: np.ndarray) -> float:
    parts = colour / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(first: np.ndarray, second: np.ndarray) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_as_the_guideline_has_it():
    assert contrast(rgb("#000000"), rgb("#ffffff")) == pytest.approx(21.0)
    assert contrast(rgb("#777777"), rgb("#ffffff")) == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_shade_lets_its_number_be_read(theme):
    ground = rgb(tomllib.loads(CONFIG.read_text())["theme"][theme]["backgroundColor"])
    (first, last) = ([float(part) for part in re.findall(r"[\d.]+", colour)] for _place, colour in drawing.BLUES)
    for share in np.linspace(0, 1, 101):
        red, green, blue, alpha = (1 - share) * np.array(first) + share * np.array(last)
        shade = alpha * np.array([red, green, blue]) + (1 - alpha) * ground
        assert contrast(shade, rgb(INK[theme])) >= 4.5, share


@pytest.mark.parametrize(
    "chart",
    [
        lambda: score_charts.confusion([[0, 5, 5], [9, 0, 1], [2, 2, 6]], ["a", "b", "c"]),
        lambda: result_charts.agreement([70, 10, 15, 5]),
    ],
)
def test_numbers_take_the_ink_of_the_theme_of_the_moment(chart):
    assert drawing.INK == streamlit_plotly_theme.GRAY_90
    notes = chart().layout.annotations
    assert len(notes) in (4, 9)
    assert {note.font.color for note in notes} == {drawing.INK}
