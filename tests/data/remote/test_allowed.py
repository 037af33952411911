"""Which addresses may be read, by their text and by where they lie."""

from __future__ import annotations

import pytest

from core.data.remote.allowed import allowed, checked, is_public
from core.messages import UnknownChoice


@pytest.mark.parametrize(
    "address",
    ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_the_open_internet(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::",
    ],
)  # fmt: skip
def test_what_is_no_part_of_it(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    ("said", "public", "hosts"),
    [("1", True, set()), ("a.org, B.org:80", False, {"a.org", "b.org:80"}), ("yes,a.org", True, {"a.org"})],
)
def test_what_the_environment_says(monkeypatch, said, public, hosts):
    monkeypatch.setenv("AMALGAM_URLS", said)
    assert (allowed().public, allowed().hosts) == (public, hosts)


@pytest.mark.parametrize(
    "address",
    [
        "", "ftp://a.org/x.csv", "file:///etc/passwd", "https://", "https:///x.csv", "a.org/x.csv", "javascript:1",
        "http://a.org:99999/x", "http://a.org/x y", "http://a.org/\r\nX: 1", "http://[::1/x", "https://me@a.org/x",
        "https://me:sesame@a.org/x.csv",
    ],
)  # fmt: skip
def test_what_is_no_address_of_the_web(monkeypatch, address):
    monkeypatch.setenv("AMALGAM_URLS", "1")
    with pytest.raises(UnknownChoice) as told:
        checked(address)
    assert "sesame" not in str(told.value)
