"""AutoGluon on one table; run by the Python of the peers' environment, which has nothing of ours.

python _autogluon.py TRAIN TEST TARGET PRESETS SECONDS OUT
"""

from __future__ import annotations

import sys
import tempfile

import pandas as pd
from autogluon.tabular import TabularPredictor  # type: ignore[import-not-found, unused-ignore]


def main() -> None:
    train, test, target, presets, seconds, out = sys.argv[1:]
    known, asked = pd.read_csv(train), pd.read_csv(test)
    with tempfile.TemporaryDirectory() as folder:
        predictor = TabularPredictor(label=target, path=folder, verbosity=0)
        predictor.fit(known, presets=presets, time_limit=float(seconds), num_gpus=0)
        found = pd.DataFrame({"prediction": predictor.predict(asked)})
        if predictor.problem_type in {"binary", "multiclass"}:
            found = found.join(predictor.predict_proba(asked).add_prefix("probability_"))
        print(predictor.model_best, file=sys.stderr)
    found.to_csv(out, index=False)


if __name__ == "__main__":
    main()
