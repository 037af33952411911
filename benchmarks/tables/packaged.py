"""Tables that packages bring with them, as files: those of scikit-learn, of plotly, and of others where they are."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import sklearn.datasets

FROM_PACKAGES = {
    "lifelines/datasets": [
        "ACTG175.csv", "canadian_senators.csv", "dd.csv", "gbsg2.csv", "kidney_transplant.csv", "larynx.csv",
        "lung.csv", "lymph_node.csv", "lymphoma.csv", "merrell1955.csv", "mice.csv", "nh4.csv", "interval_diabetes.csv",
        "recur.csv", "regression.csv", "rossi.csv", "stanford_heart.csv", "waltons_dataset.csv",
        "multicenter_aids_cohort.tsv",
    ],
    "statsmodels/datasets": [
        "anes96/anes96.csv", "cancer/cancer.csv", "ccard/ccard.csv", "co2/co2.csv", "committee/committee.csv",
        "copper/copper.csv", "cpunish/cpunish.csv", "danish_data/data.csv", "elec_equip/elec_equip.csv",
        "elnino/elnino.csv", "engel/engel.csv", "fair/fair.csv", "fair/fair_pt.csv", "fertility/fertility.csv",
        "grunfeld/grunfeld.csv", "heart/heart.csv", "interest_inflation/E6.csv", "longley/longley.csv",
        "macrodata/macrodata.csv", "modechoice/modechoice.csv", "nile/nile.csv", "randhie/randhie.csv",
        "scotland/scotvote.csv", "spector/spector.csv", "stackloss/stackloss.csv", "star98/star98.csv",
        "statecrime/statecrime.csv", "strikes/strikes.csv", "sunspots/sunspots.csv",
    ],
    "vega_datasets/_data": [
        "airports.csv", "anscombe.json", "barley.json", "burtin.json", "cars.json", "crimea.json", "driving.json",
        "iowa-electricity.csv", "la-riots.csv", "ohlc.json", "seattle-temps.csv", "seattle-weather.csv", "stocks.csv",
        "us-employment.csv", "wheat.json",
    ],
    "river/datasets": [
        "airline-passengers.csv", "chick-weights.csv", "phishing.csv.gz", "segment.csv.zip", "solar-flare.csv.zip",
        "sp500.csv.gz", "trump_approval.csv.gz", "water-flow.csv",
    ],
    "palmerpenguins/data": ["penguins.csv", "penguins-raw.csv"],
    "plotly/package_data/datasets": [
        "carshare.csv.gz", "election.csv.gz", "experiment.csv.gz", "gapminder.csv.gz", "iris.csv.gz", "stocks.csv.gz",
        "tips.csv.gz", "wind.csv.gz",
    ],
}  # fmt: skip


def files(scratch: Path) -> dict[str, Path]:
    """Name → a file as a user would bring it; packed ones and JSON records are written as CSV."""
    found = {}
    for folder, names in FROM_PACKAGES.items():
        package, _slash, inside = folder.partition("/")
        spec = importlib.util.find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            continue
        for name in names:
            path = Path(spec.submodule_search_locations[0], inside, name)
            if path.exists():
                found[f"{package}/{path.name.split('.')[0]}"] = _as_csv(path, scratch)
    for name, load in _SCIKIT_LEARN.items():
        found[f"sklearn/{name}"] = _written(load(), scratch / f"sklearn-{name}.csv")
    for folder in filter(None, (os.environ.get("AMALGAM_TRIAL_DATA"), os.environ.get("AMALGAM_TRIAL_CASES"))):
        found |= {f"{Path(folder).name}/{path.stem}": path for path in sorted(Path(folder).glob("*.[ct]sv"))}
    return found


def _as_csv(path: Path, scratch: Path) -> Path:
    if path.suffix in {".csv", ".tsv"}:
        return path
    if path.suffix == ".json":
        frame = pd.DataFrame(json.loads(path.read_text(encoding="utf-8")))
    else:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    return _written(frame, scratch / f"{path.parts[-3]}-{path.name.split('.')[0]}.csv")


def _written(frame: pd.DataFrame, path: Path) -> Path:
    frame.to_csv(path, index=False)
    return path


def _classes(load: Callable[..., sklearn.utils.Bunch]) -> pd.DataFrame:
    """A frame whose target is written out."""
    bunch = load(as_frame=True)
    frame = bunch.frame.copy()
    frame["target"] = [str(bunch.target_names[code]) for code in bunch.target]
    return frame


_SCIKIT_LEARN: dict[str, Callable[[], pd.DataFrame]] = {
    "iris": lambda: _classes(sklearn.datasets.load_iris),
    "wine": lambda: _classes(sklearn.datasets.load_wine),
    "breast_cancer": lambda: _classes(sklearn.datasets.load_breast_cancer),
    "diabetes": lambda: sklearn.datasets.load_diabetes(as_frame=True, scaled=False).frame,
    "linnerud": lambda: sklearn.datasets.load_linnerud(as_frame=True).frame,
    "digits": lambda: sklearn.datasets.load_digits(as_frame=True).frame,
}
