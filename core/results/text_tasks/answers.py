"""The answers of a text task, read back from its folder. Light."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from core.results.text_tasks.task import AnswerData, Shown


def answers(folder: Path, way: str) -> list[Shown]:
    """A way's answers: all of them once it is done, those so far while it works."""
    finished, growing = folder / f"answers-{way}.parquet", folder / f"answers-{way}.partial.jsonl"
    if finished.exists():
        frame = pd.read_parquet(finished)
        return [
            Shown(
                row=int(one.row),
                text=one.text,
                reference=None if pd.isna(one.reference) else one.reference,
                answer=one.answer,
                data=AnswerData.model_validate_json(one.data),
            )
            for one in frame.itertuples()
        ]
    if not growing.exists():
        return []
    lines = growing.read_text(encoding="utf-8").split("\n")[:-1]  # the last one may be half written
    return [Shown.model_validate_json(line) for line in lines]
