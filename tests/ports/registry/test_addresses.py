"""The registry comes from the hosts it may come from, at the addresses they may have."""

import socket
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler

import pytest
from pytest_django import Settings

from ports.registry.addresses import is_public, system_addresses
from ports.registry.fetch import fetch
from ports.registry.reasons import FetchError, Reason, RegistryRefusedError
from tests.data import traps
from tests.ports.registry.http_server import Serve, Tls, redirecting, refusal, sending

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("own_state_dir")]

CONTENT = traps.TRAPS.read_bytes()


def answering(*addresses: str) -> Callable[[str, int], Sequence[str]]:
    """A name server that gives every host these addresses."""
    return lambda _host, _port: addresses


def under(name: str, url: str) -> str:
    """The address of a server under another name of its host."""
    return url.replace("127.0.0.1", name)


# Redirects.


def test_redirects_on_the_host_that_was_asked_are_followed_five_times(serve: Serve) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        left = int(request.path.rpartition("/")[2]) - 1
        if left < 0:
            sending(CONTENT)(request)
        else:
            status = [301, 302, 303, 307, 308][left % 5]
            redirecting(f"/from/{left}", status=status)(request)

    url = serve(answer).replace("/registry.csv", "/from/")
    with fetch(f"{url}5") as body:
        assert body
        assert body.path.read_bytes() == CONTENT
        assert body.source == f"{url}5"
    error = refusal(f"{url}6")
    assert isinstance(error, RegistryRefusedError)
    assert error.figures == {"source": f"{url}6", "target": f"{url}0", "most": 5}
    assert str(error) == (
        f"{url}6 redirected to {url}0, which is not followed: at most 5 times, only to the "
        "allowed hosts, and never from https to http"
    )


def test_a_loop_ends(serve: Serve) -> None:
    assert refusal(serve(redirecting("registry.csv"))).reason == Reason.REDIRECT


def test_a_redirect_to_another_host_is_refused_before_it_is_asked(
    serve: Serve, settings: Settings
) -> None:
    asked: list[str] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.headers["Host"])
        sending(CONTENT)(request)

    elsewhere = serve(answer)
    url = serve(redirecting(elsewhere))
    error = refusal(url)
    assert error.reason == Reason.REDIRECT
    assert error.figures["target"] == elsewhere
    assert asked == []
    settings.REGISTRY_ALLOWED_HOSTS = ["127.0.0.1"]
    settings.REGISTRY_PRIVATE_HOSTS = ["127.0.0.1"]
    with fetch(url) as body:
        assert body
        assert body.path.read_bytes() == CONTENT
    assert [*asked] == [elsewhere.split("/")[2]]


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/registry.csv",
        "data:,x",
        "gopher://127.0.0.1:70/",
        "javascript:alert(1)",
        "http://127.0.0.1:1/",
        "https://127.0.0.1:1/",
        "http://169.254.169.254/latest/meta-data/",
        "//registry.test/",
        "https://registry.test@127.0.0.1/",
        "https://127.0.0.1\\@registry.test/",
        "https://registry.test/",
        "https://allowed.test.registry.test/",
        "https://allowed.test:0/",
        "https://allowed.test:65536/",
        "https://ann:hunter2@allowed.test/",
        "https://ann@allowed.test/",
        "https://allowed.test:x/",
        "https://[::1/",
        "https:///",
        "http://0x7f000001/",
        "http://2130706433/",
    ],
)
def test_a_redirect_anywhere_else_is_refused(serve: Serve, settings: Settings, target: str) -> None:
    settings.REGISTRY_ALLOWED_HOSTS = ["allowed.test"]
    error = refusal(serve(redirecting(target)))
    assert isinstance(error, RegistryRefusedError)
    assert error.reason == Reason.REDIRECT
    assert error.figures["target"] == target


def test_no_user_is_sent_along_to_where_a_redirect_leads(serve: Serve) -> None:
    asked = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.headers["Authorization"] is not None)
        (redirecting("/again") if len(asked) == 1 else sending(CONTENT))(request)

    with fetch(serve(answer).replace("//", "//ann:hunter2@")):
        assert asked == [True, False]


# Addresses.


@pytest.mark.parametrize(
    "address",
    ["192.0.43.8", "2606:2800:220:1::1", "::ffff:192.0.43.8", "64:ff9b::c000:2b08"],
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.31.255.255",
        "192.168.1.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.1.1.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:0:7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1",
        "2001:0:1::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "fc00::1",
        "fe80::1",
        "fe80::1%1",
        "fec0::1",
        "ff0e::1",
    ],
)
def test_an_address_that_is_not_of_the_internet_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["10.0.0.1"], ["::ffff:127.0.0.1"], ["192.0.43.8", "127.0.0.1"]],
)
def test_the_set_address_may_lead_to_no_private_one_unless_the_environment_names_its_host(
    serve: Serve, settings: Settings, addresses: list[str]
) -> None:
    url = settings.REGISTRY_URL = under("registry.test", serve(sending(CONTENT)))
    settings.REGISTRY_ALLOWED_HOSTS = ["registry.test"]
    error = refusal(url, resolve=answering(*addresses))
    assert isinstance(error, RegistryRefusedError)
    assert error.reason == Reason.PRIVATE_ADDRESS
    assert error.figures == {"host": "registry.test", "address": addresses[-1]}
    settings.REGISTRY_PRIVATE_HOSTS = ["registry.test"]
    with fetch(url, resolve=answering("127.0.0.1")) as body:
        assert body


