"""Fine-tune a pretrained language model on a text with LoRA, and hold it against itself before.

Each linear layer W of the pretrained model stays as it is and gets a correction of low rank: W x + (α / r) B A x, of
which only A (r × inputs) and B (outputs × r, zero at first) are trained.

References
----------
Hu et al., "LoRA: low-rank adaptation of large language models", ICLR 2022 (equation 3).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
import transformers
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from peft import __version__ as peft_version
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModelForCausalLM, DynamicCache

from core.data.schema import read_model, write_model
from core.encode.model_files import UNLOADABLE, locate, located_again, precision
from core.job_params import LanguageModelParams
from core.jobs.context import Context
from core.language.corpus import Corpus
from core.language.judging.judge import Yardstick, judge
from core.language.model import Neural
from core.language.tokens import Tokens
from core.language.training.loop import CLIPPED, Batches, Step, scheduled
from core.messages import ModelUnavailable, UnreadableFile, _, say
from core.results.language.laboratory import TUNED, JudgeSettings, ModelCard, Tuned

RANK = 8
ALPHA = 16
DROPOUT = 0.05
LEARNING_RATE = 1e-3
CONTEXT, BATCH = 128, 4
WINDOW = 1024  # tokens it looks back on when it is judged and asked
TUNED_TEXTS, TUNED_BYTES = 8, 20_000  # a pretrained model is slow to judge
ADAPTER, SETTINGS, CARD = "adapter_model.safetensors", "adapter_config.json", "card.json"
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
        source = locate(model)
        self.name = Path(model).name if Path(model).is_dir() else model  # a folder of this machine is nobody's business
        self.revision, self.rank, self.steps, self.rate, self.seed = source.revision, rank, steps, learning_rate, seed
        self.tokens = Tokens.load(source.folder / "tokenizer.json", SEPARATOR)
        pretrained = _pretrained(source.folder)
        settings = LoraConfig(
            r=rank, lora_alpha=ALPHA, lora_dropout=DROPOUT, target_modules="all-linear", task_type="CAUSAL_LM"
        )
        self.inside: Any = get_peft_model(pretrained, settings)
        self.network = Causal(self.inside)
        self.batches = Batches(self.tokens.encode_all(documents), self.tokens.begin, context, batch, seed)
        self.trained = [one for one in self.inside.parameters() if one.requires_grad]
        self.seconds, self.made = 0.0, 0

    @property
    def model(self) -> Neural:
        """As it is now."""
        return Neural(self.network, self.tokens, WINDOW)

    def run(self) -> Iterator[Step]:
        """Train; stopping is leaving. In bfloat16 where that is fast, but judged in single precision: rounded weights
        alone cost a hundredth of a bit per byte."""
        optimiser = torch.optim.AdamW(self.trained, lr=self.rate, weight_decay=0.0)
        for number in range(self.steps):
            began = time.monotonic()
            torch.manual_seed(self.seed * 1_000_003 + number)
            rate = self.rate * scheduled(number + 1, self.steps)
            for group in optimiser.param_groups:
                group["lr"] = rate
            self.network.train()
            rows = self.batches.at(number)
            with torch.autocast("cpu", torch.bfloat16, enabled=precision() == torch.bfloat16):
                logits = self.network(rows[:, :-1])
            loss = functional.cross_entropy(logits.float().flatten(0, 1), rows[:, 1:].flatten())
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(self.trained, CLIPPED)
            optimiser.step()
            nats = loss.item()
            self.seconds += time.monotonic() - began
            self.made = number + 1
            read = (number + 1) * self.batches.batch * self.batches.context
            yield Step(number + 1, nats, rate, read, self.seconds)

    def save(self, folder: Path, corpus: Corpus) -> None:
        """Write the corrections alone, as peft and `opened` read them, and a card."""
        folder.mkdir(parents=True, exist_ok=True)
        settings = self.inside.peft_config["default"]
        settings.base_model_name_or_path = self.name
        settings.save_pretrained(folder)
        weights = get_peft_model_state_dict(self.inside, save_embedding_layers=False)
        save_file({name: weight.detach().contiguous() for name, weight in weights.items()}, folder / ADAPTER)
        read = self.made * self.batches.batch * self.batches.context
        card = ModelCard(
            name=self.name,
            kind="pretrained",
            corpus=corpus.name,
            language=corpus.counts.language,
            tokenizer="pretrained",
            vocabulary=self.tokens.size,
            context=WINDOW,
            parameters=sum(one.numel() for one in self.inside.parameters()),
            size_bytes=(folder / ADAPTER).stat().st_size,
            seed=self.seed,
            steps=self.made,
            tokens_read=read,
            train_seconds=self.seconds,
            tokens_per_second=read / max(self.seconds, 1e-9),
            lora_rank=self.rank,
            versions={"torch": torch.__version__, "peft": peft_version, "base": self.revision},
        )
        write_model(card, folder / CARD)


def opened(folder: Path, base: str = "") -> Neural:
    """A fine-tuned model: the pretrained one with the corrections that `Tuning.save` wrote added to its weights.

    Parameters
    ----------
    base : str, optional
        Where the pretrained model is; default: the name it was fine-tuned under.

    Raises
    ------
    ModelUnavailable
        The pretrained model is not on this machine, or another version of it is.
    UnreadableFile
        The corrections are damaged or of another kind.
    """
    try:
        told = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
        name, rank, alpha = base or str(told["base_model_name_or_path"]), int(told["r"]), int(told["lora_alpha"])
        modules = told["target_modules"]
        weights = load_file(folder / ADAPTER)
        if told["peft_type"] != "LORA":
            raise ValueError(told["peft_type"])
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise _damaged(folder) from error
    card = read_model(ModelCard, folder / CARD)
    revision = card.versions.get("base") if card else None
    source = located_again(name, revision) if revision else locate(name)
    settings = LoraConfig(r=rank, lora_alpha=alpha, target_modules=modules, task_type="CAUSAL_LM")
    try:
        inside: Any = get_peft_model(_pretrained(source.folder), settings)
        wanted = set(get_peft_model_state_dict(inside, save_embedding_layers=False))
        set_peft_model_state_dict(inside, weights)
    except (ValueError, RuntimeError) as error:
        raise _damaged(folder) from error
    if wanted != set(weights):
        raise _damaged(folder)
    return Neural(Causal(inside.merge_and_unload()), Tokens.load(source.folder / "tokenizer.json", SEPARATOR), WINDOW)


def _pretrained(folder: Path) -> Any:
    transformers.logging.disable_progress_bar()
    try:
        return AutoModelForCausalLM.from_pretrained(
            folder, dtype=torch.float32, local_files_only=True, use_safetensors=True
        )
    except UNLOADABLE as error:
        raise ModelUnavailable(
            _("“{model}” is not a language model that writes: it can't be fine-tuned here."),
            _("Choose a causal language model, such as SmolLM2."),
            model=folder.name,
        ) from error


def _damaged(folder: Path) -> UnreadableFile:
    return UnreadableFile(_("The fine-tuned model “{name}” can't be read: its files are damaged."), name=folder.name)


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


def in_run(wanted: LanguageModelParams, corpus: Corpus, settings: JudgeSettings, context: Context) -> Tuned:
    """Fine-tune the pretrained model that a run of the language lab asks for; the corrections are kept beside it.

    Raises
    ------
    Cancelled, ModelUnavailable
    """
    stage = say(_("Fine-tuning {model}"), model=wanted.tune)
    context.progress(stage)
    tuning = Tuning(wanted.tune, corpus.train, steps=wanted.tune_steps, seed=wanted.seed)
    few = settings.model_copy(update={"texts": min(TUNED_TEXTS, settings.texts), "held_out_bytes": TUNED_BYTES})
    found = tuned(tuning, corpus, few, tell=lambda share, step: context.progress(stage))
    tuning.save(context.folder / "models" / TUNED, corpus)
    return found
