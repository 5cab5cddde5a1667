"""Which hosts are local: literal addresses of private networks, and nothing that must be looked up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.models.network import is_local

LOCAL = ["localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]", "10.0.0.1", "172.16.0.1",
         "172.31.255.255", "192.168.1.1", "169.254.1.1", "fd00::1", "fe80::1%eth0", "::ffff:10.0.0.1"]  # fmt: skip
FAR = ["", "example.org", "localhost.example.org", "printer.local", "8.8.8.8", "172.32.0.1", "192.169.0.1",
       "2001:db8::1", "100.64.0.1", "::ffff:8.8.8.8", "10.0.0.1.example.org", "0x7f.1", "2130706433", "0.0.0.0",
       "127.1"]  # fmt: skip


@pytest.mark.parametrize("host", LOCAL)
def test_local(host: str) -> None:
    assert is_local(host)


@pytest.mark.parametrize("host", FAR)
def test_not_local(host: str) -> None:
    assert not is_local(host)


@given(st.text())
def test_any_text_has_an_answer(host: str) -> None:
    assert is_local(host) in (True, False)
