"""What the automatic choice tries: candidates that exist, no two alike, none that is too slow for the rows."""

from __future__ import annotations

import json

import pytest

from core import catalog
from core.fuse.auto import portfolio
from core.fuse.candidates import build
from core.fuse.setting import Setting
from core.models.factory import in_force
from core.names import model_of, parse
from core.plan import Plan
from tests.fuse.auto.test_choice import made
from tests.fuse.tables import tickets


def test_every_one_is_of_a_family_that_is_quick_and_the_costly_ones_are_costly():
    labels = [entry.label for entry in portfolio.CONSIDERED]
    assert len(set(labels)) == len(labels)
    assert not any(catalog.fusion(parse(entry.name).family).costly for entry in portfolio.CONSIDERED)
    assert all(catalog.fusion(parse(name).family).costly for name in portfolio.COSTLY)


@pytest.mark.parametrize("entry", portfolio.CONSIDERED, ids=lambda entry: entry.label)
def test_its_settings_are_settings_of_its_model(entry):
    model = model_of(parse(entry.name))
    assert in_force(model, entry.settings or {}, False).items() >= (entry.settings or {}).items()


@pytest.mark.parametrize("texts", [True, False])
def test_the_order_is_that_of_the_facts(texts):
    facts = json.loads(portfolio.FILE.read_text(encoding="utf-8"))["texts" if texts else "columns"]
    found = portfolio.entries(texts=texts)
    assert [(entry.name, entry.settings) for entry in found] == [(one["name"], one["settings"]) for one in facts]
    assert len(found) >= 5
    errors = [one["error"] for one in facts]
    assert errors == sorted(errors, reverse=True)  # each one lowers the error of those before it
    assert all("text" not in catalog.fusion(parse(entry.name).family).needs for entry in found) or texts


def test_the_same_model_takes_part_with_other_settings():
    table, schema = tickets(60)
    models = [(label, one.model) for label, one in made(table, schema).cheap if label.startswith("columns+lightgbm")]
    for label, model in models:
        assert f"n_estimators {model.n_estimators}" in label
    assert models


def test_too_many_rows_for_a_slow_model_leave_it_out(monkeypatch):
    table, schema = tickets(120)
    slow = portfolio.Entry("cooperative+svm-kernel", most_rows=8_000)
    monkeypatch.setattr("core.fuse.candidates.entries", lambda *, texts: (portfolio.Entry("columns"), slow))
    assert "cooperative+svm-kernel" in [name for name, _one in made(table, schema).cheap]
    plan = Plan(target="mood")
    many = build("auto", Setting(schema, plan, "binary", n_rows=100_000))
    assert "cooperative+svm-kernel" not in [name for name, _one in many.cheap]
