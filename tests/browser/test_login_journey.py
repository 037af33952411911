"""Two people and whoever runs the server, one after the other on one browser: log in, work, log out."""

from __future__ import annotations

import re
import shutil

import pytest
import requests
from playwright.sync_api import expect, sync_playwright

from core.workspace import Workspace
from tests.browser import journey
from tests.browser.conftest import ARGUMENTS, NAMES
from tests.server.conftest import Server
from tests.server.provider import provider, variables

pytestmark = pytest.mark.browser
TABLE = "text,answer\n" + "".join(f"sentence number {n},{'yes' if n % 2 else 'no'}\n" for n in range(40))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    made = Server(Workspace(tmp_path_factory.mktemp("home")))
    with provider() as issuer:
        made.start(AMALGAM_JOB_KINDS="", AMALGAM_ADMINS="ben@lab.example ann-x", **variables(made, issuer))
        yield made
        made.stop()


@pytest.fixture(scope="module")
def context(server):
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser.new_context(viewport={"width": 1440, "height": 1000}, locale="en-US")
        browser.close()


@pytest.fixture(scope="module")
def page(context):
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    return opened


def log_in(server, page, subject: str, name: str):
    page.goto(server.address)
    page.get_by_role("button", name="Log in").click()
    page.get_by_placeholder("sub").fill(subject)
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_test_id("stSidebar").get_by_text(re.compile(name))).to_be_visible()
    expect(page.get_by_role("heading", name="Text and columns, one model")).to_be_visible()


def log_out(page):
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("button", name="End session").click()  # the provider asks, too
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def add_table(server, page, name: str, path):
    (path / name).write_text(TABLE)
    journey.upload(server, page, path / name)


def test_nobody_sees_anything_but_the_login_page(server, page):
    for path in (*journey.PAGES, "admin", ""):
        page.goto(f"{server.address}/{path}")
        expect(page.get_by_role("heading", name="Log in")).to_be_visible()
        assert page.get_by_role("heading", name=re.compile("Data|Compare|Text and columns")).count() == 0
    journey.look(page, "login")


def test_ann_works_and_her_name_is_shown_as_it_is_written(server, page, tmp_path):
    log_in(server, page, "ann-1", r"Ann \*\*A\*\*")
    add_table(server, page, "annas.csv", tmp_path)
    page.goto(f"{server.address}/admin")
    expect(page.get_by_text("This page is for whoever runs this server")).to_be_visible()
    assert page.get_by_role("link", name="Admin").count() == 0


def test_after_her_logout_her_cookie_is_worth_nothing_in_any_tab(server, context, page):
    cookies = {one["name"]: one["value"] for one in context.cookies(server.address)}
    send = f"{server.address}/amalgam/upload?name=a.csv"
    assert requests.post(send, data=b"a,b\n1,2\n", cookies=cookies, timeout=5).ok
    other = context.new_page()
    other.goto(f"{server.address}/data")
    expect(other.get_by_role("heading", name=re.compile("annas"))).to_be_visible()
    log_out(page)
    assert requests.post(send, data=b"a,b\n1,2\n", cookies=cookies, timeout=5).status_code == 403
    other.get_by_text("中文").click()  # whatever is done there
    expect(other.get_by_role("heading", name=re.compile("Log in|登录"))).to_be_visible(timeout=60_000)
    assert other.get_by_text("annas").count() == 0
    other.close()
    thief = context.browser.new_context(locale="en-US")
    thief.add_cookies([{"name": name, "value": value, "url": server.address} for name, value in cookies.items()])
    looks = thief.new_page()
    looks.goto(f"{server.address}/data")
    expect(looks.get_by_role("heading", name="Log in")).to_be_visible()
    assert looks.get_by_text("annas").count() == 0
    thief.close()


def test_ben_on_the_same_browser_sees_nothing_of_hers(server, page, tmp_path):
    log_in(server, page, "ben-2", "Ben")
    assert page.get_by_text("annas").count() == 0
    page.goto(f"{server.address}/data")
    expect(page.get_by_role("heading", name="Data", exact=True)).to_be_visible()
    assert page.get_by_text("annas").count() == 0
    add_table(server, page, "bens.csv", tmp_path)


def test_ben_runs_the_server_and_reads_no_names_of_tables(server, page):
    page.get_by_role("link", name="Admin").click()
    expect(page.get_by_role("heading", name="People")).to_be_visible()
    expect(page.get_by_text("are free on this disk")).to_be_visible()
    assert page.get_by_text("annas").count() == 0
    journey.look(page, "admin")
    log_out(page)


def test_an_address_that_nobody_verified_makes_no_admin_and_ann_finds_her_table_again(server, page):
    log_in(server, page, "eve-3", "Eve")
    assert page.get_by_role("link", name="Admin").count() == 0
    log_out(page)
    log_in(server, page, "ann-1", "Ann")
    page.goto(f"{server.address}/data")
    expect(page.get_by_role("heading", name=re.compile("annas"))).to_be_visible()
    journey.nothing_broke(page)
