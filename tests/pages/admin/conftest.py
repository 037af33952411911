"""Somebody else's job, and a row of a table chosen."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.job_params import CleanParams
from core.jobs import client
from core.workspace import new_id


@pytest.fixture
def job(workspace):
    """Somebody else's, waiting."""
    return client.submit(workspace, kind="clean", owner="ben", params=CleanParams(dataset=new_id()))


def chosen(page: AppTest, key: str, row: int) -> AppTest:
    """Choose a row of a table."""
    page.session_state[key] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    return page.run()
