"""Types that bundles name: each exists, and each that was moved is found under its present name."""

from __future__ import annotations

import importlib
import io
import json
import zipfile

import pytest

from core.bundles.trusted import MOVED, TRUSTED, under_present_names


@pytest.mark.parametrize("name", [name for name in TRUSTED if name.startswith("core.")])
def test_every_type_of_ours_exists(name):
    module, kind = name.rsplit(".", 1)
    assert hasattr(importlib.import_module(module), kind)


def test_what_was_moved_is_trusted_under_its_present_name_only():
    assert set(MOVED.values()) <= set(TRUSTED)
    assert not set(MOVED) & set(TRUSTED)


def test_types_are_renamed_however_deep_they_lie(tmp_path):
    old, new = next(iter(MOVED.items()))
    (module, kind), (present, same) = old.rsplit(".", 1), new.rsplit(".", 1)
    other = {"__module__": module, "__class__": "Other"}
    node = {"__module__": module, "__class__": kind, "content": {"deep": [other]}}
    with zipfile.ZipFile(tmp_path / "pipeline.skops", "w") as archive:
        archive.writestr("schema.json", json.dumps({"__module__": "builtins", "__class__": "list", "content": [node]}))
        archive.writestr("1.npy", b"numbers")
    found = under_present_names(tmp_path / "pipeline.skops")
    assert isinstance(found, io.BytesIO)
    with zipfile.ZipFile(found) as archive:
        renamed = json.loads(archive.read("schema.json"))["content"][0]
        assert archive.read("1.npy") == b"numbers"
    assert (renamed["__module__"], renamed["__class__"]) == (present, same)
    assert renamed["content"]["deep"][0]["__module__"] == module
