"""Costs of errors: what a miss and a false alarm cost the user, and the threshold that costs least."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from core.evaluate.error_costs import ErrorCosts, error_costs
from core.evaluate.subgroups import sampling_of
from core.results.comparison import Comparison, Detail
from pages.results.charts import over_threshold
from pages.shared import numbers
from pages.shared.charts import display
from pages.shared.i18n import _
from pages.shared.markup import plain, short
from pages.shared.runs import rows_behind


def draw(result: Comparison, detail: Detail, folder: Path) -> None:
    """Two costs, the best threshold, and what it saves."""
    label = short(detail.positive, 40)
    st.caption(_("What does a mistake cost you, in whatever unit you count in? Right answers cost nothing."))
    left, right = st.columns(2)
    miss = left.number_input(
        _("A missed “{label}”").format(label=label), 0.0, None, 1.0, 1.0, key="cost-of-miss", persist_state="session",
        help=_("A row that is “{label}” and was not found.").format(label=label),
    )  # fmt: skip
    alarm = right.number_input(
        _("A false “{label}”").format(label=label), 0.0, None, 1.0, 1.0, key="cost-of-alarm", persist_state="session",
        help=_("Another row that was taken for “{label}”.").format(label=label),
    )  # fmt: skip
    if miss + alarm <= 0:
        st.caption(_("Enter a cost above 0 for at least one of the two mistakes."))
        return
    found = _weighed(
        str(folder), (folder / "predictions.parquet").stat().st_mtime_ns, detail.positive,
        tuple(point.threshold for point in detail.thresholds), result.inflation, miss, alarm,
    )  # fmt: skip
    columns = st.columns(3)
    columns[0].metric(_("Best threshold"), f"{found.best:.2f}")
    columns[1].metric(_("Cost per 1,000 rows"), numbers.figure(found.best_cost))
    columns[2].metric(_("Saved against 0.50"), numbers.figure(found.saving.mean))
    st.caption(_sentence(found.best, found.calibrated, found.saving.low, numbers.between(found.saving)))
    frame = pd.DataFrame({"threshold": found.thresholds, "cost_per_1000_rows": found.costs})
    alt = _("Cost per 1,000 rows over the threshold; least at {threshold:.2f}").format(threshold=found.best)
    display.show(over_threshold.error_costs(found), "error-costs", frame, name="costs-of-errors", alt=alt)


def _sentence(best: float, calibrated: float, low: float, interval: str) -> str:
    """How sure the saving is, and where theory would put the threshold."""
    if best == 0.5:
        first = _("0.50, where the model says yes now, is already the best threshold.")
    elif low > 0:
        first = _("The saving's 95 % interval is {interval}.").format(interval=interval)
    else:
        first = _("The saving's 95 % interval is {interval}: it may be chance.").format(interval=interval)
    second = _(
        "The threshold was chosen on these same rows, so expect a little less on new ones. If all probabilities were "
        "true, {calibrated:.2f} would be best."
    ).format(calibrated=calibrated)
    return plain(f"{first} {second}")


@st.cache_resource(max_entries=32, show_spinner=False)
def _weighed(
    folder: str, changed: int, positive: str, thresholds: tuple[float, ...], inflation: float, miss: float, alarm: float
) -> ErrorCosts:
    held = rows_behind.predictions(Path(folder))
    return error_costs(
        (held["truth"].astype(str) == positive).to_numpy(), held[f"probability_{positive}"].to_numpy(dtype=float),
        thresholds, miss=miss, false_alarm=alarm, sampling=sampling_of(held, inflation),
    )  # fmt: skip
