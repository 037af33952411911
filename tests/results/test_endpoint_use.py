"""What was taken of an endpoint, added and said."""

from __future__ import annotations

import pytest

from core.messages import translate
from core.results.comparison import Comparison
from core.results.endpoint_use import EndpointUse

ONE = EndpointUse(host="a.example", model="small", answers=1, tokens_in=40, tokens_out=1, seconds=0.5)


def test_it_adds_up_and_money_that_is_not_known_is_not_nothing():
    paid = ONE.model_copy(update={"cost": 0.25, "host": "b.example"})
    both = ONE + paid
    assert (both.answers, both.tokens_in, both.tokens_out, both.seconds) == (2, 80, 2, 1.0)
    assert (both.cost, both.host) == (0.25, "b.example")
    assert (paid + paid).cost == 0.5
    assert (ONE + ONE).cost is None


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (None, "small at a.example gave 1 answer: 40 tokens in, 1 out."),
        (
            1234.5,
            "40 tokens in, 1 out, which cost about 1,234.50 by the prices that ",
        ),
        (0.0004, "1 out, which cost about 0.0004 by the prices that were set."),
    ],
)
def test_a_line_says_answers_tokens_and_money(cost, said):
    line = ONE.model_copy(update={"cost": cost}).line()
    assert said in str(line)
    assert "gave" not in translate(line, "zh_CN")


def test_a_run_from_before_it_was_counted_opens():
    told = {"task": "binary", "target": "y", "metric": "accuracy", "n_rows": 3, "folds": 2, "seed": 0}
    assert Comparison.model_validate(told).endpoint is None
