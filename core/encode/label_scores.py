"""How likely the bundled instruct model finds each of a few answers about a text; nothing is written, only weighed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.utils.validation import check_is_fitted
from tokenizers import Tokenizer
from transformers import DynamicCache

from core.encode.base import TextEncoder
from core.encode.batches import as_texts, by_length, report_progress, unique
from core.encode.cache import EmbeddingCache
from core.encode.inference import decides, usable_threads
from core.encode.model_files import Loaded, load, locate, located_again
from core.messages import UnusableData, _

MOST_TEXTS = 5000  # at once: about ten minutes on two busy cores, with three short labels
MOST_TOKENS = 256  # of a text; its beginning is read
BATCH_TOKENS = 1024
KEEP_EVERY = 256
WEIGHTS = "label weights 2"  # one more whenever `_Reader` makes other weights of the same states
ASK = "<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\nThis text is about"


class LabelScorer(TextEncoder):
    """Weigh each label as the instruct model's way to end “This text is about …”.

    A label's weight is the mean log-probability of its tokens, so that long labels are not at a disadvantage, minus
    the same for the empty text, so that labels the model likes anyway are not preferred. Labels are all that is
    fitted; no text is learned from.

    Parameters
    ----------
    model : str, default="smollm2"
        A chat model whose output weights are those of its input (tied), in SmolLM2's chat form.
    cache_folder : str or Path, optional
        Where weights are kept; None keeps nothing.
    threads : int, optional
        Default: one per core.

    Attributes
    ----------
    labels_ : list of str
    prior_ : float array, shape (k,)
        Log-probabilities given the empty text.
    n_features_out_ : int
        k.
    revision_ : str
        Fingerprint of the model's files.

    Raises
    ------
    ModelUnavailable
        The model is not on this machine.
    UnusableData
        More than 5,000 different texts at once, which would take too long.

    References
    ----------
    Zhao et al., "Calibrate Before Use", ICML 2021 (contextual calibration); Brown et al., "Language Models are
    Few-Shot Learners", 2020 (length-normalised label log-probabilities).
    """

    label_free = True
    weighs_labels = True

    def __init__(
        self, model: str = "smollm2", cache_folder: str | Path | None = None, threads: int | None = None
    ) -> None:
        self.model = model
        self.cache_folder = cache_folder
        self.threads = threads

    def fit(self, labels: Sequence[str], y: object = None) -> LabelScorer:
        """Take the labels, and find out which of them the model prefers when there is no text."""
        self.labels_ = [str(label) for label in labels]
        self.n_features_out_ = len(self.labels_)
        self.revision_ = locate(self.model).revision
        self.prior_ = np.zeros(len(self.labels_))
        self.prior_ = self._weigh([""])[0].astype(float)
        return self

    def transform(self, texts: Sequence[Any]) -> np.ndarray:
        """Weigh.

        texts : array of str or None, shape (n,)   →   float array, shape (n, k), higher is likelier
        """
        check_is_fitted(self, "prior_")
        distinct, which = unique(as_texts(texts))
        if len(distinct) > MOST_TEXTS:
            raise UnusableData(
                _("The chat model reads about ten texts a second; {n:,} at once are more than it can be asked."),
                _("Use a sample of at most {most:,} rows, or zero-shot with MiniLM or Multilingual E5."),
                n=len(distinct),
                most=MOST_TEXTS,
            )
        return self._weigh(distinct)[which] - self.prior_

    def _weigh(self, texts: list[str]) -> np.ndarray:
        """Distinct texts  →  mean log-probabilities, float32 (n, k), from the cache where it has them."""
        rows = np.empty((len(texts), len(self.labels_)), dtype=np.float32)
        missing, cache = np.arange(len(texts)), self._cache()
        if cache is not None:
            rows, found = cache.get(texts)
            missing = np.flatnonzero(~found)
        if not len(missing):
            return rows
        source = located_again(self.model, self.revision_)
        reader = _Reader(load(source, source.n_layers, self.model), self.labels_)
        prompts = [reader.prompt(texts[place]) for place in missing]
        before, done, unkept = torch.get_num_threads(), 0, list[int]()
        torch.set_num_threads(usable_threads(self.threads))
        self._report(0, len(missing))
        try:
            for batch in by_length([len(prompt) for prompt in prompts], BATCH_TOKENS):
                rows[missing[batch]] = reader.weigh([prompts[place] for place in batch])
                unkept += missing[batch].tolist()
                done += len(batch)
                if len(unkept) >= KEEP_EVERY:
                    self._keep(cache, texts, rows, unkept)
                    unkept = []
                self._report(done, len(missing))
        finally:  # what is done stays done, also when the user stops here
            torch.set_num_threads(before)
            self._keep(cache, texts, rows, unkept)
        return rows

    def _report(self, done: int, total: int) -> None:
        listener = self.progress or report_progress  # without one of its own, whoever listens around the work hears it
        listener(done, total)

    def _keep(self, cache: EmbeddingCache | None, texts: list[str], rows: np.ndarray, places: list[int]) -> None:
        if cache is not None and places:
            cache.put([texts[place] for place in places], rows[places])

    def _cache(self) -> EmbeddingCache | None:
        if self.cache_folder is None:
            return None
        source = located_again(self.model, self.revision_)
        space = (WEIGHTS, decides(source, source.n_layers, ""), ASK, MOST_TOKENS, self.labels_)
        return EmbeddingCache(self.cache_folder, repr(space), len(self.labels_))


class _Reader:
    """The model in memory, and its labels as tokens."""

    def __init__(self, loaded: Loaded, labels: list[str]) -> None:
        self.loaded = loaded
        self.output = loaded.model.get_input_embeddings().weight  # type: ignore[operator]  # tied
        before, _text, after = ASK.partition("{text}")
        self.before, self.after = _ids(loaded.tokenizer, before), _ids(loaded.tokenizer, after)
        self.labels = [_ids(loaded.tokenizer, f" {label}") for label in labels]

    def prompt(self, text: str) -> list[int]:
        """The question about a text, as tokens; a text can't pretend to be the chat's marks."""
        return [*self.before, *_ids(self.loaded.tokenizer, text.replace("<|", "< |"))[:MOST_TOKENS], *self.after]

    def weigh(self, prompts: list[list[int]]) -> np.ndarray:
        """Mean log-probability of each label's tokens after each prompt  →  (batch, k).

        The prompt is read once; its keys and values then serve every label.
        """
        lengths = torch.tensor([len(prompt) for prompt in prompts])
        longest = int(lengths.max())
        ids = torch.tensor([prompt + [self.loaded.padding] * (longest - len(prompt)) for prompt in prompts])
        mask = (torch.arange(longest) < lengths[:, None]).long()  # (batch, longest)
        weights = np.empty((len(prompts), len(self.labels)), dtype=np.float32)
        with torch.inference_mode():
            memory = DynamicCache()
            read = self.loaded.model(input_ids=ids, attention_mask=mask, past_key_values=memory, use_cache=True)
            ends = read.last_hidden_state[torch.arange(len(prompts)), lengths - 1]  # (batch, width)
            first = self._log_probabilities(ends, torch.tensor([label[0] for label in self.labels]))  # (batch, k)
            for place, label in enumerate(self.labels):
                total = first[:, place]
                if len(label) > 1:
                    total = total + self._rest(label, lengths, mask, memory)
                    memory.crop(1 - len(label))  # as it was behind the prompt
                weights[:, place] = (total / len(label)).numpy()
        return weights

    def _rest(self, label: list[int], lengths: torch.Tensor, mask: torch.Tensor, memory: DynamicCache) -> torch.Tensor:
        """Log-probability of a label's tokens behind its first  →  (batch,)"""
        given, n_rows = label[:-1], len(lengths)
        read = self.loaded.model(
            input_ids=torch.tensor([given]).expand(n_rows, -1),
            attention_mask=torch.cat([mask, torch.ones(n_rows, len(given), dtype=mask.dtype)], dim=1),
            position_ids=lengths[:, None] + torch.arange(len(given)),
            past_key_values=memory,
            use_cache=True,
        )
        steps = read.last_hidden_state.unbind(dim=1)  # of (batch, width), one per given token
        found = [
            self._log_probabilities(step, torch.tensor([token]))[:, 0]
            for step, token in zip(steps, label[1:], strict=True)
        ]
        return torch.stack(found).sum(dim=0)

    def _log_probabilities(self, hidden: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        """Of the wanted tokens as the next one: (batch, width)  →  (batch, wanted)"""
        logits = torch.nn.functional.linear(hidden, self.output).float()
        return logits[:, wanted] - logits.logsumexp(dim=-1, keepdim=True)


def _ids(tokenizer: Tokenizer, text: str) -> list[int]:
    tokenizer.no_truncation()
    return list(tokenizer.encode(text, add_special_tokens=False).ids)
