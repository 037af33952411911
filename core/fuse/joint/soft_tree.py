"""A trained soft tree looked at: which words and columns go with turning right at each of its nodes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer

from core.catalog import Role
from core.encode.words import ANY_WORD, SPACED_WORD, spaced
from core.fuse.columns import as_days, as_numbers, as_words
from core.letters import has_han
from core.results.soft_tree import Sign, SoftTree, TreeLeaf, TreeNode

SHOWN = 8  # words, and columns, per node
MOST_WORDS = 3000
FEWEST_ROWS = 2  # that a word occurs in
FAINT = 0.05  # correlations nearer to 0 say nothing


def describe_tree(
    frame: pd.DataFrame,
    roles: dict[str, Role],
    texts: list[str],
    reached: np.ndarray,
    right: np.ndarray,
    outputs: np.ndarray,
    classes: list[str],
) -> SoftTree:
    """Describe a tree by the rows it was trained on.

    Parameters
    ----------
    texts : list of str, shape (n,)
        What was read of each row; empty without texts.
    reached : array, shape (n, 2 · leaves − 1)
        Probability of reaching each node, inner ones first.
    right : array, shape (n, inner nodes)
        Probability of going right.
    outputs : array, shape (leaves, k)
        Distributions; numbers (leaves, 1) if there are no classes.
    """
    n_inner = right.shape[1]
    words, vocabulary = _words(texts)
    columns, signs = _columns(frame, roles)
    word_weights = correlations(words, right, reached[:, :n_inner])
    column_weights = correlations(columns, right, reached[:, :n_inner])
    shares = reached.mean(axis=0)
    nodes = [
        TreeNode(
            share=float(shares[node]),
            right=float(np.average(right[:, node], weights=reached[:, node] + 1e-12)),
            words=_strongest([Sign(kind="word", name=word, weight=0) for word in vocabulary], word_weights[:, node]),
            columns=_strongest(signs, column_weights[:, node]),
        )
        for node in range(n_inner)
    ]
    leaves = [
        TreeLeaf(
            share=float(shares[n_inner + place]),
            probabilities=values.tolist() if classes else [],
            number=None if classes else float(values[0]),
        )
        for place, values in enumerate(outputs)
    ]
    return SoftTree(classes=classes, depth=int(np.log2(len(outputs))), nodes=nodes, leaves=leaves)


def correlations(features: np.ndarray, right: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Pearson's, each row counting as far as it reaches the node.

    features (n, d), right and weights (n, nodes)  →  (d, nodes); 0 where either side does not vary
    """
    share = weights / np.maximum(weights.sum(axis=0), 1e-12)
    mean_f, mean_r = features.T @ share, (right * share).sum(axis=0)
    together = features.T @ (share * right) - mean_f * mean_r
    spread_f = np.sqrt(np.maximum((features**2).T @ share - mean_f**2, 0))
    spread_r = np.sqrt(np.maximum((right**2 * share).sum(axis=0) - mean_r**2, 0))
    size = spread_f * spread_r
    return np.where(size > 1e-9, together / np.maximum(size, 1e-9), 0.0)


def _words(texts: list[str]) -> tuple[np.ndarray, list[str]]:
    """Which words are in which text: float32 (n, words)."""
    chinese = any(map(has_han, texts[:200]))
    language = "zh" if chinese else ""
    counter = CountVectorizer(
        binary=True,
        min_df=FEWEST_ROWS,
        max_features=MOST_WORDS,
        token_pattern=ANY_WORD if chinese else SPACED_WORD,
        dtype=np.float32,
    )
    try:
        found = counter.fit_transform([spaced(text, language) for text in texts])
    except ValueError:  # no word occurs twice
        return np.zeros((len(texts), 0), dtype=np.float32), []
    return found.toarray(), [str(word) for word in counter.get_feature_names_out()]


def _columns(frame: pd.DataFrame, roles: dict[str, Role]) -> tuple[np.ndarray, list[Sign]]:
    """Numbers and days as ranks, each frequent value of a category as 0 or 1: (n, features)."""
    made, signs = [np.zeros((len(frame), 0))], []
    for name, role in roles.items():
        if role in {"number", "date"}:
            values = as_numbers(frame[[name]])[:, 0] if role == "number" else as_days(frame[[name]])
            made.append(pd.Series(values).rank().fillna(len(values) / 2).to_numpy()[:, None])
            signs.append(Sign(kind="column", name=name, weight=0))
        elif role == "category":
            words = pd.Series(as_words(frame[[name]]))
            for value, count in words.value_counts().head(30).items():
                if count >= FEWEST_ROWS:
                    made.append((words == value).to_numpy(dtype=float)[:, None])
                    signs.append(Sign(kind="column", name=name, value=str(value), weight=0))
    return np.hstack(made), signs


def _strongest(signs: list[Sign], weights: np.ndarray) -> list[Sign]:
    order = np.argsort(-np.abs(weights), kind="stable")[:SHOWN]
    return [
        signs[place].model_copy(update={"weight": float(weights[place])})
        for place in order
        if abs(weights[place]) >= FAINT
    ]
