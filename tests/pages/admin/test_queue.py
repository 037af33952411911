"""A job of somebody else's is ended; one that has ended is left alone."""

from __future__ import annotations

from core.jobs import client, table
from tests.pages.admin.conftest import chosen
from tests.pages.conftest import words


def test_a_job_is_ended(open_page, workspace, job):
    page = chosen(open_page("admin"), "admin-jobs", 0)
    page.button(key="admin-end").click().run()
    assert not page.exception
    assert table.one(workspace, job).state == "cancelled"


def test_a_job_that_has_ended_offers_nothing(open_page, workspace, job):
    client.cancel(workspace, job, "ben")
    page = chosen(open_page("admin"), "admin-jobs", 0)
    assert "This job has ended" in words(page)
    assert not [button for button in page.button if button.key == "admin-end"]


def test_without_jobs_that_is_said(open_page):
    assert "There are no jobs" in words(open_page("admin"))
