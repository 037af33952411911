"""The kinds of work of a server under load: as they are, but that a report is written in no time.

``AMALGAM_JOB_KINDS=benchmarks._kinds:KINDS``
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.catalog import JOB_KINDS
from core.jobs.context import Context

QUICK = "report"  # a kind whose words the pages know


def quick(_params: dict[str, Any], context: Context) -> None:
    (context.folder / "done.txt").write_text("yes")


KINDS = JOB_KINDS | {QUICK: replace(JOB_KINDS[QUICK], run="benchmarks._kinds:quick", warm=())}
