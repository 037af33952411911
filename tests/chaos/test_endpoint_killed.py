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

import httpx2
import pytest
import xllamacpp

from core.encode.engines.unpack_smollm2 import packed_file
from core.providers.endpoint import AT_ONCE
from tests.fuse.tables import tickets
from tests.providers.hostile import Hostile

KEY = "sk-very-secret-9876543210"
N_ROWS = 30
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def model():
    settings = xllamacpp.CommonParams()
    settings.model.path = str(packed_file())
    settings.n_ctx, settings.n_parallel, settings.cpuparams.n_threads = 2048, 1, 1
    settings.verbosity, settings.cache_prompt, settings.api_keys = 0, False, [KEY]
    server = xllamacpp.Server(settings)
    yield server.listening_address.rstrip("/")
    del server


@pytest.fixture
def recorder(model):
    """Passes on what it is asked, with the key that came along."""
    with Hostile() as server:

        def answer(request):
            key = {"Authorization": request.headers["Authorization"]}
            told = httpx2.post(f"{model}{request.path}", json=request.asked, headers=key, timeout=60)
            request.send_json(told.json(), told.status_code)

        server.answer = answer
        yield server


@pytest.fixture
def run(tmp_path, recorder):
    """The command, as a process of its own."""
    table = tickets(N_ROWS)[0]
    table["text"] = [f"{text} ({number})" for number, text in enumerate(table["text"].fillna("nothing"))]
    table.to_csv(tmp_path / "tickets.csv", index=False)
    told = {"AMALGAM_HOME": str(tmp_path / "home"), "AMALGAM_LLM_URL": recorder.url, "AMALGAM_LLM_MODEL": "small"}

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
    assert N_ROWS // 2 <= len(begun) < N_ROWS
    out, err = run("--send-to", recorder.host).communicate(timeout=240)
    assert out, err
    line = lines(out)["assisted-probabilities:llm"]
    assert line["status"] == "ok", line["reason"]
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
    connected = []
    recorder.server.verify_request = lambda request, address: connected.append(address) or True
    out, _err = run().communicate(timeout=240)
    found = lines(out)
    assert found["classical"]["status"] == "ok"
    assert found["assisted-probabilities:llm"]["status"] == "failed"
    assert recorder.host in found["assisted-probabilities:llm"]["reason"]
    assert recorder.asked == []
    assert connected == []
