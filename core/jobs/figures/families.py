"""What the job system tells of itself: jobs by kind and state, how long they waited and ran, how workers ended."""

from __future__ import annotations

from core import catalog
from core.jobs.figures import counts
from core.jobs.figures.counts import Labels
from core.jobs.figures.openmetrics import Family, Sample, histogram
from core.workspace import Workspace

ACTIVE = "SELECT state, kind, COUNT(*) AS n FROM jobs WHERE state IN ('queued', 'running') GROUP BY state, kind"
Counts = dict[str, list[tuple[Labels, float]]]


def of_jobs(workspace: Workspace) -> list[Family]:
    """The families, whether or not something was counted yet.

    Examples
    --------
    >>> [family.name for family in of_jobs(workspace)][:2]  # doctest: +SKIP
    ['amalgam_jobs_active', 'amalgam_jobs_submitted']
    """
    kept = counts.read(workspace)
    return [
        _active(workspace),
        _counter(kept, "submitted", "amalgam_jobs_submitted", "Jobs that were put into the queue."),
        _counter(kept, "ended", "amalgam_jobs_ended", "Jobs that ended, by the state they ended in."),
        _histogram(kept, "waiting", "amalgam_job_waiting_seconds", counts.WAITING_BOUNDS,
                   "From the queue to the first start."),
        _histogram(kept, "running", "amalgam_job_running_seconds", counts.RUNNING_BOUNDS,
                   "From a start to that attempt's end."),
        _counter(kept, "dispatcher_starts", "amalgam_dispatcher_starts", "Starts of the dispatcher."),
        _counter(kept, "worker_ends", "amalgam_worker_ends", "Workers that ended a job, by reason."),
    ]  # fmt: skip


def reason(state: str, code: str) -> str:
    """Why a worker ended, in a word: how its job ended, and the limit that it met.

    Examples
    --------
    >>> reason("failed", "out_of_memory"), reason("lost", "")
    ('memory', 'killed')
    """
    if state == "failed":
        return {"out_of_memory": "memory", "out_of_time": "time"}.get(code, "failed")
    return "killed" if state == "lost" else state


def _active(workspace: Workspace) -> Family:
    """Jobs now; kinds without any are told as 0, so that a figure never goes missing."""
    with workspace.reading() as database:
        found = {(row["state"], row["kind"]): row["n"] for row in database.execute(ACTIVE)}
    known = {(state, kind) for state in ("queued", "running") for kind in catalog.JOB_KINDS} | set(found)
    samples = [Sample(found.get(key, 0), {"state": key[0], "kind": key[1]}) for key in sorted(known)]
    return Family("amalgam_jobs_active", "gauge", "Jobs that wait or are at work.", tuple(samples))


def _counter(kept: Counts, count: str, name: str, about: str) -> Family:
    samples = [Sample(value, labels, "_total") for labels, value in kept.get(count, [])]
    return Family(name, "counter", about, tuple(samples))


def _histogram(kept: Counts, count: str, name: str, bounds: tuple[float, ...], about: str) -> Family:
    samples: list[Sample] = []
    for labels, total in kept.get(f"{count}_sum", []):
        buckets = dict.fromkeys(bounds, 0.0)
        for bucket, n in kept.get(f"{count}_bucket", []):
            if {key: value for key, value in bucket.items() if key != "le"} == labels:
                bound = float(bucket["le"])
                buckets[bound] = buckets.get(bound, 0.0) + n
        samples += histogram(labels, buckets, total)
    return Family(name, "histogram", about, tuple(samples), unit="seconds")
