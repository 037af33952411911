"""Consent is given for one table and one host by whose table it is, can be taken back, and goes with the table."""

from __future__ import annotations

import pickle
import shutil
import threading

import pytest

from core.access import consent
from core.access.consent import A_FILE, FILE, NO_TABLE, Sender
from core.messages import UnusableData
from core.workspace import DatasetRow, new_id

HOST = "llm.example"


def a_table(workspace, owner="ann"):
    row = DatasetRow(new_id(), owner, "table", "hash", 1, 1, 0.0)
    workspace.dataset_folder(row.id).mkdir()
    workspace.add_dataset(row)
    return row.id


@pytest.fixture
def table(workspace):
    return a_table(workspace)


def test_it_is_for_one_table_one_host_and_one_owner(workspace, table):
    assert not consent.given(workspace, table, HOST, "ann")
    consent.give(workspace, table, HOST, "ann")
    assert consent.given(workspace, table, HOST.upper(), "ann")
    assert not consent.given(workspace, table, "other.example", "ann")
    assert not consent.given(workspace, a_table(workspace), HOST, "ann")
    assert not consent.given(workspace, table, HOST, "bob")


def test_it_can_be_taken_back(workspace, table):
    consent.give(workspace, table, HOST, "ann")
    consent.give(workspace, table, "other.example", "ann")
    assert consent.take_back(workspace, table, HOST, "ann")
    assert not consent.take_back(workspace, table, HOST, "ann")
    assert not consent.given(workspace, table, HOST, "ann")
    assert consent.given(workspace, table, "other.example", "ann")


def test_nobody_gives_it_for_another_ones_table(workspace, table):
    for act in (consent.give, consent.take_back):
        with pytest.raises(UnusableData, match="not there"):
            act(workspace, table, HOST, "bob")
        with pytest.raises(UnusableData):
            act(workspace, "../../elsewhere", HOST, "ann")


def test_it_goes_with_the_table_and_with_its_owner(workspace, table):
    consent.give(workspace, table, HOST, "ann")
    assert (workspace.dataset_folder(table) / FILE).exists()
    workspace.add_dataset(DatasetRow(table, "bob", "table", "hash", 1, 1, 0.0))
    assert not consent.given(workspace, table, HOST, "bob")
    shutil.rmtree(workspace.dataset_folder(table))
    assert not consent.given(workspace, table, HOST, "ann")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"llm.example": true}', b'{"llm.example": {}}', b"\xff"])
def test_a_damaged_file_is_no_consent(workspace, table, content):
    (workspace.dataset_folder(table) / FILE).write_bytes(content)
    assert not consent.given(workspace, table, HOST, "ann")
    consent.give(workspace, table, HOST, "ann")
    assert consent.given(workspace, table, HOST, "ann")


def test_two_who_give_at_once_lose_nothing(workspace, table):
    hosts = [f"{n}.example" for n in range(12)]
    threads = [threading.Thread(target=consent.give, args=(workspace, table, host, "ann")) for host in hosts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [host for host in hosts if not consent.given(workspace, table, host, "ann")] == []


def test_a_sender_sends_what_was_allowed_alone(workspace, table):
    sender = Sender(workspace.home, "ann", table)
    assert not sender.may_send(HOST)
    consent.give(workspace, table, HOST, "ann")
    assert sender.may_send(HOST)
    assert pickle.loads(pickle.dumps(sender)).may_send(HOST)
    other = a_table(workspace)
    assert not Sender(workspace.home, "ann", table, beside=(other,)).may_send(HOST)
    assert not Sender(workspace.home, "ann", NO_TABLE, beside=(other,)).may_send(HOST)
    consent.take_back(workspace, table, HOST, "ann")
    assert not sender.may_send(HOST)


def test_a_persons_own_words_may_go_and_a_file_only_where_its_host_was_named(workspace):
    assert Sender(workspace.home, "ann", NO_TABLE).may_send(HOST)
    assert not Sender(workspace.home, "ann").may_send(HOST)
    assert not Sender(workspace.home, "ann", A_FILE, send_to="llm.example.evil").may_send(HOST)
    assert Sender(workspace.home, "ann", A_FILE, send_to=HOST).may_send(HOST)
    assert not Sender(workspace.home, "ann", A_FILE).may_send("")  # nothing named is not everything allowed
