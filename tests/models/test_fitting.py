"""A classical model is fitted with one thread for linear algebra, and every thread is back afterwards."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from threadpoolctl import threadpool_info, threadpool_limits

from core.models.fitting import fit_model


def blas_threads() -> set[int]:
    return {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}


class Watching(BaseEstimator):
    """Notes how many threads there are while it is fitted."""

    def fit(self, X, y, sample_weight=None):
        self.threads_, self.weights_ = blas_threads(), sample_weight
        if y[0] < 0:
            raise ValueError("no such target")
        return self


@pytest.mark.parametrize("target", [1.0, -1.0])
def test_linear_algebra_has_one_thread_while_a_model_is_fitted(target):
    model = Watching()
    with threadpool_limits(2, user_api="blas"):
        before = blas_threads()
        if target < 0:
            with pytest.raises(ValueError, match="no such target"):
                fit_model(model, np.zeros((3, 1)), np.full(3, target))
        else:
            assert fit_model(model, np.zeros((3, 1)), np.full(3, target), sample_weight=np.ones(3)) is model
            assert model.weights_.tolist() == [1, 1, 1]
        assert model.threads_ == {1}
        assert blas_threads() == before
