"""Rare classes enlarged by rows whose texts a language model told in other words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.catalog import Task
from core.fuse.assisted.augment import wanted
from core.fuse.assisted.base import Rows
from core.fuse.assisted.enlarged import Enlarged, Lesson, some
from core.fuse.candidate import Candidate
from core.fuse.written.asking import written
from core.letters import has_han
from core.messages import Message, _, say
from core.providers.base import LONGEST_TEXT
from core.results.language.laboratory import Decoding

MOST = 20  # texts that are told anew: each takes seconds
TIMES = 3.0  # as long or as short as it was, at most
TOKENS = 160
ASKED = {
    "en": "Say the same in other words. Keep what it is about, who speaks, and the mood. Write the new text only."
    "\n\n{text}",
    "zh": "请用不同的说法表达同样的内容，保持主题、说话人和语气不变。只写新的文本。\n\n{text}",
}


class Rewording(Enlarged):
    """A classical model that also sees texts of rare classes as a language model retells them.

    Classes with less than half the rows of the largest one get one new row for a row they have, up to 20 in all and
    never more than they lack: its columns, and its longest text in other words. Each text is retold once; inner folds
    use what was made of their own training rows. An answer that is empty, the same, or three times as long or as short
    is left out.

    Parameters
    ----------
    parent : Candidate
    language_model : str
        As `core.providers.door` names it.
    """

    def __init__(
        self,
        parent: Candidate,
        language_model: str,
        texts: list[str] | None = None,
        task: Task = "multiclass",
        seed: int = 0,
    ) -> None:
        self.parent = parent
        self.language_model = language_model
        self.texts = texts
        self.task = task
        self.seed = seed

    def _advise(self, rows: Rows) -> Rows:
        """Have texts of rare classes told in other words."""
        rare = np.flatnonzero(np.isin(rows.y, list(wanted(rows.y)))).tolist()
        found = [(place, text) for place in rare if (text := self._longest(rows, place)[1])]
        chosen = [found[place][1] for place in some(len(found), MOST, self.seed)]
        prompts = [ASKED["zh" if has_han(text) else "en"].format(text=text[:LONGEST_TEXT]) for text in chosen]
        settings = Decoding(temperature=0.7, max_tokens=TOKENS, seed=self.seed)
        told = written(self.language_model, prompts, settings) if prompts else []
        self.retold_ = {text: new for text, new in zip(chosen, told, strict=True) if is_retold(text, new)}
        return rows

    def _shared(self) -> Sequence[str]:
        return ("retold_",)

    def _why_not(self, rows: Rows) -> Message | None:
        if not wanted(rows.y):
            return say(_("The LLM's advice was not used: no class is rare."))
        if not self.retold_:
            return say(_("The LLM's advice was not used: it told no text in other words."))
        return None

    def _lesson(self, rows: Rows) -> Lesson:
        places, told, codes = [], [], []
        for code, n in wanted(rows.y).items():
            own = np.random.default_rng(self.seed).permutation(np.flatnonzero(rows.y == code))
            can = [place for place in own if self._longest(rows, place)[1] in self.retold_]
            for place in can[:n]:
                column, text = self._longest(rows, place)
                places.append(place)
                told.append((column, self.retold_[text]))
                codes.append(code)
        added = rows.X.iloc[places].copy()
        for row, (column, text) in enumerate(told):
            added.iloc[row, added.columns.get_loc(column)] = text
        return Lesson(added, np.eye(len(self.classes_))[codes])

    def _longest(self, rows: Rows, place: int) -> tuple[str, str]:
        """The column with the longest text of a row, and the text; "" where there is none."""
        cells = [(name, rows.X[name].iloc[place]) for name in self.texts or []]
        filled = [(name, text) for name, text in cells if isinstance(text, str) and text.strip()]
        return max(filled, key=lambda one: len(one[1]), default=("", ""))

    def _forget(self) -> None:
        super()._forget()
        del self.retold_


def is_retold(text: str, new: str) -> bool:
    """Whether a text is told in other words: not the same, and about as long.

    Examples
    --------
    >>> is_retold("You are late again!", "Once more you did not come in time."), is_retold("Late!", "late!")
    (True, False)
    """
    before, after = (" ".join(one.casefold().split()) for one in (text, new))
    return bool(after) and before != after and 1 / TIMES <= len(after) / len(before[:LONGEST_TEXT]) <= TIMES
