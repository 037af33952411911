"""What a run took of a language model elsewhere: answers, tokens, money. Light: pages read it and draw."""

from __future__ import annotations

from pydantic import BaseModel

from core.messages import Message, _, _n, say

CENT = 0.01


class EndpointUse(BaseModel):
    """What was asked and answered. An answer that was kept before costs nothing, and is not in it."""

    host: str
    model: str
    answers: int
    tokens_in: int  # as the endpoint counts them; by their letters where it does not
    tokens_out: int
    cost: float | None = None  # None: no price was set
    seconds: float = 0.0  # that the answers were waited for, several at once

    def __add__(self, other: EndpointUse) -> EndpointUse:
        costs = [one.cost for one in (self, other) if one.cost is not None]
        return EndpointUse(
            host=other.host,
            model=other.model,
            answers=self.answers + other.answers,
            tokens_in=self.tokens_in + other.tokens_in,
            tokens_out=self.tokens_out + other.tokens_out,
            cost=sum(costs) if costs else None,
            seconds=self.seconds + other.seconds,
        )

    def line(self) -> Message:
        """In a sentence.

        Examples
        --------
        >>> print(EndpointUse(host="llm.example", model="large", answers=2, tokens_in=1500, tokens_out=2).line())
        large at llm.example gave 2 answers: 1,500 tokens in, 2 out.
        """
        told = say(
            _n(
                "{model} at {host} gave {n:,} answer: {tokens_in:,} tokens in, {tokens_out:,} out",
                "{model} at {host} gave {n:,} answers: {tokens_in:,} tokens in, {tokens_out:,} out",
            ),
            n=self.answers,
            model=self.model,
            host=self.host,
            tokens_in=self.tokens_in,
            tokens_out=self.tokens_out,
        )
        if self.cost is None:
            return say(_("{facts}."), facts=told)
        cost = f"{self.cost:,.2f}" if self.cost >= CENT else f"{self.cost:.1g}"
        return say(_("{facts}, which cost about {cost} by the prices that were set."), facts=told, cost=cost)
