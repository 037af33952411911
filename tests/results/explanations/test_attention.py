"""The attention of an encoder as it is stored: what a file need not say."""

from __future__ import annotations

from core.messages import say
from core.results.explanations.attention import Attention, Token, WordShare


def test_what_is_not_said_is_usual():
    token = Token(text="well", rollout=1.0)
    made = Attention(
        run="r", candidate="c", row=1, column="text", text="well", encoder=say("MiniLM"), n_layers=6, n_heads=12,
        tokens=[token],
    )  # fmt: skip
    assert token.special is False  # it stands for a part of the text
    assert (made.typed, made.tuned, made.causal, made.pooling) == (False, False, False, "mean")
    assert (made.n_cut, made.words, made.label, made.unit, made.notes, made.seconds) == (0, [], "", "", [], 0.0)
    assert made.correlation is None
    assert WordShare(text="well", start=0, end=4, rollout=1.0).effect is None
