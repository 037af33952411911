"""Personal data: found where it is, not found in order numbers, dates, prices and coordinates."""

from __future__ import annotations

import random
import re
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn

from core.data.personal.patterns import KINDS, MAYBE, find

RESIDENT = "11010519491231002X"


def kinds(text: str) -> list[tuple[str, str]]:
    return [(one.kind, text[one.start : one.end]) for one in find(text)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Write to Ann.Lee+news@mail.example.co.uk, please", "email", "Ann.Lee+news@mail.example.co.uk"),
        ("邮箱zhang123@163.com谢谢", "email", "zhang123@163.com"),
        ("müller@web.de.", "email", "müller@web.de"),
        ("ring +49 30 901820 today", "phone", "+49 30 901820"),
        ("+1 (415) 555-2671", "phone", "+1 (415) 555-2671"),
        ("+44 (0)20 7946 0958", "phone", "+44 (0)20 7946 0958"),
        ("0044 20 7946 0958", "phone", "0044 20 7946 0958"),
        ("call me: (212) 555-0187.", "phone", "(212) 555-0187"),
        ("212.555.0187", "phone", "212.555.0187"),
        ("020 7946 0958", "phone", "020 7946 0958"),
        ("Tel. 030/901820", "phone", "030/901820"),
        ("01 23 45 67 89", "phone", "01 23 45 67 89"),
        ("手机13812345678。", "phone", "13812345678"),
        ("138 1234 5678", "phone", "138 1234 5678"),
        ("电话:010-62345678", "phone", "010-62345678"),
        ("card 4111 1111 1111 1111 was charged", "card", "4111 1111 1111 1111"),
        ("5500-0000-0000-0004", "card", "5500-0000-0000-0004"),
        ("378282246310005", "card", "378282246310005"),
        ("pay to DE89 3704 0044 0532 0130 00 BITTE SOFORT", "iban", "DE89 3704 0044 0532 0130 00"),
        ("gb82west12345698765432", "iban", "gb82west12345698765432"),
        ("FR1420041010050500013M02606", "iban", "FR1420041010050500013M02606"),
        ("from 192.168.1.17:8080", "ip", "192.168.1.17"),
        ("2001:db8::8a2e:370:7334", "ip", "2001:db8::8a2e:370:7334"),
        (f"身份证{RESIDENT}号", "id", RESIDENT),
        ("SSN 536-90-4399", "id", "536-90-4399"),
        ("NI number AB 12 34 56 C", "id", "AB 12 34 56 C"),
    ],
)
def test_personal_data_is_found(text, kind, value):
    assert kinds(text) == [(kind, value)]
    assert re.search(MAYBE, text)


@pytest.mark.parametrize(
    "text",
    [
        "order 4111111111111112",  # a wrong check digit
        "order 1234567890",
        "INV-2024-000123, SKU-0012-3456",
        "2024-05-31 10:20:30",
        "31/05/2024",
        "05.06.2024 10",
        "20240531102030",
        "1717143630123",  # milliseconds since 1970
        "1,299.00 €, 1.234.567,89, $1 234 567, 1.234.567.890",
        "52.5200, 13.4050",
        "-122.4194, 37.7749",
        "978-0-306-40615-2",
        "0-306-40615-2",
        "version 1.2.3.4, v10.2.3.4",
        "12:30:45",
        "00:1A:2B:3C:4D:5E",
        "std::vector<int>",
        "@airline thanks, a@b",
        "110105194912310021",  # a resident ID with a wrong check digit
        "DE89 3704 0044 0532 0130 01",
        "900-12-3456",
        "12345-6789",
        "model PN 320008A",
        "0 1 2 3 4 5 6 7 8 9",
        "1990 1991 1992 1993",
        "12345678901",
    ],
)
def test_what_only_looks_like_it_is_not_found(text):
    assert kinds(text) == []


def test_two_pieces_do_not_overlap_and_stand_in_their_order():
    text = "ann@web.de, +49 30 901820, bob@web.de"
    assert kinds(text) == [("email", "ann@web.de"), ("phone", "+49 30 901820"), ("email", "bob@web.de")]


@given(st.text(max_size=80) | st.text("0123456789 .-+()/@:aAxX", max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_gives_pieces_that_lie_in_it_apart_and_in_order(text):
    found = find(text)
    assert all(0 <= one.start < one.end <= len(text) and one.kind in KINDS for one in found)
    assert all(left.end <= right.start for left, right in pairwise(found))
    assert not found or re.search(MAYBE, text)


@given(st.dates(), st.floats(-180, 180), st.floats(0, 1e6))
@settings(max_examples=200, deadline=None)
def test_dates_coordinates_and_prices_are_never_personal(day, degrees, price):
    for text in (f"{day:%d.%m.%Y}", f"{day:%m/%d/%Y} 12:30", f"{degrees:.6f}, {degrees / 2:.6f}", f"{price:,.2f} €"):
        assert find(text) == []


@given(st.integers(0, 10**11 - 1), st.integers(0, 9))
@settings(max_examples=200, deadline=None)
def test_a_card_is_one_only_with_its_check_digit(middle, digit):
    number = f"4539{middle:011d}"
    found = kinds(f"{number}{digit}")
    assert (("card", f"{number}{digit}") in found) == luhn.is_valid(f"{number}{digit}")


def test_a_long_cell_takes_no_time():
    began = time.perf_counter()
    for text in (
        "9" * 100_000,
        "a" * 100_000 + "@",
        "0 1 " * 25_000,
        "a.b@" * 25_000,
        "AB12 " * 20_000,
        "1.1." * 25_000,
    ):
        find(text)
    assert time.perf_counter() - began < 5


def test_many_addresses_in_one_cell_are_all_found():
    dice = random.Random(0)
    text = " ".join(f"u{dice.randrange(10**6)}@web.de" for _place in range(5000))
    assert len(find(text)) == 5000
