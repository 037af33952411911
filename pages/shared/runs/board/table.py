"""The leaderboard as a table, and what its columns mean."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core.results.comparison import Comparison
from pages.shared import names, numbers
from pages.shared.i18n import _, t
from pages.shared.markup import plain
from pages.shared.runs.board import ranking


def table(comparison: Comparison) -> pd.DataFrame:
    """The leaderboard as a table, one line per candidate: finished ones by rank, then the rest."""
    lines = ranking.ranked(comparison)
    lines += [line for line in comparison.candidates if line not in lines]
    metric = comparison.metric
    rows: list[dict[str, Any]] = []
    for line in lines:
        score, gain = line.scores.get(metric), line.difference
        rows.append(
            {
                _("Candidate"): names.line_label(line, comparison.task),
                _("State"): names.status_label(line),
                numbers.metric_label(metric): score.mean if score else None,
                _("Low"): score.low if score else None,
                _("High"): score.high if score else None,
                _("Training, s"): line.fit_seconds,
                _("ms per row"): line.ms_per_row,
                _("Size, MB"): line.size_mb,
                _("Difference"): gain.mean if gain else None,
                _("Difference, low"): gain.low if gain else None,
                _("Difference, high"): gain.high if gain else None,
                _("p"): gain.p if gain else None,
                _("Among all, low"): gain.joint_low if gain else None,
                _("Among all, high"): gain.joint_high if gain else None,
                _("Compared with"): ranking.name_in_words(gain.to, comparison) if gain else "",
                _("Text features"): ranking.badges()[line.leak_badge][0] if line.leak_badge else "",
                _("Reason"): t(line.reason) if line.reason else "",
                _("Name"): line.name,
            }
        )
    return pd.DataFrame(rows)


def columns(rows: pd.DataFrame) -> dict[str, Any]:
    """How the table's columns are shown, and what they mean on hover."""
    about_score = _(
        "The 95 % interval of the score, by how much each held-out row moves it. Rows of one group, and nearly equal "
        "ones, count together."
    )
    about_gain = _(
        "The difference of the two scores on the same held-out rows, and its 95 % interval, which is this pair's alone."
    )
    about_joint = _(
        "The 95 % interval that holds for all candidates with a language model together, so also for the one that is "
        "chosen because it gains most. The verdict goes by it."
    )
    chance = _("How often chance alone would show a difference this large, if there were none.")
    places = list(rows.columns)
    shapes = ["%.3f"] * 3 + ["%.2f"] * 3 + ["%+.3f"] * 3 + ["%.3f"] + ["%+.3f"] * 2
    about = ["", *[about_score] * 2, *[""] * 3, *[about_gain] * 3, chance, *[about_joint] * 2]
    shown: dict[str, Any] = {
        name: st.column_config.NumberColumn(format=shape, help=text or None)
        for name, shape, text in zip(places[2:14], shapes, about, strict=True)
    }
    parent = _(
        "Candidates with a language model: the best one without, on the same columns and texts; the others: guessing."
    )
    sentences = " ".join(f"{word}: {sentence}" for word, sentence in ranking.badges().values())
    return shown | {
        places[14]: st.column_config.TextColumn(help=plain(parent)),
        places[15]: st.column_config.TextColumn(help=plain(sentences)),
    }
