"""Columns of names of people, by their own name and their values."""

from __future__ import annotations

import pandas as pd
import pytest

from core.data.personal.people import are_names

PASSENGERS = [
    "Braund, Mr. Owen Harris",
    "Cumings, Mrs. John B (Florence Briggs Thayer)",
    "Heikkinen, Miss. Laina",
]


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("first_name", ["Ada", "Grace", "Alan"]),
        ("Surname", ["van Dyk", "O'Neill", "Müller-Lüdenscheidt"]),
        ("Customer Name", ["Mary Jones", "Zbigniew Krok", "Li Wei"]),
        ("Name", PASSENGERS),
        ("姓名", ["王小明", "李雷", "欧阳娜娜"]),
        ("客户姓名", ["张三", "李四"]),
        ("Nachname", ["Schmidt", "Özdemir"]),
        ("Vor- und Nachname", ["Anna Schmidt"]),
        ("Imię i nazwisko", ["Zofia Żółć", "Łukasz Wójcik"]),
        ("Nom et prénom", ["Dupont Élodie"]),
        ("Nombre y apellidos", ["María Núñez de Balboa"]),
        ("Nome completo", ["João da Silva"]),
        ("ФИО", ["Иванов Иван Иванович"]),
        ("Фамилия и имя", ["Иванов Иван"]),
        ("author", ["Jane Austen", "Charles Dickens", "Leo Tolstoy"]),
    ],
)
def test_names_of_people_are_told(column, values):
    assert are_names(column, pd.Series(values))


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("name", ["Toyota Corolla", "Ford Fiesta", "VW Golf"]),
        ("name", ["aardvark", "antelope", "bass"]),
        ("name", ["Berlin", "Hamburg", "Kiel"]),
        ("Имя", ["Стол", "Стул", "Полка"]),
        ("customer", ["C-0017", "C-0018", "C-0019"]),
        ("product_name", ["Emma mattress", "James lamp"]),
        ("customer_name", ["10 Downing St 5", "x9", "77"]),
        ("review", ["Mary is great", "John was late"]),
        ("first_name", []),
        ("名字", ["一个很长很长的产品名称", "另一个产品名称在这里"]),
    ],
)
def test_other_names_are_not(column, values):
    assert not are_names(column, pd.Series(values, dtype=object))
