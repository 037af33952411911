"""A file of the web comes whole, from where it may be read, within its limits, or not at all."""

from __future__ import annotations

import json
import socket

import pytest

from core.access import audit
from core.data import jobs
from core.data.remote.download import download
from core.jobs.context import Context
from core.messages import UnknownChoice, UnreadableFile
from core.workspace import Workspace, new_id
from tests.data.remote.conftest import TABLE

MOST = 1_000_000


@pytest.mark.parametrize(
    ("path", "name"), [("/table.csv?day=1", "table.csv"), ("/export", "export.csv"), ("/named", "prés.csv")]
)
def test_a_file_comes_with_its_name(address, tmp_path, path, name):
    heard = []
    found = download(address + path, tmp_path / "in", MOST, heard.append)
    assert (found, found.read_bytes()) == (tmp_path / "in" / name, TABLE)
    assert (heard[0], heard[-1]) == (0.0, 1.0)
    assert [one.name for one in (tmp_path / "in").iterdir()] == [name]


def test_nothing_is_fetched_unless_somebody_allows_it(address, tmp_path, monkeypatch):
    for said in ("", "0", "no"):
        monkeypatch.setenv("AMALGAM_URLS", said)
        with pytest.raises(UnreadableFile, match="switched off"):
            download(f"{address}/table.csv", tmp_path, MOST)


def test_a_private_network_is_read_only_where_it_is_named(address, tmp_path, monkeypatch):
    monkeypatch.setenv("AMALGAM_URLS", "1")
    for host in (address, address.replace("127.0.0.1", "localhost"), address.replace("127.0.0.1", "2130706433")):
        with pytest.raises(UnreadableFile, match="lies in a private network"):
            download(f"{host}/table.csv", tmp_path, MOST)
    monkeypatch.setenv("AMALGAM_URLS", "1, 127.0.0.1")
    assert download(f"{address}/table.csv", tmp_path, MOST).read_bytes() == TABLE


def test_where_hosts_are_named_no_other_is_read(address, tmp_path, monkeypatch):
    monkeypatch.setenv("AMALGAM_URLS", "data.example.org")
    with pytest.raises(UnreadableFile, match=r"“127\.0\.0\.1” is not allowed here"):
        download(f"{address}/table.csv", tmp_path, MOST)


@pytest.mark.parametrize(
    ("leads_to", "error", "said"),
    [
        ("http://localhost:{port}/table.csv", UnreadableFile, "“localhost” lies in a private network"),
        ("http://169.254.169.254/latest/meta-data", UnreadableFile, "lies in a private network"),
        ("http://[::ffff:10.0.0.1]/", UnreadableFile, "lies in a private network"),
        ("file:///etc/passwd", UnknownChoice, "not an address of the web"),
        ("http://me:sesame@127.0.0.1:{port}/table.csv", UnknownChoice, "a password"),
    ],
)
def test_a_redirect_is_checked_like_the_address_itself(server, address, tmp_path, monkeypatch, leads_to, error, said):
    monkeypatch.setenv("AMALGAM_URLS", f"1,127.0.0.1:{server.server_port}")
    server.RequestHandlerClass.leads_to = leads_to.format(port=server.server_port)
    with pytest.raises(error, match=said):
        download(f"{address}/away", tmp_path, MOST)
    assert list(tmp_path.iterdir()) == []


def test_a_redirect_to_where_it_may_is_followed(server, address, tmp_path):
    server.RequestHandlerClass.leads_to = "table.csv"
    assert download(f"{address}/away", tmp_path, MOST).name == "table.csv"
    with pytest.raises(UnreadableFile, match="leads on and on"):
        download(f"{address}/round", tmp_path, MOST)


def test_a_name_is_resolved_once_and_what_was_checked_is_connected_to(server, address, tmp_path, monkeypatch):
    """A name that changes its meaning after the check (DNS rebinding) is not asked again."""
    real, asked = socket.getaddrinfo, []

    def resolve(host, *rest, **named):
        if host != "data.test":
            return real(host, *rest, **named)
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "127.0.0.9", *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setenv("AMALGAM_URLS", "data.test")
    assert download(f"http://data.test:{server.server_port}/table.csv", tmp_path, MOST).read_bytes() == TABLE
    assert asked == ["data.test"]


@pytest.mark.parametrize("path", ["/huge", "/endless"])
def test_what_is_too_large_is_refused_before_or_while_it_comes(address, tmp_path, path):
    with pytest.raises(UnreadableFile, match="larger than 1 MB"):
        download(address + path, tmp_path, MOST)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["/drip", "/dripping.headers"])
def test_what_comes_too_slowly_is_cut(address, tmp_path, path):
    with pytest.raises(UnreadableFile, match="took too long"):
        download(address + path, tmp_path, MOST, most_seconds=0.4)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("path", "said"),
    [("/short", "did not send all"), ("/none", r"answered 404 \(Not Found\)")],
)
def test_what_is_not_whole_or_not_there_is_no_file(address, tmp_path, path, said):
    with pytest.raises(UnreadableFile, match=said):
        download(address + path, tmp_path, MOST)
    assert list(tmp_path.iterdir()) == []


def test_nobody_who_listens_is_a_sentence(address, tmp_path, monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("AMALGAM_URLS", "127.0.0.1")
    with pytest.raises(UnreadableFile, match="could not be reached"):
        download(f"http://127.0.0.1:{port}/table.csv", tmp_path, MOST)
    with pytest.raises(UnreadableFile, match="could not be reached"):
        download(address.replace("http:", "https:") + "/table.csv", tmp_path, MOST)  # which speaks no TLS


def test_the_read_job_makes_a_data_set_of_it(address, tmp_path):
    heard = []
    context = Context(
        Workspace(tmp_path / "home"), "ada", "job", tmp_path / "run", report=lambda *told: heard.append(str(told[0]))
    )
    dataset = new_id()
    jobs.read({"dataset": dataset, "name": "", "address": f"{address}/table.csv", "target": "city"}, context)
    row = context.workspace.dataset(dataset, "ada")
    assert (row.name, row.n_rows) == ("table.csv", 40)
    assert (context.workspace.dataset_folder(dataset) / "source" / "table.csv").read_bytes() == TABLE
    assert heard[:2] == ["Reading the file", "Fetching the file"]
    [act] = [json.loads(line) for line in audit.log_file(context.workspace.home).read_text().splitlines()]
    assert (act["act"], act["owner"], act["about"]) == ("sent-out", "ada", "127.0.0.1")
    heard.clear()
    jobs.read({"dataset": dataset, "name": "again", "source": dataset}, context)  # from what was kept
    assert "Fetching the file" not in heard
