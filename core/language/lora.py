"""Fine-tune a pretrained language model on a text with LoRA, and hold it against itself before.

Each linear layer W of the pretrained model stays as it is and gets a correction of low rank: W x + (α / r) B A x, of
which only A (r × inputs) and B (outputs × r, zero at first) are trained.

References
----------
Hu et al., "LoRA: low-rank adaptation of large language models", ICLR 2022 (equation 3).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModelForCausalLM, DynamicCache

from core.encode.loading import locate
from core.evaluate.language_lab import JudgeSettings, Tuned
from core.language.corpus import Corpus
from core.language.judging.judge import Yardstick, judge
from core.language.model import Neural
from core.language.tokens import Tokens
from core.language.training import CLIPPED, Batches, Step, scheduled

RANK = 8
ALPHA = 16
DROPOUT = 0.05
LEARNING_RATE = 1e-3
CONTEXT, BATCH = 128, 4
WINDOW = 1024  # tokens it looks back on when it is judged and asked
SEPARATOR = "<|endoftext|>"  # between documents, as in the pretraining of GPT-2's successors


class Causal(nn.Module):
    """A pretrained model with the manners of our own networks: logits of a whole row, or one token more."""

    def __init__(self, inside: nn.Module) -> None:
        super().__init__()
        self.inside = inside
        self.window: int | None = WINDOW

    def forward(self, ids: Tensor) -> Tensor:
        """ids: int (B, L)  →  logits (B, L, vocabulary)"""
        logits: Tensor = self.inside(input_ids=ids, use_cache=False).logits
        return logits

    def advance(self, ids: Tensor, memory: tuple[Tensor, ...]) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Read on; the memory given, keys and values of each layer in turn, is left as it was."""
        held: Any = DynamicCache()
        for layer in range(len(memory) // 2):
            held.update(memory[2 * layer], memory[2 * layer + 1], layer)
        told = self.inside(input_ids=ids, past_key_values=held, use_cache=True)
        after = tuple(part for layer in told.past_key_values.layers for part in (layer.keys, layer.values))
        return told.logits, after


class Tuning:
    """A pretrained model on its way to a text.

    Parameters
    ----------
    model : str
        Bundled name ("smollm2"), Hugging Face id or folder of a causal language model.
    documents : list of str

    Raises
    ------
    ModelUnavailable
        It is not on this machine and can't be fetched.
    UnusableData, UnreadableFile
        Its tokeniser can't be used.
    """

    def __init__(
        self,
        model: str,
        documents: Sequence[str],
        *,
        steps: int,
        rank: int = RANK,
        learning_rate: float = LEARNING_RATE,
        batch: int = BATCH,
        context: int = CONTEXT,
        seed: int = 0,
    ) -> None:
        torch.manual_seed(seed)
        folder = Path(locate(model).folder)
        self.name, self.rank, self.steps, self.rate, self.seed = model, rank, steps, learning_rate, seed
        self.tokens = Tokens.load(folder / "tokenizer.json", SEPARATOR)
        pretrained = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
        settings = LoraConfig(
            r=rank, lora_alpha=ALPHA, lora_dropout=DROPOUT, target_modules="all-linear", task_type="CAUSAL_LM"
        )
        self.inside: Any = get_peft_model(pretrained, settings)
        self.network = Causal(self.inside)
        self.batches = Batches(self.tokens.encode_all(documents), self.tokens.begin, context, batch, seed)
        self.trained = [one for one in self.inside.parameters() if one.requires_grad]
        self.seconds = 0.0

    @property
    def model(self) -> Neural:
        """As it is now."""
        return Neural(self.network, self.tokens, WINDOW)

    def run(self) -> Iterator[Step]:
        """Train; stopping is leaving."""
        optimiser = torch.optim.AdamW(self.trained, lr=self.rate, weight_decay=0.0)
        for number in range(self.steps):
            began = time.monotonic()
            torch.manual_seed(self.seed * 1_000_003 + number)
            rate = self.rate * scheduled(number + 1, self.steps)
            for group in optimiser.param_groups:
                group["lr"] = rate
            self.network.train()
            rows = self.batches.at(number)
            loss = functional.cross_entropy(self.network(rows[:, :-1]).flatten(0, 1), rows[:, 1:].flatten())
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(self.trained, CLIPPED)
            optimiser.step()
            nats = loss.item()
            self.seconds += time.monotonic() - began
            read = (number + 1) * self.batches.batch * self.batches.context
            yield Step(number + 1, nats, rate, read, self.seconds)

    def save(self, folder: Path) -> None:
        """Write the corrections alone, as peft reads them (safetensors)."""
        self.inside.save_pretrained(folder)


def tuned(
    tuning: Tuning,
    corpus: Corpus,
    settings: JudgeSettings,
    *,
    tell: Callable[[float, Step | None], None] = lambda share, step: None,
) -> Tuned:
    """Judge, train, judge again.

    Parameters
    ----------
    tell : callable (share of the whole, the step that was made) → None
        May raise to stop.
    """
    yardstick = Yardstick(corpus, settings)
    before = judge(tuning.model, corpus, settings, lambda share: tell(0.25 * share, None), yardstick)
    for step in tuning.run():
        tell(0.25 + 0.5 * step.number / tuning.steps, step)
    after = judge(tuning.model, corpus, settings, lambda share: tell(0.75 + 0.25 * share, None), yardstick)
    return Tuned(
        model=tuning.name,
        rank=tuning.rank,
        trained_parameters=sum(one.numel() for one in tuning.trained),
        all_parameters=sum(one.numel() for one in tuning.inside.parameters()),
        train_seconds=tuning.seconds,
        before=before,
        after=after,
    )