def test_a_host_that_someone_typed_may_have_a_private_address(serve: Serve) -> None:
    url = under("registry.test", serve(sending(CONTENT)))
    with fetch(url, resolve=answering("127.0.0.1")) as body:
        assert body
        assert body.source == url


def test_a_redirect_may_lead_to_no_private_address_unless_the_environment_names_its_host(
    serve: Serve, settings: Settings
) -> None:
    target = under("allowed.test", serve(sending(CONTENT)))
    url = under("registry.test", serve(redirecting(target)))
    settings.REGISTRY_ALLOWED_HOSTS = ["allowed.test"]
    error = refusal(url, resolve=answering("127.0.0.1"))
    assert error.figures == {"host": "allowed.test", "address": "127.0.0.1"}
    settings.REGISTRY_PRIVATE_HOSTS = ["allowed.test"]
    with fetch(url, resolve=answering("127.0.0.1")) as body:
        assert body


def test_a_name_is_resolved_once_and_the_connection_goes_where_that_leads(serve: Serve) -> None:
    asked = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["127.0.0.1"]

    url = under("registry.test", serve(sending(CONTENT)))
    with fetch(url, resolve=resolve):
        assert asked == [("registry.test", int(url.rpartition(":")[2].partition("/")[0]))]


def test_a_name_in_another_script_is_resolved_as_it_is_asked_for(serve: Serve) -> None:
    asked = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.headers["Host"].partition(":")[0])
        sending(CONTENT)(request)

    with fetch(under("straße.test", serve(answer)), resolve=resolve):
        assert asked == ["xn--strae-oqa.test"] * 2


def test_an_address_at_which_nobody_listens_is_passed_over(serve: Serve) -> None:
    url = under("registry.test", serve(sending(CONTENT)))
    with fetch(url, resolve=answering("127.0.0.2", "127.0.0.1")) as body:
        assert body


@pytest.mark.parametrize("addresses", [[], ["127.0.0.2"]])
def test_a_host_without_an_address_or_with_a_dead_one_is_an_error(
    serve: Serve, addresses: list[str]
) -> None:
    url = under("registry.test", serve(sending(CONTENT)))
    error = refusal(url, resolve=answering(*addresses))
    assert isinstance(error, FetchError)
    assert error.reason == Reason.NOT_REACHABLE


def test_a_name_that_nobody_knows_is_an_error() -> None:
    def resolve(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    url = "https://registry.test/"
    assert str(refusal(url, resolve=resolve)) == (
        f"{url} could not be downloaded: Name or service not known"
    )


def test_this_machine_knows_itself() -> None:
    assert "127.0.0.1" in system_addresses("127.0.0.1", 80)
    assert set(system_addresses("localhost", 80)) & {"127.0.0.1", "::1"}


# Certificates.


def trust(tls: Tls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tls.certificate))


def test_the_name_that_was_asked_for_goes_into_sni_and_host_and_must_be_in_the_certificate(
    tls: Tls, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.headers["Host"])
        sending(CONTENT)(request)

    trust(tls, monkeypatch)
    url = tls.serve(answer)
    with fetch(url, resolve=answering("127.0.0.1")) as body:
        assert body
        assert body.path.read_bytes() == CONTENT
    assert (asked, tls.names_asked_for) == ([url.split("/")[2]], ["registry.test"])
    for other in "other.test", "127.0.0.1":
        error = refusal(url.replace("registry.test", other), resolve=answering("127.0.0.1"))
        assert error.reason == Reason.NOT_REACHABLE
        assert "certificate" in str(error)
    assert len(asked) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(tls: Tls) -> None:
    url = tls.serve(sending(CONTENT))
    assert "certificate" in str(refusal(url, resolve=answering("127.0.0.1")))


def test_redirects_lead_from_http_to_https_but_never_back(
    serve: Serve, tls: Tls, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(tls, monkeypatch)
    settings.REGISTRY_ALLOWED_HOSTS = settings.REGISTRY_PRIVATE_HOSTS = ["registry.test"]
    here = answering("127.0.0.1")
    secure = tls.serve(sending(CONTENT))
    with fetch(serve(redirecting(secure)), resolve=here) as body:
        assert body
        assert body.path.read_bytes() == CONTENT
    plain = under("registry.test", serve(sending(CONTENT)))
    back = tls.serve(redirecting(plain))
    for url in back, under("registry.test", serve(redirecting(back))):
        error = refusal(url, resolve=here)
        assert error.reason == Reason.REDIRECT
        assert error.figures["target"] == plain


# Proxies.


def test_a_proxy_of_the_environment_is_used_and_resolves_the_name_itself(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        sending(CONTENT)(request)

    proxy = serve(answer).removesuffix("/registry.csv")
    monkeypatch.setenv("no_proxy", "other.test")
    monkeypatch.setenv("http_proxy", proxy.removeprefix("http://"))
    url = "http://registry.test/registry.csv"
    with fetch(url, resolve=answering()) as body:
        assert body
        assert body.path.read_bytes() == CONTENT
    assert asked == [url]
    assert refusal("http://other.test/", resolve=answering()).reason == Reason.NOT_REACHABLE


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "http://127.0.0.1:x", "ldap://a/"])
def test_a_proxy_that_cannot_be_used_is_an_error(
    monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("no_proxy", "other.test")
    monkeypatch.setenv("http_proxy", proxy)
    assert refusal("http://registry.test/").reason == Reason.NOT_REACHABLE
