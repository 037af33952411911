"""Names inside of texts are found by a title, a greeting, a signature; what only looks like them is not."""

from __future__ import annotations

import re
import time

import polars as pl
import pytest

from core.data.personal import masking, named
from core.data.personal.patterns import MAYBE, find


def names(text: str) -> list[str]:
    return [text[one.start : one.end] for one in find(text) if one.kind == "name"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dear Mrs Jane Smith, thank you", ["Jane Smith"]),
        ("then Mr. O'Neil and Dr. J. R. Ewing came", ["O'Neil", "J. R. Ewing"]),
        ("Mr. Smith I would like my money back", ["Smith"]),
        ("Mr. Vincent Price came", ["Vincent Price"]),
        ("Sehr geehrter Herr Dr. Müller, vielen Dank", ["Müller"]),
        ("Frau von der Leyen kam", ["von der Leyen"]),
        ("Monsieur Dupont est là. Señora García también", ["Dupont", "García"]),
        ("Hi Mark, how are you?", ["Mark"]),
        ("It broke. Hello Emma! Can you help?", ["Emma"]),
        ("Уважаемый Иван Петрович, добрый день", ["Иван Петрович"]),
        ("It broke.\n\nBest regards,\nJane Smith", ["Jane Smith"]),
        ("It broke. Kind regards\n\nPriyanka Gupta\nBerlin", ["Priyanka Gupta"]),
        ("Danke. Mit freundlichen Grüßen\nHans Meier", ["Hans Meier"]),
        ("All good. Thanks, Emma", ["Emma"]),
        ("My name is John O'Neil and I bought it", ["John O'Neil"]),
        ("请王小明先生接电话", ["王小明"]),
        ("李医生说，张女士来了", ["李", "张"]),
        ("欧阳小红小姐你好", ["欧阳小红"]),
        ("于是高先生来了", ["高"]),
        ("你好，我叫王小明，想退货", ["王小明"]),
    ],
)
def test_a_marked_name_is_found(text, expected):
    assert names(text) == expected
    assert re.search(MAYBE, text)
    assert pl.Series([text]).str.contains(MAYBE).all()


@pytest.mark.parametrize(
    "text",
    [
        "Dear Customer, your parcel is late",
        "Dear Hiring Manager,",
        "Dear Sir or Madam,",
        "Sehr geehrte Damen und Herren,",
        "Hello World! Hello Kitty, hello there",
        "Mr. Price is right and Mr. Right is late",
        "Dr. Pepper and Dr. Martens are brands",
        "Thank you, Mr President",
        "Ms Word crashed again",
        "I Miss New York",
        "at 12 Maple Dr. Springfield",
        "Best regards,\nThe Support Team",
        "Kind regards,\nAcme Ltd",
        "Thanks\nGreat Product",
        "This is the best\nJordan shoes",
        "Best Western is a hotel; Love Actually is a film",
        "任何女士都可以，各位先生女士",
        "提高老师水平，高级经理，金融教授",
        "老师很好，医生也好",
        "he drives, mr. and mrs. are titles",
    ],
)
def test_what_is_no_name_of_a_person_is_not_found(text):
    assert names(text) == []


def test_a_name_has_one_pseudonym_whatever_marks_it():
    key = "k"
    made = masking.pseudonym("name", "Jane Smith", key)
    text = "Dear Mrs Jane Smith,\nmy name is jane.\n\nBest regards,\nJane Smith"
    masked = masking.mask_text(text, key)
    assert masked == f"Dear Mrs {made},\nmy name is jane.\n\nBest regards,\n{made}"
    assert masking.mask_text(masked, key) == masked


def test_an_address_beside_a_name_stays_an_address():
    text = "Best regards,\nJane Smith jane@web.de"
    assert [one.kind for one in find("Dear Mr Lee, write to ann@web.de")] == ["name", "email"]
    assert "email" in [one.kind for one in find(text)]


@pytest.mark.parametrize("piece", ["Mr ", "Dear ", "Best regards,\n", "王", "A", "A.", "Mr. A ", "\n", "von der "])
def test_a_long_cell_takes_no_time(piece):
    began = time.process_time()
    list(named.names(piece * 50_000))
    assert time.process_time() - began < 5
