"""A resume takes up what was made from the same rows and settings, and nothing else."""

from __future__ import annotations

import json

import pytest

from core.compare.comparison import compare
from core.compare.files import folds
from core.compare.files.run_key import KEY_FILE, RunKey, RunKeys
from core.compare.prepare import prepare
from core.data.schema import read_model
from core.fuse.setting import Setting
from core.jobs.context import Context
from core.plan import EncoderChoice, Plan, Search, Validation
from core.results.comparison import candidate_folder, earlier_folder, slug
from core.run_jobs import keeper
from core.workspace import Workspace
from tests.fuse.tables import tickets

NAMES = ["dummy", "columns+tree", "text-tfidf"]
PLAN = Plan(target="mood", candidates=NAMES, validation=Validation(folds=3, near_duplicates_together=False))


@pytest.fixture
def context(tmp_path):
    return Context(Workspace(tmp_path / "home"), "me", "job", tmp_path / "run", threads=1)


@pytest.fixture
def trained(monkeypatch):
    """Which folds were trained, by folder and number."""
    seen, save = [], folds.save

    def note(result, path):
        seen.append((path.parents[1].name, path.stem))
        save(result, path)

    monkeypatch.setattr(folds, "save", note)
    return seen


def in_another_order(frame):
    return frame.iloc[::-1].reset_index(drop=True)


def with_corrected_labels(frame):
    other = frame["mood"].map({"good": "bad", "bad": "good"})
    return frame.assign(mood=frame["mood"].where(frame.index % 5 > 0, other))


def with_changed_cells(frame):
    return frame.assign(hours=frame["hours"].round(0), text=frame["text"].str.replace("lovely", "parcel"))


def without_the_last_rows(frame):
    return frame.iloc[:-13]


def cleaned(frame):
    return frame.drop(index=[3, 40, 41])


CHANGES = [in_another_order, with_corrected_labels, with_changed_cells, without_the_last_rows, cleaned]


@pytest.mark.parametrize("change", CHANGES)
def test_folds_of_other_rows_are_never_taken_up(change, context, tmp_path):
    table, schema = tickets()
    compare(table, schema, PLAN, context.folder, context)
    resumed = compare(change(table), schema, PLAN, context.folder, context)
    fresh = compare(change(table), schema, PLAN, tmp_path / "fresh", context)
    for name in NAMES:
        assert resumed.candidate(name).scores == fresh.candidate(name).scores, name
        assert resumed.candidate(name).fold_scores == fresh.candidate(name).fold_scores, name
    assert not fresh.warnings
    (said,) = resumed.warnings
    assert str(said).startswith("These were trained on other rows or settings before and were trained anew: ")
    again = compare(change(table), schema, PLAN, context.folder, context)
    assert not again.warnings


def test_what_differs_is_said(context):
    table, schema = tickets()
    alone = PLAN.model_copy(update={"candidates": ["columns+tree"]})
    compare(table, schema, alone, context.folder, context)
    other = table.assign(hours=table["hours"].round(0))
    (said,) = compare(other, schema, alone, context.folder, context).warnings
    assert str(said) == (
        "“Columns only · Decision tree” was trained on other rows or settings before; it was trained anew. "
        "Changed: the cells of hours."
    )


@pytest.mark.parametrize(
    ("change", "anew"),
    [
        ({"drop": ["text"]}, {"text-tfidf"}),  # which then does not apply at all
        ({"drop": ["city"]}, {"columns+tree"}),
        ({"roles": {"city": "text"}}, {"columns+tree", "text-tfidf"}),
        ({"model_settings": {"tree": {"max_depth": 2}}}, {"columns+tree"}),
        ({"balanced": True}, set(NAMES)),
        ({"seed": 1}, set(NAMES)),
        ({"search": Search(trials=2)}, set(NAMES)),
        ({"validation": Validation(folds=4, near_duplicates_together=False)}, set(NAMES)),
        ({"rows": 60}, set(NAMES)),
        ({"budget_seconds": 900.0}, set()),
        ({"candidates": [*NAMES, "columns"]}, set()),
        ({"bundles": False}, set()),
        ({"learning_curve": True}, set()),
        ({"descriptions": {"good": "pleased"}}, set()),
        ({"encoders": {"text": EncoderChoice(name="bow")}}, set()),
        ({"replay": {"auto": {"0": []}}}, set()),
    ],
)
def test_only_what_the_change_concerns_is_trained_anew(change, anew, context, trained):
    table, schema = tickets(80)
    first = compare(table, schema, PLAN, context.folder, context)
    trained.clear()
    resumed = compare(table, schema, PLAN.model_copy(update=change), context.folder, context)
    redone = {folder for folder, _number in trained} - {"columns"}
    gone = {line.name for line in resumed.candidates if line.status == "skipped"}
    assert redone == {slug(name) for name in anew - gone}
    for name in set(NAMES) - anew:
        before, after = first.candidate(name), resumed.candidate(name)
        assert after.fold_scores == before.fold_scores
        # what counts as a text decides which rows repeat each other, and so the intervals
        assert {metric: one.mean for metric, one in after.scores.items()} == {
            metric: one.mean for metric, one in before.scores.items()
        }
    assert bool(resumed.warnings) == bool(anew - gone)
    for name in gone:
        assert not candidate_folder(context.folder, name).exists()


