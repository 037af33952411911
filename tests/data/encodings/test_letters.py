"""One-byte encodings are told by the letters that languages write; short files, too."""

from __future__ import annotations

import pytest

from core.data.encodings import detect, letters


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("towar;ilość\nJabłka;3\nżurek;4", "cp1250"),
        ("uwagi\nzłe\ntak sobie", "cp1250"),
        ("zboží;množství\nřepa;3\nkůže;4", "cp1250"),
        ("товар;цена\nХлеб;3\nСметана;4", "cp1251"),
        ("товар;цена\nХлеб;3\nСметана;4", "koi8-r"),
        ("товар;цена;примечание\nХлеб;3;очень хорошо\nСметана;4;плохо, опоздали", "cp866"),
        ("προϊόν;τιμή;περιγραφή\nψωμί;3;φρέσκο και ζεστό\nγάλα;4;από την περιοχή", "cp1253"),
        ("ürün;fiyat\nşeker ağır, kırmızı;3", "cp1254"),
    ],
)
def test_the_encoding_of_a_few_words_is_found(tmp_path, text, found):
    (tmp_path / "a.csv").write_bytes(text.encode(found))
    name = detect.find(tmp_path / "a.csv")
    assert text.encode(found).decode(name) == text


@pytest.mark.parametrize(
    "text",
    [
        "Größe;Stück\nÄpfel;3 m³\nÖl;“5”",
        "crème fraîche;naïve;ça;œuf;À Évian;Noël",
        "¿Qué? Año; mañana; 1ª; ¡Sí!",
        "Müller;Muñoz;Jørgensen;José;Ångström;Zoë",
        "São Paulo;Açúcar;não;mães",
        "smørrebrød;æble;år",
        "£5;10 €;20 °C;5 µm;½",
        "þingvellir;Ísland;öðrum",
    ],
)
def test_western_texts_stay_western(tmp_path, text):
    assert letters.one_byte_encoding(text.encode("cp1252")) == ""
    (tmp_path / "a.csv").write_bytes(text.encode("cp1252"))
    assert text.encode("cp1252").decode(detect.find(tmp_path / "a.csv")) == text
