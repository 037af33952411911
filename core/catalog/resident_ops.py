"""What the resident worker answers at once, each with the function that does it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ResidentOp:
    """A question answered while somebody waits; longer work is a kind of job."""

    name: str
    run: str  # "module:function" (args, context) → dict; imported by the resident worker only
    warm: tuple[str, ...] = ()  # modules it may import beforehand


RESIDENT_OPS: dict[str, ResidentOp] = {
    op.name: op
    for op in (
        ResidentOp("what-if", "core.explain.row.what_if:what_if", ("core.explain.row.what_if",)),
        ResidentOp("counterfactual", "core.explain.counterfactual.answer:counterfactual"),
        ResidentOp("chat", "core.assistant.chat:chat"),
        ResidentOp("lm-next", "core.language.lm_service:next_tokens"),
        ResidentOp("lm-generate", "core.language.lm_service:generate"),
        ResidentOp("lm-beam", "core.language.lm_service:beams"),
        ResidentOp("lm-attention", "core.language.lm_service:attention"),
        ResidentOp("lm-layers", "core.language.lm_service:layers"),
        ResidentOp("lm-neighbours", "core.language.lm_service:near"),
    )
}
