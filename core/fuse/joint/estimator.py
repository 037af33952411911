"""Joint fusion: text encoder, column tower, operator and head trained end to end, behind scikit-learn's interface."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import pandas as pd
import torch
from sklearn.utils.validation import check_consistent_length, column_or_1d

from core.catalog import Role, Task
from core.data.splits.inner import Dependence
from core.encode.batches import part, unique
from core.encode.finetuning import effort, objectives
from core.encode.finetuning.encoder import ENCODING_COST, METHODS, PROBE_TEXTS, TunedEncoder, examples_of
from core.encode.finetuning.loop import Encoding, padded_tokens, step_seconds
from core.encode.finetuning.trainable_parts import Weights
from core.encode.inference import torch_threads, usable_threads
from core.fuse.columns import as_texts
from core.fuse.joint.column_embedder import some, tensors
from core.fuse.joint.columns import ColumnArrays
from core.fuse.joint.fitting import HELD_BACK, split, train_to_best
from core.fuse.joint.network import Decision, Network, NoTexts
from core.fuse.joint.soft_tree import describe_tree
from core.fuse.predictor import Predictor, as_frame
from core.fuse.sentence import in_words
from core.models.scaled import LARGEST, factor_of
from core.results.flow import Flow
from core.results.soft_tree import SoftTree

ROWS_AT_ONCE = 256


class Joint(Predictor):
    """Train an encoder, a tower for columns and a head together on the target.

    Several text columns are read as one text, each cell behind its column's name, columns of short texts first: one
    pass through one encoder, whose attention sees all of them.

    Parameters
    ----------
    columns : dict of str to {"text", "number", "category", "date"}, optional
        Source column → role. Default: every column of the table is a number.
    model : str, default="minilm"
        Text encoder: ``"minilm"``, ``"e5"``, a Hugging Face id or a folder.
    task : {"binary", "multiclass", "regression"}
    fusion : {"concat", "gated", "cross"}
        How text and columns become one row (`core.fuse.joint.operators`).
    head : {"linear", "svm", "tree", "forest"}
        What decides (`core.fuse.joint.heads`).
    method : {"all", "top", "lora"}
        What of the encoder is trained.
    balanced : bool
        Weight classes by their rarity.
    seed : int
    threads : int, optional
        Default: one per core.
    epochs : int, optional
        How often each row is read at most; default: by their number.

    Attributes
    ----------
    encoder_ : TunedEncoder
        With the weights that changed; absent without texts.
    weights_ : dict of str to array
        Of tower, operator and head.
    losses_ : list of float
        Of each step.
    validation_ : list of float
        Loss of the rows held back after each epoch; empty with fewer than 40 rows. The weights of the best one are
        kept.
    temperature_ : float
        What the SVM's scores are multiplied with before the softmax.
    tree_ : dict
        What `tree` returns, as JSON; empty with another head than a single tree.
    """

    def __init__(
        self,
        columns: dict[str, Role] | None = None,
        model: str = "minilm",
        task: Task = "multiclass",
        fusion: str = "concat",
        head: str = "linear",
        method: str = "all",
        balanced: bool = False,
        seed: int = 0,
        threads: int | None = None,
        epochs: int | None = None,
    ) -> None:
        self.columns = columns
        self.model = model
        self.task = task
        self.fusion = fusion
        self.head = head
        self.method = method
        self.balanced = balanced
        self.seed = seed
        self.threads = threads
        self.epochs = epochs

    def fit(self, X: pd.DataFrame, y: Any, dependence: Dependence | None = None) -> Joint:
        """X: source columns, n rows; y: labels or numbers, shape (n,); dependence: of the rows, to hold some back."""
        X, codes = self._taken(X, y)
        body, aim = self._parts(X, codes)
        train, held_back = split(codes, self.task, self.seed, dependence)
        n_epochs = self._n_epochs(len(codes))
        lengths = np.array([len(row) for row in body.examples])
        batches = [train[places] for places in objectives.mixed(lengths[train], n_epochs, self.seed)]
        if self.task != "regression" and len(self.classes_) < 2:
            batches = []  # nothing to tell apart
        per_epoch, fingerprint = max(1, len(batches) // n_epochs), self._fingerprint(body, aim, held_back)
        self.losses_, self.validation_ = train_to_best(
            body, aim, batches, per_epoch, held_back, usable_threads(self.threads), fingerprint
        )
        self._keep(body, aim.network)
        with part(99, 100):
            self.temperature_ = self._temperature(X, codes, held_back)
            self.tree_ = self._looked_at(X) if self.head == "tree" else {}
        return self

    def tree(self) -> SoftTree | None:
        """The soft tree with the words and columns its nodes turn on; None with another head."""
        return SoftTree.model_validate(self.tree_) if self.tree_ else None

    def predict_both(self, X: pd.DataFrame) -> tuple[np.ndarray, np.ndarray | None]:
        scores = self._scores(self._columns_of(X))
        if self.task == "regression":
            return self._numbers(scores[:, 0]), None
        probabilities = np.exp(scores - scores.max(axis=1, keepdims=True))
        return self.classes_[scores.argmax(axis=1)], probabilities / probabilities.sum(axis=1, keepdims=True)

    def text_encoders(self) -> dict[str, Any]:
        """The encoder, by the text column's name; of several, it reads them together and is called ``""``."""
        texts = self._of_role("text")
        return {texts[0] if len(texts) == 1 else "": self.encoder_} if hasattr(self, "encoder_") else {}

    def flow(self, X: pd.DataFrame) -> Flow:
        n_parameters = sum(values.size for values in self.weights_.values())
        return super().flow(X).model_copy(update={"n_steps": len(self.losses_), "n_parameters": n_parameters})

    def networks(self) -> list[Any]:
        return [self]

    def leak_badge(self) -> Literal["", "label-free", "out-of-fold", "fitted-in-fold"]:
        return "fitted-in-fold"

    def estimate_seconds(self, X: pd.DataFrame, y: np.ndarray) -> float | None:
        """How long `fit` would take at most, from one to three real steps; takes about two seconds itself."""
        chance = np.random.default_rng(self.seed)
        sample = np.sort(chance.permutation(len(X))[:PROBE_TEXTS])
        probe: Joint = Joint(**self.get_params(deep=False))
        some_rows, codes = probe._taken(X.iloc[sample], np.asarray(y, dtype=object)[sample])
        body, aim = probe._parts(some_rows, codes)
        batches = objectives.mixed(np.array([len(row) for row in body.examples]), 1, self.seed)
        sizes = [padded_tokens(body, places) for places in batches]
        middle = batches[int(np.argsort(sizes)[len(sizes) // 2])]
        per_token = step_seconds(body, aim, middle, usable_threads(self.threads)) / padded_tokens(body, middle)
        n_epochs, share = self._n_epochs(len(X)), len(sample) / len(X)
        trained = (1 - HELD_BACK) * n_epochs
        read = HELD_BACK * n_epochs + (1 if self.head == "tree" else HELD_BACK)
        return per_token * sum(sizes) / share * (trained + ENCODING_COST * read)

    # Its parts

    def _taken(self, X: Any, y: Any) -> tuple[pd.DataFrame, np.ndarray]:
        """The table's columns that are used, and the target as class numbers or scaled numbers."""
        if y is None:
            raise ValueError("Joint requires y to be passed, but the target y is None.")
        X, y = as_frame(X), column_or_1d(y, warn=True)
        for n, what in zip(X.shape, ("sample(s)", "feature(s)"), strict=True):
            if n == 0:
                raise ValueError(f"Found array with 0 {what} (shape={X.shape}) while a minimum of 1 is required.")
        check_consistent_length(X, y)
        if pd.isna(y).any() or (self.task == "regression" and not np.isfinite(y.astype(float)).all()):
            raise ValueError("The target y contains NaN or infinity.")
        self.n_features_in_ = X.shape[1]
        self.roles_: dict[str, Role] = dict(self.columns or {str(name): "number" for name in X.columns})
        self.columns_ = list(self.roles_)
        X = self._columns_of(X)
        self.settings_, self.trials_ = {}, []
        codes = self._coded(y)
        if self.task == "regression":
            codes = self._sized(codes)
        texts = self._of_role("text")
        mean_length = {name: X[name].astype(str).str.len().mean() for name in texts}
        self.texts_ = sorted(texts, key=lambda name: mean_length[name]) if len(texts) > 1 else texts
        self.arrays_ = ColumnArrays(self._of_role("number"), self._of_role("category"), self._of_role("date")).fit(X)
        return X, codes

    def _sized(self, y: np.ndarray) -> np.ndarray:
        """Numbers with mean 0 and deviation 1, shape (n,); measured in a unit in which sums of squares are finite."""
        unit = factor_of(y)
        middle, spread = (y / unit).mean(), (y / unit).std() or 1.0
        self.middle_, self.spread_ = float(middle * unit), float(spread * unit)
        return (y / unit - middle) / spread

    def _numbers(self, scores: np.ndarray) -> np.ndarray:
        """Scores in the target's own unit, at most the largest number there is; any shape."""
        with np.errstate(over="ignore"):
            return np.clip(scores.astype(float) * self.spread_ + self.middle_, -LARGEST, LARGEST)

    def _parts(self, X: pd.DataFrame, codes: np.ndarray) -> tuple[Encoding, Decision]:
        """What is trained, and towards what."""
        body: Encoding = NoTexts(len(X))
        self.text_width_ = 0
        if self.texts_:
            source, examples = examples_of(self.model, self._texts(X))
            body = METHODS[self.method](source, self.model, examples, self.seed)
            self.text_width_, self.revision_ = source.width, source.revision
        weights = np.ones(len(codes))
        if self.balanced and self.task != "regression":
            counts = np.bincount(codes)
            weights = (len(codes) / (len(counts) * counts))[codes]
        kind = torch.float32 if self.task == "regression" else torch.long
        return body, Decision(
            self._network(),
            tensors(self.arrays_.transform(X)),
            torch.as_tensor(codes, dtype=kind),
            torch.as_tensor(weights, dtype=torch.float32),
        )

    def _network(self) -> Network:
        n_outputs = 1 if self.task == "regression" else len(self.classes_)
        return Network(
            self.arrays_.sizes(),
            self.text_width_,
            n_outputs,
            self.task,
            fusion=self.fusion,
            head=self.head,
            seed=self.seed,
        )

    def _fingerprint(self, body: Encoding, aim: Decision, held_back: np.ndarray) -> str:
        """The same for the same training."""
        digest = hashlib.sha256(repr(sorted(self.get_params(deep=False).items())).encode())
        digest.update(repr([list(row) for row in body.examples]).encode())
        for values in (*aim.columns, aim.targets):
            digest.update(values.numpy().tobytes())
        digest.update(held_back.tobytes())
        return digest.hexdigest()

    def _keep(self, body: Any, network: Network) -> None:
        """Hold what was learned as plain numbers."""
        self.weights_: Weights = network.weights()
        if self.texts_:
            self.encoder_ = TunedEncoder(
                self.model, task=self.task, method=self.method, seed=self.seed, threads=self.threads
            )
            self.encoder_.weights_ = body.changed()
            self.encoder_.revision_, self.encoder_.n_features_out_ = self.revision_, self.text_width_
            self.encoder_.method_, self.encoder_.losses_ = self.method, []

    def _scores(self, X: pd.DataFrame) -> np.ndarray:
        """Log probabilities up to a constant (n, k), or scaled numbers (n, 1)."""
        network = self._network().take(self.weights_)
        found = np.zeros((len(X), 1 if self.task == "regression" else len(self.classes_)), dtype=np.float64)
        with torch.no_grad():
            for places, rows in self._rows(X, network):
                found[places] = network.head(rows).numpy()
        return found * self.temperature_ if self.head == "svm" and self.task != "regression" else found

    def _rows(self, X: pd.DataFrame, network: Network) -> Iterator[tuple[np.ndarray, torch.Tensor]]:
        """What the head sees: (places, rows (n, width)) in parts; each distinct text is encoded once."""
        columns = tensors(self.arrays_.transform(X))
        with torch_threads(usable_threads(self.threads)):
            if network.needs_states:
                distinct, which = unique(self._texts(X))
                for texts, states, real in self.encoder_.states(distinct):
                    places = np.flatnonzero(np.isin(which, texts))
                    order = {text: number for number, text in enumerate(texts)}
                    for start in range(0, len(places), ROWS_AT_ONCE):
                        chosen = places[start : start + ROWS_AT_ONCE]
                        own = torch.tensor([order[text] for text in which[chosen]])
                        yield chosen, network.rows((states[own], real[own]), some(columns, chosen))
                return
            rows = self.encoder_.transform(self._texts(X)) if self.texts_ else np.zeros((len(X), 1), dtype=np.float32)
            for start in range(0, len(X), ROWS_AT_ONCE):
                chosen = np.arange(start, min(len(X), start + ROWS_AT_ONCE))
                yield chosen, network.rows(torch.from_numpy(rows[chosen]), some(columns, chosen))

    def _temperature(self, X: pd.DataFrame, codes: np.ndarray, held_back: np.ndarray) -> float:
        """What to multiply margins with so that the rows held back become most likely."""
        self.temperature_ = 1.0
        if self.head != "svm" or self.task == "regression" or len(held_back) == 0:
            return 1.0
        scores = self._scores(X.iloc[held_back])
        tried = np.logspace(-1.5, 1.5, 61)
        return float(tried[np.argmin([_surprise(factor * scores, codes[held_back]) for factor in tried])])

    def _looked_at(self, X: pd.DataFrame) -> dict[str, Any]:
        """The tree as the rows in `X` go through it."""
        network = self._network().take(self.weights_)
        places, decided, reached = [], [], []
        with torch.no_grad():
            for some_places, rows in self._rows(X, network):
                right = network.head.decisions(rows)
                places.append(some_places)
                decided.append(right[:, 0].numpy())
                reached.append(network.head.paths(right)[:, 0].numpy())
            said = network.head.leaf_outputs()[0].numpy().astype(float)
        order = np.argsort(np.concatenate(places))
        if self.task == "regression":
            said = self._numbers(said)
        classes = [] if self.task == "regression" else [str(label) for label in self.classes_]
        tree = describe_tree(
            X,
            self.roles_,
            self._texts(X) if self.texts_ else [""] * len(X),
            np.concatenate(reached)[order].astype(float),
            np.concatenate(decided)[order].astype(float),
            said,
            classes,
        )
        return tree.model_dump(mode="json")

    def _texts(self, frame: pd.DataFrame) -> list[str]:
        """One text per row."""
        cells = [as_texts(frame[[name]]) for name in self.texts_]
        if len(cells) == 1:
            return [text or "" for text in cells[0]]
        labels = [in_words(name) for name in self.texts_]
        return [
            "\n".join(f"{label}: {text}" for label, text in zip(labels, row, strict=True) if text)
            for row in zip(*cells, strict=True)
        ]

    def _of_role(self, role: Role) -> list[str]:
        roles = getattr(self, "roles_", self.columns) or {}
        return [name for name, one in roles.items() if one == role]

    def _n_epochs(self, n_rows: int) -> int:
        return self.epochs or effort.n_epochs(n_rows)


def _surprise(scores: np.ndarray, codes: np.ndarray) -> float:
    """Mean negative log likelihood of softmaxed scores (n, k)."""
    raised = scores - scores.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(raised).sum(axis=1)) - raised[np.arange(len(codes)), codes]))
