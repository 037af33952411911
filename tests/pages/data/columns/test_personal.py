"""The Data page on personal data: what was found, masked, left out, or allowed to stay."""

from __future__ import annotations

import pytest

from core.data.schema import Schema, read_model
from tests.pages.conftest import words

ADDRESS = "ann.lee@mail3.example.com"


@pytest.fixture
def letters(reader) -> str:
    rows = [
        f"It broke again number {n}{f' write to {ADDRESS}' if n % 3 == 0 else ''},u{n}@web.de,{n % 2}"
        for n in range(60)
    ]
    return reader(paste="\n".join(["note,email,back", *rows]), target="back")


def column(workspace, dataset: str, name: str):
    return read_model(Schema, workspace.dataset_folder(dataset) / "schema.json").column(name)


def shown(page) -> str:
    return "\n".join(str(frame.value) for frame in page.dataframe)


def test_one_click_masks_and_one_shows_again(open_page, letters, workspace):
    page = open_page("data")
    assert not page.exception
    assert "e-mail addresses in 20 cells." in words(page)
    assert ADDRESS in page.dataframe[0].value["note"].iloc[0]
    page.button(key=f"personal-mask-{letters}-note").click().run()
    assert not page.exception
    assert column(workspace, letters, "note").masked
    assert "Masked: pseudonyms stand for them" in words(page)
    assert ADDRESS not in page.dataframe[0].value["note"].iloc[0]
    assert ADDRESS not in shown(page)
    assert any("--mask note" in code.value for code in page.code)
    page.button(key=f"personal-show-{letters}-note").click().run()
    assert ADDRESS in page.dataframe[0].value["note"].iloc[0]


def test_the_column_can_be_left_out_or_stay(open_page, letters, workspace):
    page = open_page("data")
    page.button(key=f"personal-stay-{letters}-note").click().run()
    assert column(workspace, letters, "note").personal.choice == "stay"
    assert "in 20 cells" not in words(page)
    assert column(workspace, letters, "note").role == "text"


def test_leaving_it_out_takes_the_card_away(open_page, letters, workspace):
    page = open_page("data")
    page.button(key=f"personal-out-{letters}-note").click().run()
    assert column(workspace, letters, "note").role == "ignored"
    assert "in 20 cells" not in words(page)


def test_a_column_of_addresses_is_left_out_with_its_reason_and_can_be_kept(open_page, letters, workspace):
    page = open_page("data")
    assert "Its values are personal: e-mail addresses." in words(page)
    page.button(key=f"mark-{letters}-email").click().run()
    assert column(workspace, letters, "email").role not in {"id", "ignored"}


def test_the_plan_of_the_compare_page_says_that_it_is_masked(open_page, letters, workspace):
    page = open_page("data")
    page.button(key=f"personal-mask-{letters}-note").click().run()
    page = open_page("compare")
    assert not page.exception
    assert any("--mask note" in code.value for code in page.code)
