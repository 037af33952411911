"""A part of a page that asks to be drawn again just as another page is opened: its answer must not undo that page."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests, ScriptRequestType


@cache
def keep_the_page() -> None:
    """Have the requests of parts run under the page that is shown, or waited for, when their turn comes.

    A part that looks again every second may ask while a run is under way that opens another page. Streamlit takes the
    request up after that run and announces the page it came from; the browser then clears the new page, can't place
    what comes for it next, and gives up: nothing is drawn any more until the person loads the page again.
    """
    run = vars(ScriptRunner)["_run_script"]

    def run_under_the_page_shown(runner: ScriptRunner, request: RerunData) -> None:
        shown = vars(runner)["_pages_manager"].current_page_script_hash
        if request.fragment_id_queue and shown:
            request = replace(request, page_script_hash=shown)
        run(runner, request)

    setattr(ScriptRunner, "_run_script", run_under_the_page_shown)  # noqa: B010
    take = vars(ScriptRequests)["_request_rerun_locked"]

    def take_for_the_page_wanted(requests: ScriptRequests, request: RerunData) -> bool:
        wanted, part = vars(requests)["_rerun_data"], request.fragment_id or request.fragment_id_queue
        if vars(requests)["_state"] is ScriptRequestType.RERUN and part and not wanted.fragment_id_queue:
            request = replace(
                request,
                page_script_hash=wanted.page_script_hash,
                page_name=wanted.page_name,
                query_string=wanted.query_string,
            )
        return bool(take(requests, request))

    setattr(ScriptRequests, "_request_rerun_locked", take_for_the_page_wanted)  # noqa: B010
