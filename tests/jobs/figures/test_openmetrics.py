"""The text is what OpenMetrics 1.0 says, letter by letter, whatever stands in a label; read back by a strict reader."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.jobs.figures.openmetrics import Family, Sample, histogram, number, text

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"'
SAMPLE = re.compile(rf"({NAME})(?:\{{((?:{LABEL})(?:,{LABEL})*)\}})? ([+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)|NaN)")
HEAD = re.compile(rf'# (TYPE|UNIT|HELP) ({NAME}) ((?:[^"\\\n]|\\[\\"n])*)')
SUFFIXES = {"gauge": {""}, "counter": {"_total"}, "histogram": {"_bucket", "_count", "_sum"}}


def strictly_read(said: str) -> dict[str, dict]:
    """Family → its type, unit, help, and samples {(suffix, labels): value}. AssertionError: a broken form."""
    assert said.endswith("# EOF\n")
    families: dict[str, dict] = {}
    family = None
    for line in said.removesuffix("# EOF\n").split("\n")[:-1]:
        if head := HEAD.fullmatch(line):
            what, name, value = head.groups()
            if what == "TYPE":
                assert name not in families, f"{name} comes twice"
                assert value in SUFFIXES
                family = families[name] = {"name": name, "type": value, "unit": "", "samples": {}}
            else:
                assert family is not None
                assert name == family["name"], "metadata of another family"
                assert not family["samples"], "metadata after samples"
                family[what.lower()] = value
                if what == "UNIT":
                    assert name.endswith(f"_{value}")
            continue
        found = SAMPLE.fullmatch(line)
        assert found, f"not a line: {line!r}"
        assert family is not None
        suffix = found[1].removeprefix(family["name"])
        assert found[1].startswith(family["name"])
        assert suffix in SUFFIXES[family["type"]], line
        pairs = re.findall(LABEL, found[2] or "")
        labels = {key: re.sub(r"\\(.)", lambda one: "\n" if one[1] == "n" else one[1], value) for key, value in pairs}
        assert len(labels) == len(pairs), "a label twice"
        key = (suffix, tuple(sorted(labels.items())))
        assert key not in family["samples"], "a sample twice"
        family["samples"][key] = float(found[found.lastindex])
    for one in families.values():
        if one["type"] == "histogram":
            check_histogram(one["samples"])
        if one["type"] != "gauge":
            assert all(value >= 0 for value in one["samples"].values())
    return families


def check_histogram(samples):
    series = {tuple(pair for pair in labels if pair[0] != "le") for _suffix, labels in samples}
    for labels in series:
        buckets = [(float(dict(found)["le"]), value) for (suffix, found), value in samples.items()
                   if suffix == "_bucket" and tuple(pair for pair in found if pair[0] != "le") == labels]  # fmt: skip
        assert buckets == sorted(buckets), "buckets that do not grow"
        assert [value for _bound, value in buckets] == sorted(value for _bound, value in buckets)
        assert buckets[-1][0] == math.inf
        assert samples["_count", labels] == buckets[-1][1]


def test_what_is_written_is_read_back():
    buckets = histogram({"kind": "read"}, {1.0: 2, 5.0: 0, math.inf: 1}, 9.5)
    said = text([
        Family("jobs", "gauge", 'Jobs "now".\nAnd \\ then.', (Sample(2, {"state": "queued"}), Sample(0.5))),
        Family("ended", "counter", "Ended.", (Sample(3, {}, "_total"),)),
        Family("wait_seconds", "histogram", "Waiting.", tuple(buckets), unit="seconds"),
        Family("none", "counter", "Nothing yet.", ()),
    ])  # fmt: skip
    found = strictly_read(said)
    assert found["jobs"]["samples"] == {("", (("state", "queued"),)): 2, ("", ()): 0.5}
    assert found["jobs"]["help"] == r"Jobs \"now\".\nAnd \\ then."
    assert found["wait_seconds"]["unit"] == "seconds"
    assert found["wait_seconds"]["samples"]["_bucket", (("kind", "read"), ("le", "5.0"))] == 2
    assert found["wait_seconds"]["samples"]["_count", (("kind", "read"),)] == 3
    assert found["none"]["samples"] == {}


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.from_regex(r"[a-z_]+", fullmatch=True), st.text(), max_size=3))
def test_no_label_breaks_its_line(labels):
    found = strictly_read(text([Family("x", "gauge", "X.", (Sample(1, labels),))]))
    assert found["x"]["samples"] == {("", tuple(sorted(labels.items()))): 1}


@pytest.mark.parametrize(
    "family",
    [
        Family("a b", "gauge", "", ()),
        Family("a", "gauge", "", (), unit="seconds"),
        Family("a", "gauge", "", (Sample(1, {"a-b": "c"}),)),
    ],
)
def test_a_fault_of_ours_is_not_told(family):
    with pytest.raises(ValueError, match="is no name"):
        text([family])


@settings(max_examples=50, deadline=None)
@given(st.floats())
def test_every_number_is_read_back(value):
    found = strictly_read(text([Family("x", "gauge", "X.", (Sample(value),))]))["x"]["samples"]["", ()]
    assert found == value or (math.isnan(found) and math.isnan(value))
    assert number(2**60) == repr(float(2**60))
