"""A comparison that asks an endpoint, killed in the middle: what was answered is not asked for again.

Behind a server that writes down what it is asked stands llama.cpp's own, with the bundled model and a key.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from core.providers.endpoint import AT_ONCE
from tests.fuse.tables import tickets
from tests.providers.llama_server import KEY, recording, serving

N_ROWS = 30
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def model():
    with serving() as address:
        yield address


@pytest.fixture
def recorder(model):
    with recording(model) as server:
        yield server


@pytest.fixture
def run(tmp_path, recorder):
    """The command, as a process of its own."""
    table = tickets(N_ROWS)[0]
    table["text"] = [f"{text} ({number})" for number, text in enumerate(table["text"].fillna("nothing"))]
    table.to_csv(tmp_path / "tickets.csv", index=False)
    told = {"AMALGAM_HOME": str(tmp_path / "home"), "AMALGAM_LLM_URL": recorder.url, "AMALGAM_LLM_MODEL": "small"}
    told["AMALGAM_LLM_PRICE_IN"] = "10"

    def started(*more):
        command = [sys.executable, "-m", "core", "compare", str(tmp_path / "tickets.csv"), "--target", "mood", "--json"]
        command += [
            "--candidates",
            "dummy,classical,assisted-probabilities:llm",
            "--provider",
            "openai",
            "--folds",
            "2",
        ]
        command += ["--out", str(tmp_path / f"run-{time.monotonic_ns()}"), *more]
        return subprocess.Popen(
            command, cwd=ROOT, text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | told | {"AMALGAM_LLM_KEY": KEY},
        )  # fmt: skip

    return started


def lines(document: str) -> dict[str, dict[str, object]]:
    return {one["name"]: one for one in json.loads(document)["candidates"]}


def asked(recorder) -> Counter:
    return Counter(json.dumps(one["messages"]) for one in recorder.asked)


def test_what_was_answered_is_not_asked_again_after_a_kill(run, recorder, tmp_path):
    process = run("--send-to", recorder.host)
    deadline = time.monotonic() + 120
    while len(recorder.asked) < N_ROWS // 2 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    begun = asked(recorder)
    n_before = len(recorder.asked)
    assert N_ROWS // 2 <= len(begun) < N_ROWS
    out, err = run("--send-to", recorder.host).communicate(timeout=240)
    assert out, err
    line = lines(out)["assisted-probabilities:llm"]
    assert line["status"] == "ok", line["reason"]
    taken, usage = json.loads(out)["endpoint"], recorder.usage[n_before - len(recorder.asked) :]
    assert (taken["host"], taken["answers"]) == (recorder.host, len(usage))  # what was kept is not paid for again
    assert taken["tokens_in"] == sum(one["prompt_tokens"] for one in usage) > 0
    assert taken["cost"] == pytest.approx(10 * taken["tokens_in"] / 1e6)
    found = asked(recorder)
    assert len(found) == N_ROWS + 1  # each text, and the empty one, which nothing is compared with
    again = [one for one, n in found.items() if n > 1]
    assert len(again) <= AT_ONCE  # those that were under way
    assert max(found.values()) <= 2
    assert KEY not in out + err
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(kept) > 10
    assert not [path for path in kept if KEY.encode() in path.read_bytes()]
    audit = (tmp_path / "home" / "logs" / "audit.jsonl").read_text()
    assert "sent-out" in audit
    assert recorder.host in audit


def test_without_consent_nothing_is_sent_and_the_others_are_trained(run, recorder):
    out, _err = run().communicate(timeout=240)
    found = lines(out)
    assert found["classical"]["status"] == "ok"
    assert found["assisted-probabilities:llm"]["status"] == "failed"
    assert recorder.host in found["assisted-probabilities:llm"]["reason"]
    assert recorder.asked == []
    assert recorder.connected == []
