"""What was asked of an endpoint within a block: all of it, once, and no more than was asked."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from core.access.consent import NO_TABLE, Sender, on_behalf_of
from core.fuse.asked import spending
from core.fuse.asked.answers import Answers
from core.messages import AmalgamError


def asked_of(n, host="llm.example"):
    usage = SimpleNamespace(requests=n, tokens_in=40 * n, tokens_out=n, cost=0.1 * n)
    return SimpleNamespace(name="large", host=host, usage=usage)


def test_batches_add_up_and_a_model_of_this_machine_counts_for_nothing():
    with spending.counting():
        spending.count(SimpleNamespace(name="bundled"), 9.0, judged=True)
        spending.count(asked_of(0), 9.0, judged=True)
        assert spending.so_far() is None
        assert spending.ms_per_answer() is None
        spending.count(asked_of(2), 1.0, judged=True)
        spending.count(asked_of(3), 0.5, judged=True)
        spending.count(asked_of(1), 60.0, judged=False)  # a text, which takes longer than a word
        spending.so_far()
        total = spending.so_far()
        assert (total.answers, total.tokens_in, total.tokens_out) == (6, 240, 6)
        assert total.cost == pytest.approx(0.6)
        assert spending.ms_per_answer() == pytest.approx(300)
    assert spending.so_far() is None


def test_outside_a_block_nothing_is_kept():
    spending.count(asked_of(2), 1.0, judged=True)
    with spending.counting():
        assert spending.so_far() is None


def test_what_was_answered_before_it_broke_off_was_paid_for(workspace, endpoint, monkeypatch):
    monkeypatch.setattr("core.providers.http_client.WAITS", ())
    monkeypatch.setenv("AMALGAM_LLM_PRICE_IN", "1000000")

    def answer(request):
        if not any(early in str(request.asked["messages"]) for early in ("text 0", "text 1")):  # several come at once
            request.send_json({"error": {"message": "no more"}}, 400)
        else:
            told = {"message": {"content": "Yes"}, "finish_reason": "stop"}
            request.send_json({"choices": [told], "usage": {"prompt_tokens": 50, "completion_tokens": 1}})

    endpoint.answer = answer
    with on_behalf_of(Sender(workspace.home, "ann", NO_TABLE)), spending.counting():
        with pytest.raises(AmalgamError):
            Answers(["Is it late?"], "openai").fit_transform([f"text {number}" for number in range(9)])
        total = spending.so_far()
    assert (total.answers, total.tokens_in, total.tokens_out, total.cost) == (2, 100, 2, 100.0)
