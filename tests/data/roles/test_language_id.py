"""Which languages the texts of a column are in, and with which shares."""

from __future__ import annotations

import re
from itertools import cycle, islice

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data import reading
from core.data.profile import describe
from core.data.roles import columns, language_id
from core.data.roles.encoder_advice import advise
from core.data.schema import ReadOptions
from core.fuse.setting import choice_for
from core.names import Name
from core.plan import Plan

REVIEWS = {
    "de": ["Zu teuer", "Leider kaputt angekommen", "Klare Empfehlung", "Gerne wieder", "Riecht unangenehm"],
    "it": ["Ottimo prodotto", "Arrivato rotto", "Troppo caro", "Spedizione veloce", "Non lo comprerei più"],
    "pt": ["Ótimo produto", "Entrega rápida", "Veio com defeito", "Muito caro", "Não funciona direito"],
    "pl": ["Polecam", "Bardzo szybka dostawa", "Produkt uszkodzony", "Za drogo", "Nie działa"],
    "es": ["Muy buen producto", "Llegó roto", "Demasiado caro", "Lo recomiendo", "No funciona bien"],
    "fr": ["Très bon produit", "Livraison rapide", "Arrivé cassé", "Trop cher", "Je ne recommande pas"],
    "nl": ["Snelle levering", "Kapot aangekomen", "Veel te duur", "Een echte aanrader", "Werkt niet"],
    "sv": ["Snabb leverans", "Trasig när den kom", "För dyrt", "Mycket bra kvalitet", "Fungerar inte alls"],
    "tr": ["Çok güzel ürün", "Hızlı kargo", "Bozuk geldi", "Çok pahalı", "Tavsiye ederim"],
    "en": ["Too expensive", "Arrived broken", "Great product, thanks", "Fast delivery", "Would buy it again"],
    "zh": ["很好", "物流很快", "太贵了", "收到时坏了", "推荐购买"],
    "ru": ["Отличный товар", "Быстрая доставка", "Слишком дорого", "Не работает", "Пришёл сломанным"],
}


def repeated(code: str, n: int) -> list[str]:
    return list(islice(cycle(REVIEWS[code]), n))


@pytest.mark.parametrize("code", REVIEWS)
def test_short_reviews_decide_together_what_they_are_written_in(code):
    assert language_id.guess(REVIEWS[code]) == code
    numbered = [f"{text} {number}" for number, text in enumerate(repeated(code, 60))]
    assert language_id.shares(numbered) == {code: 1.0}


@pytest.mark.parametrize(("main", "other"), [("de", "en"), ("en", "pl"), ("zh", "en"), ("fr", "nl"), ("es", "it")])
def test_two_languages_are_told_with_their_shares(main, other):
    found = language_id.shares(repeated(main, 70) + repeated(other, 30))
    assert list(found) == [main, other]
    assert found[main] == pytest.approx(0.7, abs=0.1)


@pytest.mark.parametrize(
    "texts", [[], [""], ["A-17", "B-9"], ["12.5", "3"], ["John Smith", "Mary Jones"], ["Toyota Corolla", "VW Golf"]]
)
def test_codes_numbers_and_names_tell_no_language(texts):
    assert language_id.guess(texts) == ""


def test_a_few_words_of_another_language_are_no_second_language():
    assert language_id.shares([*repeated("en", 95), *repeated("de", 3)]) == {"en": 1.0}


def test_the_column_keeps_the_main_language_and_the_advice_tells_the_shares(tmp_path):
    texts = [f"{text}, {other}" for text, other in zip(repeated("de", 80), repeated("de", 81)[1:], strict=True)]
    texts += [f"{text}, {other}" for text, other in zip(repeated("en", 40), repeated("en", 41)[1:], strict=True)]
    pd.DataFrame({"review": [f"{text} {n}" for n, text in enumerate(texts)], "x": range(120)}).to_csv(
        tmp_path / "a.csv", index=False
    )
    reading.read_files([tmp_path / "a.csv"], ReadOptions(), tmp_path)
    schema = columns.guess(tmp_path / "table.parquet")
    column = schema.column("review")
    assert (column.role, column.language, column.read_in) == ("text", "de", "mul")
    assert re.search(r"in several languages: German 6\d%, English 3\d%\.", str(column.reason))
    plan, name = Plan(target="x"), Name("cooperative")
    assert choice_for(name, "review", plan, schema).name == "e5"  # the automatic choice follows, too
    advice = describe(tmp_path / "table.parquet", schema).columns[0].advice
    assert advice.encoder == "e5"
    assert "German 6" in str(advice.reason)
    assert "English 3" in str(advice.reason)


def test_german_reviews_are_for_the_multilingual_encoder():
    advice = advise(pd.Series([f"{text}, {text.lower()} und {n}" for n, text in enumerate(repeated("de", 60))]))
    assert advice.encoder == "e5"
    assert "in German" in str(advice.reason)


@given(st.lists(st.text(max_size=60), max_size=20))
@settings(max_examples=60, deadline=None)
def test_any_texts_have_shares_that_sum_to_one_or_none(texts):
    found = language_id.shares(texts)
    assert not found or sum(found.values()) == pytest.approx(1.0)
    assert list(found.values()) == sorted(found.values(), reverse=True)
