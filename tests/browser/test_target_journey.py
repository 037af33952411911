"""A target with a long tail in a real browser: ranges with a click, and back."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser import journey

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    """Prices whose logarithm is a sum of two columns, one of them in kg."""
    random = np.random.default_rng(0)
    kilos, rooms = random.normal(0, 1, 150), random.normal(0, 1, 150)
    prices = np.expm1(4 + kilos + 0.8 * rooms)
    rows = [
        f'"{2000 + 400 * one:,.1f} kg",{two:.3f},{price:.2f}'
        for one, two, price in zip(kilos, rooms, prices, strict=True)
    ]
    path = tmp_path_factory.mktemp("homes") / "homes.csv"
    path.write_text("\n".join(["weight,rooms,price", *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.slow
def test_ranges_are_made_with_a_click_and_taken_back(server, page, homes):
    journey.upload(server, page, homes)
    journey.choose(page, "Predict", "price")
    expect(page.get_by_text("has a long tail").first).to_be_visible()
    page.get_by_role("button", name="Predict ranges").click()
    expect(page.get_by_text("“price” is predicted as ranges: below").first).to_be_visible()
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_text("has a long tail").first).to_be_visible()