def test_a_bundle_of_other_rows_is_made_anew(context):
    table, schema = tickets(80)
    keep = keeper("mood", 0)
    compare(table, schema, PLAN, context.folder, context, keep=keep)
    manifest = candidate_folder(context.folder, "text-tfidf") / "bundle" / "manifest.json"
    before, checkpoint = manifest.read_text(), manifest.parents[1] / "training" / "0.safetensors"
    compare(table, schema, PLAN, context.folder, context, keep=keep)
    assert manifest.read_text() == before
    checkpoint.parent.mkdir(exist_ok=True)
    checkpoint.write_text("of a training that was cut off")
    compare(with_corrected_labels(table), schema, PLAN, context.folder, context, keep=keep)
    assert manifest.read_text() != before
    assert not checkpoint.exists()


@pytest.mark.parametrize("part", ["versions", "models", "format"])
def test_another_library_or_model_trains_anew(part, context, trained):
    table, schema = tickets(80)
    plan = PLAN.model_copy(update={"candidates": ["text-llm"]})
    compare(table, schema, plan, context.folder, context)
    path = candidate_folder(context.folder, "text-llm") / KEY_FILE
    key = json.loads(path.read_text())
    assert key["models"].keys() == {"minilm"}
    assert key["versions"].keys() >= {"scikit-learn", "transformers", "tokenizers"}
    other = {"versions": {"numpy": "1.0"}, "models": {"minilm": "0"}, "format": 0}[part]
    path.write_text(json.dumps(key | {part: other}))
    trained.clear()
    resumed = compare(table, schema, plan, context.folder, context)
    assert len(trained) == 3
    assert len(resumed.warnings) == 1


@pytest.mark.parametrize("broken", ["", '{"format": 99}'])
def test_files_without_a_key_that_can_be_read_are_those_of_another_version(broken, context, trained):
    table, schema = tickets(80)
    compare(table, schema, PLAN, context.folder, context)
    new, old = (make(context.folder, "columns+tree") for make in (candidate_folder, earlier_folder))
    new.replace(old)
    (old / KEY_FILE).unlink()
    assert candidate_folder(context.folder, "columns+tree") == old  # pages still read it
    dummy = candidate_folder(context.folder, "dummy") / KEY_FILE
    dummy.write_text(broken) if broken else dummy.unlink()
    trained.clear()
    (said,) = compare(table, schema, PLAN, context.folder, context).warnings
    assert "Guessing, Columns only" in str(said)
    assert str(said).endswith("Changed: the version of Amalgam.")
    assert {folder for folder, _number in trained} == {"dummy", slug("columns+tree")}
    assert not old.exists()


def test_the_key_is_that_of_the_rows_whatever_their_file(context, tmp_path):
    table, schema = tickets(80)
    for place, given in (("a", ""), ("b", "hash of a file")):
        compare(table, schema, PLAN, tmp_path / place, context, dataset_hash=given)
    keys = [read_model(RunKey, candidate_folder(tmp_path / place, "text-tfidf") / KEY_FILE) for place in "ab"]
    assert keys[0] == keys[1]
    assert not keys[0].differences(keys[1])


def test_a_fast_copy_is_of_its_encoder_and_a_language_model_of_its_file_not_of_its_name(context):
    table, schema = tickets(80)
    keys = []
    for encoder, named in (("minilm", ""), ("tfidf-svd", ""), ("minilm", "bundled")):
        plan = PLAN.model_copy(
            update={"encoders": {"text": EncoderChoice(name=encoder)}, "language_model": named, "questions": ["Late?"]}
        )
        prepared = prepare(table, schema, plan)
        setting = Setting(prepared.schema, plan, prepared.task, n_rows=50, classes=tuple(prepared.classes))
        keys.append(RunKeys(prepared, setting, context.folder).key("questions@fast"))
    assert keys[0].differences(keys[1])
    assert not keys[0].differences(keys[2])
