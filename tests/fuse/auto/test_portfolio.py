"""What the automatic choice tries: candidates that exist, no two alike, none that is too slow for the rows."""

from __future__ import annotations

from core import catalog
from core.fuse.auto import portfolio
from core.fuse.candidates import build
from core.fuse.setting import Setting
from core.names import parse
from core.plan import Plan
from tests.fuse.auto.test_choice import made
from tests.fuse.tables import tickets


def test_every_one_is_of_a_family_that_is_quick_and_the_costly_ones_are_costly():
    names = [entry.name for entry in portfolio.ENTRIES]
    assert len(set(names)) == len(names)
    assert not any(catalog.fusion(parse(name).family).costly for name in names)
    assert all(catalog.fusion(parse(name).family).costly for name in portfolio.COSTLY)


def test_settings_reach_the_model():
    table, schema = tickets(60)
    model = dict(made(table, schema).cheap)["columns+lightgbm"].model
    assert (model.n_estimators, model.learning_rate) == (300, 0.05)


def test_too_many_rows_for_a_slow_model_leave_it_out():
    table, schema = tickets(120)
    names = [name for name, _one in made(table, schema).cheap]
    assert "cooperative+svm-kernel" in names
    plan = Plan(target="mood")
    many = build("auto", Setting(schema, plan, "binary", n_rows=100_000))
    assert "cooperative+svm-kernel" not in [name for name, _one in many.cheap]
    assert {entry.name for entry in portfolio.ENTRIES} >= set(names)
