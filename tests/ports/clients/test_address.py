"""Whose request it is: told by the proxies that are trusted, and by nobody else."""

import pytest

from ports.clients.address import client_address

pytestmark = pytest.mark.any_database

PROXIES = ["10.0.0.0/8", "2001:db8:ffff::/48", "127.0.0.1"]


@pytest.mark.parametrize(
    ("remote", "forwarded", "expected"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        # Somebody who is no proxy says what they like.
        ("192.0.2.1", "198.51.100.1", "192.0.2.1"),
        ("10.1.2.3", "198.51.100.1", "198.51.100.1"),
        # What the client sent stands before what the proxy added.
        ("10.1.2.3", "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        ("10.1.2.3", "198.51.100.1, 10.9.9.9", "198.51.100.1"),
        ("10.1.2.3", "203.0.113.9,10.0.0.1 , 198.51.100.1,10.9.9.9", "198.51.100.1"),
        ("10.1.2.3", "", "10.1.2.3"),
        ("10.1.2.3", "10.4.5.6", "10.4.5.6"),
        ("10.1.2.3", "198.51.100.1, unknown", "10.1.2.3"),
        ("10.1.2.3", "198.51.100.1:4711", "198.51.100.1"),
        ("10.1.2.3", "[2001:db8:1:2:3:4:5:6]:4711", "2001:db8:1:2::/64"),
        ("10.1.2.3", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("10.1.2.3", "::ffff:198.51.100.1", "198.51.100.1"),
        ("::ffff:10.1.2.3", "198.51.100.1", "198.51.100.1"),
        ("2001:db8:ffff::1", "198.51.100.1", "198.51.100.1"),
        ("fe80::1%eth0", "", "fe80::/64"),
        ("", "198.51.100.1", "198.51.100.1"),
        ("10.1.2.3", "١٩٨.٥١.١٠٠.١", "10.1.2.3"),
        ("10.1.2.3", ",,", "10.1.2.3"),
    ],
)
def test_the_address_is_the_last_one_that_no_trusted_proxy_has(
    remote: str, forwarded: str, expected: str
) -> None:
    found = client_address({"REMOTE_ADDR": remote, "HTTP_X_FORWARDED_FOR": forwarded}, PROXIES)
    assert found == expected


def test_without_a_setting_this_machine_is_trusted() -> None:
    forwarded = {"HTTP_X_FORWARDED_FOR": "198.51.100.1"}
    assert client_address({"REMOTE_ADDR": "127.0.0.1", **forwarded}, []) == "198.51.100.1"
    assert client_address({"REMOTE_ADDR": "10.1.2.3", **forwarded}, []) == "10.1.2.3"


@pytest.mark.parametrize(
    "name",
    ["HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_CLIENT_IP", "HTTP_TRUE_CLIENT_IP", "HTTP_VIA"],
)
def test_no_other_header_is_believed(name: str) -> None:
    assert client_address({"REMOTE_ADDR": "127.0.0.1", name: "198.51.100.1"}, []) == "127.0.0.1"
