"""Our figures at ``/amalgam/metrics``, in the form of OpenMetrics, where ``AMALGAM_METRICS`` opens them."""

from __future__ import annotations

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from streamlit import runtime
from streamlit.runtime.stats import ACTIVE_SESSIONS_FAMILY, GaugeStat

from core.allowed import switches
from core.jobs.figures import openmetrics
from core.jobs.figures.families import of_jobs
from core.jobs.figures.openmetrics import Family, Sample
from core.people import overview
from core.people.taken import taken
from core.workspace import Workspace
from pages.server.uploads import Uploads


class Metrics:
    """The route; whoever may ask is not asked for a login, as programs that watch have none."""

    def __init__(self, workspace: Workspace, uploads: Uploads) -> None:
        self.workspace, self.uploads = workspace, uploads

    async def tell(self, _request: Request) -> Response:
        """All figures, or 404."""
        if not switches.metrics():
            return Response(status_code=404)
        text = await to_thread.run_sync(self.text)
        return Response(text, media_type=openmetrics.MEDIA_TYPE, headers={"cache-control": "no-store"})

    def text(self) -> str:
        """All figures."""
        return openmetrics.text([*of_jobs(self.workspace), *self.of_server()])

    def of_server(self) -> list[Family]:
        """Disk, uploads and sessions; what counts up begins at 0 with each start of the server."""
        places = [Sample(used, {"place": name}) for name, used in taken(self.workspace).by_place.items()]
        refused = [Sample(n, {"reason": reason}, "_total") for reason, n in sorted(self.uploads.refused.items())]
        under_way = Sample(self.uploads.places.taken.total())
        free = Sample(overview.free_bytes(self.workspace))
        return [
            Family("amalgam_home_bytes", "gauge", "What the home folder takes, counted at most a minute ago.",
                   tuple(places), unit="bytes"),
            Family("amalgam_disk_free_bytes", "gauge", "What is free on the home folder's disk.", (free,), "bytes"),
            Family("amalgam_uploads_active", "gauge", "Files that are arriving.", (under_way,)),
            Family("amalgam_uploads_refused", "counter", "Files that were not taken, by reason.", tuple(refused)),
            Family("amalgam_sessions_open", "gauge", "Tabs of browsers that are open.", (Sample(open_sessions()),)),
        ]  # fmt: skip


def open_sessions() -> float:
    """How many tabs are connected, as Streamlit counts them."""
    found = runtime.get_instance().stats_mgr.get_stats(family_names=[ACTIVE_SESSIONS_FAMILY])
    return float(sum(stat.value for stat in found.get(ACTIVE_SESSIONS_FAMILY, []) if isinstance(stat, GaugeStat)))
