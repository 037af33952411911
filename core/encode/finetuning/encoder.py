"""A pretrained language model trained further on the target, inside the training fold."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import RLock
from typing import Any

import numpy as np
import torch
from sklearn.utils.validation import check_is_fitted

from core.catalog import Task
from core.encode.base import TextEncoder
from core.encode.batches import as_texts, by_length, report_loss, report_progress, unique
from core.encode.finetuning import effort, objectives
from core.encode.finetuning.loop import Aim, padded_tokens, step_seconds, train
from core.encode.finetuning.trainable_parts import Body, LowRank, TopLayers, Weights, own_copy
from core.encode.inference import BATCH_TOKENS, TorchEngine, through, tokens, torch_threads, usable_threads
from core.encode.model_files import Loaded, Source, load, locate, located_again
from core.messages import ModelUnavailable, UnknownChoice, _

METHODS: dict[str, type[Body]] = {"all": Body, "top": TopLayers, "lora": LowRank, "pairs": Body}
FEW_LABELS = 64  # per class, at most: pairs of texts teach more than single ones
MOST_TOKENS = 128  # of a text, in training
SHARE_WHOLE = 95  # per cent of the texts are read to their end in training
ENCODING_COST = 0.3  # of a text without gradients, beside one with them
PROBE_TEXTS = 1000
KEPT_TUNED = 2


class TunedEncoder(TextEncoder):
    """Train an encoder on the target, then encode with it.

    The word embeddings stay as they are; the estimator holds only the weights that changed.

    Parameters
    ----------
    model : str, default="minilm"
        ``"minilm"``, a Hugging Face id or a folder.
    task : {"binary", "multiclass", "regression"}
    method : {"", "all", "top", "lora", "pairs"}, default=""
        What is trained: all layers, the top two, or small additions to the query and value matrices; ``"pairs"``
        trains all layers to bring texts of a class together. Default: pairs where no class has more than 64 labels,
        else all layers.
    seed : int
    threads : int, optional
        Default: one per core.
    epochs : int, optional
        How often each text is read; default: by their number.

    Attributes
    ----------
    n_features_out_ : int
        Width of the embedding.
    revision_ : str
        Fingerprint of the model that was trained further.
    weights_ : dict of str to float16 array
        What differs from that model.
    method_ : str
        The method that was used.
    losses_ : list of float
        Of each step.

    Raises
    ------
    ModelUnavailable
        The model is not on this machine and can't be fetched, or is not what may be loaded.

    References
    ----------
    Tunstall et al., "Efficient Few-Shot Learning Without Prompts" (SetFit), 2022 (pairs).
    Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", 2021.
    """

    label_free = False

    def __init__(
        self,
        model: str = "minilm",
        task: Task = "multiclass",
        method: str = "",
        seed: int = 0,
        threads: int | None = None,
        epochs: int | None = None,
    ) -> None:
        self.model = model
        self.task = task
        self.method = method
        self.seed = seed
        self.threads = threads
        self.epochs = epochs

    def fit(self, texts: Sequence[Any], y: Any = None) -> TunedEncoder:
        """Train on texts and class numbers or numbers y, shape (n,)."""
        self._fit(as_texts(texts), y, n_after=0)
        return self

    def fit_transform(self, texts: Sequence[Any], y: Any = None) -> np.ndarray:
        """Train, then encode the same texts: float32 (n, n_features_out_)."""
        plain = as_texts(texts)
        n_after = len(unique(plain)[0])
        n_read = self._fit(plain, y, n_after)
        return self._encode(plain, n_read)

    def transform(self, texts: Sequence[Any]) -> np.ndarray:
        """Encode.

        texts : array of str or None, shape (n,)   →   float32 array, shape (n, n_features_out_), unit rows
        """
        check_is_fitted(self, "weights_")
        return self._encode(as_texts(texts), 0)

    def estimate_seconds(self, texts: Sequence[Any], y: Any) -> float:
        """How long `fit_transform` would take here, from one to three real steps; takes about two seconds itself."""
        plain, method = as_texts(texts), self.method_for(y)
        if not plain:
            return 0.0
        sample = np.random.default_rng(self.seed).permutation(len(plain))[:PROBE_TEXTS]
        some = [plain[place] for place in sample]
        body, aim, batches = self._plan(method, some, np.asarray(y)[sample], len(plain))
        if not batches:
            return 0.0
        sizes = [padded_tokens(body, places) for places in batches]
        probe = batches[int(np.argsort(sizes)[len(sizes) // 2])]
        seconds = step_seconds(body, aim, probe, usable_threads(self.threads))
        share = len(sample) / len(plain)
        n_trained = sum(sizes) / (1 if method == "pairs" else share)  # pairs: few steps, however many rows
        n_encoded = sum(map(len, body.examples)) / share
        return seconds / padded_tokens(body, probe) * (n_trained + ENCODING_COST * n_encoded)

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:
        """One name per number of the embedding."""
        check_is_fitted(self, "n_features_out_")
        stem = Path(self.model).name
        return np.asarray([f"{stem}_tuned_{number}" for number in range(self.n_features_out_)], dtype=object)

    def method_for(self, y: Any) -> str:
        """The method for these targets: the one that was chosen, else by their number."""
        if self.method and self.method not in METHODS:
            raise UnknownChoice(
                _("“{method}” is not a way to train an encoder."),
                _("Choose one of: {known}."),
                method=self.method,
                known=list(METHODS),
            )
        if self.task == "regression":
            return "all" if self.method in {"", "pairs"} else self.method
        if self.method:
            return self.method
        return "pairs" if np.unique(np.asarray(y), return_counts=True)[1].max(initial=0) <= FEW_LABELS else "all"

    def _fit(self, texts: list[str], y: Any, n_after: int) -> int:
        """Train.  →  how many texts were read, some of them several times"""
        if y is None:
            raise ValueError("An encoder is tuned on a target: y is needed.")
        self.method_ = self.method_for(y)
        body, aim, batches = self._plan(self.method_, texts, np.asarray(y), len(texts))
        self.n_features_out_, self.revision_ = body.source.width, body.source.revision
        self.losses_: list[float] = []
        n_read, n_all = 0, sum(map(len, batches)) + n_after
        self._report(0, n_all)
        for step in train(body, aim, batches, usable_threads(self.threads)):
            self.losses_.append(step.loss)
            n_read += len(batches[step.number - 1])
            report_loss(step.number, step.n_steps, step.loss)
            self._report(n_read, n_all)
        self.weights_ = body.changed() if batches else {}
        return n_read

    def _plan(self, method: str, texts: list[str], y: np.ndarray, n_rows: int) -> tuple[Body, Aim, list[np.ndarray]]:
        """What is trained, towards what, and on which texts at each step; `texts` may be a sample of `n_rows`."""
        source, examples = examples_of(self.model, texts)
        body = METHODS[method](source, self.model, examples, self.seed)
        aim = self._aim(method, source.width, y)
        lengths = np.array([len(row) for row in examples])
        epochs = self.epochs or effort.n_epochs(n_rows)
        pointless = len(np.unique(y)) < 2  # nothing to tell apart
        return body, aim, [] if pointless else aim.batches(lengths, epochs, self.seed)

    def _aim(self, method: str, width: int, y: np.ndarray) -> Any:
        if self.task == "regression":
            return objectives.Number(width, np.asarray(y, dtype=float), self.seed)
        codes = np.unique(y, return_inverse=True)[1]
        return objectives.Likeness(codes) if method == "pairs" else objectives.Classes(width, codes, self.seed)

    def states(self, texts: list[str]) -> Iterator[tuple[list[int], torch.Tensor, torch.Tensor]]:
        """Batches of texts, each as one state per token.

        →  places of the texts, states (batch, longest, width) and which are real (batch, longest)
        """
        source, loaded = self._loaded()
        ids = tokens(loaded, texts, source.max_tokens)
        lengths = [len(row) for row in ids]
        done = 0
        with torch_threads(usable_threads(self.threads)):
            for places in by_length(lengths, BATCH_TOKENS):
                hidden = torch.from_numpy(TorchEngine(loaded).hidden([ids[place] for place in places]))
                sizes = torch.tensor([lengths[place] for place in places])
                yield places, hidden, torch.arange(hidden.shape[1]) < sizes[:, None]
                done += len(places)
                self._report(done, len(texts))

    def _encode(self, texts: list[str], n_before: int) -> np.ndarray:
        distinct, which = unique(texts)
        rows = np.empty((len(distinct), self.n_features_out_), dtype=np.float32)
        source, loaded = self._loaded()
        done = n_before
        threads = usable_threads(self.threads)
        batches = through(TorchEngine(loaded), loaded, distinct, source.max_tokens, "mean", threads)
        try:
            for positions, encoded in batches:
                rows[positions] = encoded
                done += len(positions)
                self._report(done, n_before + len(distinct))
        finally:
            batches.close()
        return rows[which]

    def _loaded(self) -> tuple[Source, Loaded]:
        source = located_again(self.model, self.revision_)
        return source, _tuned(source, self.model, self.weights_)

    def _report(self, done: int, total: int) -> None:
        super()._report(done, total)
        report_progress(done, total)


def examples_of(model: str, texts: list[str]) -> tuple[Source, list[list[int]]]:
    """A model's folder, and texts as its token ids; all but the longest texts are whole."""
    source = locate(model)
    loaded = load(source, source.n_layers, model)
    examples = tokens(loaded, texts, min(source.max_tokens, MOST_TOKENS))
    if examples:
        enough = int(np.percentile([len(row) for row in examples], SHARE_WHOLE, method="higher"))
        examples = tokens(loaded, texts, enough)
    return source, examples


def fingerprint(weights: Weights) -> str:
    """The same for the same weights."""
    digest = hashlib.sha256()
    for name, values in sorted(weights.items()):
        digest.update(f"{name}{values.shape}{values.dtype}".encode())
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()


_lock = RLock()
_kept: OrderedDict[str, Loaded] = OrderedDict()


def _tuned(source: Source, name: str, weights: Weights) -> Loaded:
    """The model with these weights, from memory if it was used lately."""
    key = f"{source.revision}|{fingerprint(weights)}"
    with _lock:
        if key not in _kept:
            _kept[key] = with_weights(load(source, source.n_layers, name), weights)
            while len(_kept) > KEPT_TUNED:
                _kept.popitem(last=False)
        _kept.move_to_end(key)
        return _kept[key]


def with_weights(loaded: Loaded, weights: Weights) -> Loaded:
    """A model with these in the place of its own; what is given stays as it is."""
    model = own_copy(loaded.model)
    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for name, values in weights.items():
            if name not in parameters or parameters[name].shape != values.shape:
                raise ModelUnavailable(_("The weights of a tuned encoder do not fit its model."), _("Train it again."))
            parameters[name].copy_(torch.from_numpy(values))
    return replace(loaded, model=model)
