"""The training of a network that explains words, on lessons drawn as it goes: none is read twice."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import nn

from core.encode.finetuning.loop import Step, Training
from core.encode.finetuning.trainable_parts import Body
from core.encode.model_files import load, locate
from core.explain.amortized.explainer import BODY, HEAD, Head, readable
from core.explain.amortized.lessons import Lesson, Lessons
from core.explain.text.token_states import owners

LESSONS_AT_ONCE = 512
BATCH = 32
RATE = 1e-4
MOST_TOKENS = 128  # of a text, in training


class WordValues(nn.Module):
    """What a network is trained towards: its words' values as sums explain the differences of pairs.

    Parameters
    ----------
    width : int
    scale : array (outputs,)
        What the differences are divided by, so that all outputs count alike.
    """

    needs_states = True

    def __init__(self, width: int, scale: np.ndarray, seed: int) -> None:
        super().__init__()
        self.scale = torch.as_tensor(scale, dtype=torch.float32)
        self.head = Head(width, len(scale), seed)
        self.lessons: list[Lesson] = []
        self.owner: list[np.ndarray] = []  # of each lesson's tokens

    def loss(self, given: tuple[torch.Tensor, torch.Tensor], places: np.ndarray) -> torch.Tensor:
        """Token states of the lessons at `places`  →  mean squared error"""
        lessons = [self.lessons[place] for place in places]
        values = self.values(given[0], places)  # (batch, most words, outputs)
        n_pairs, n_words = len(lessons[0].kept), values.shape[1]
        sides = np.zeros((len(lessons), n_pairs, n_words), dtype=np.float32)
        for side, lesson in zip(sides, lessons, strict=True):
            side[:, : len(lesson.spans)] = np.where(lesson.kept, 1, -1)
        apart = torch.from_numpy(np.stack([lesson.differences for lesson in lessons])) / self.scale
        return nn.functional.mse_loss(torch.from_numpy(sides) @ values, apart)

    def values(self, states: torch.Tensor, places: np.ndarray) -> torch.Tensor:
        """Values of words, summing to the texts' totals; nothing behind a text's last word.

        (batch, longest, width)  →  (batch, most words, outputs)
        """
        lessons = [self.lessons[place] for place in places]
        counts = torch.tensor([len(lesson.spans) for lesson in lessons])
        n_words = int(counts.max())
        owner = torch.full(states.shape[:2], n_words)
        for row, place in zip(owner, places, strict=True):
            own = torch.from_numpy(self.owner[place])
            row[: len(own)] = torch.where(own < 0, n_words, own)
        numbers = self.head(states.float())
        summed = torch.zeros(len(lessons), n_words + 1, numbers.shape[2])
        summed = summed.scatter_add(1, owner[:, :, None].expand_as(numbers), numbers)[:, :n_words]
        real = (torch.arange(n_words) < counts[:, None])[:, :, None]
        totals = torch.from_numpy(np.stack([lesson.total for lesson in lessons])) / self.scale
        summed = summed * real
        return summed + real * ((totals - summed.sum(dim=1)) / counts[:, None])[:, None]


class Learning:
    """A network on its way to explain a column's words.

    Parameters
    ----------
    lessons : Lessons
    base : str
        The encoder it is made from.
    n_lessons : int
    threads : int
    """

    def __init__(self, lessons: Lessons, base: str, n_lessons: int, threads: int, seed: int) -> None:
        self.lessons, self.n_lessons, self.threads = lessons, n_lessons, threads
        self.source = locate(base)
        self.tokenizer = load(self.source, self.source.n_layers, base).tokenizer
        self.first = lessons.more(min(LESSONS_AT_ONCE, n_lessons))
        scale = np.concatenate([lesson.differences for lesson in self.first]).std(axis=0)
        self.aim = WordValues(self.source.width, np.where(scale > 0, scale, 1.0), seed)
        self.ids: list[list[int]] = []
        self.body = Body(self.source, base, self.ids, seed)
        self.body.rate = RATE
        n_steps = sum(-(-n // BATCH) for n in _portions(n_lessons))
        self.training = Training(self.body, self.aim, n_steps)
        self.random = np.random.default_rng(seed)

    def steps(self) -> Iterator[Step]:
        """Draw lessons, train on them, and so on; stop by leaving the loop."""
        batches: list[np.ndarray] = []
        for number, n in enumerate(_portions(self.n_lessons)):
            self._take(self.lessons.more(n) if number else self.first)
            batches += self._batches(n)
            yield from self.training.steps(batches, self.threads)

    def n_read(self, step: int) -> int:
        """Lessons read after so many steps."""
        return min(self.n_lessons, step * BATCH)

    def weights(self) -> dict[str, np.ndarray]:
        """All that a `Learned` is made of."""
        scale = self.aim.scale.numpy()
        head = {name: value.detach().numpy().copy() for name, value in self.aim.head.state_dict().items()}
        head["outer.weight"] *= scale[:, None]
        head["outer.bias"] *= scale
        body = {BODY + name: value for name, value in self.body.changed().items()}
        return body | {HEAD + name: value for name, value in head.items()}

    def _take(self, lessons: list[Lesson]) -> None:
        """These are the examples now."""
        self.tokenizer.enable_truncation(min(self.source.max_tokens, MOST_TOKENS))  # the model may have set its own
        rows = [self.tokenizer.encode(readable(lesson.text)) for lesson in lessons]
        self.ids[:] = [row.ids for row in rows]
        self.aim.lessons = lessons
        self.aim.owner = [owners(row, lesson.spans) for row, lesson in zip(rows, lessons, strict=True)]

    def _batches(self, n: int) -> list[np.ndarray]:
        """Lessons of like length together, the batches in any order."""
        order = np.argsort([len(row) for row in self.ids], kind="stable")
        batches = [order[start : start + BATCH] for start in range(0, n, BATCH)]
        return [batches[place] for place in self.random.permutation(len(batches))]


def _portions(n_lessons: int) -> list[int]:
    full, rest = divmod(n_lessons, LESSONS_AT_ONCE)
    return [LESSONS_AT_ONCE] * full + ([rest] if rest else [])
