"""The commands match exactly one port."""

import re
import shutil
import socket
import subprocess

import pytest

from ports.check_commands import commands_for

pytestmark = pytest.mark.any_database


def test_every_command_names_the_port() -> None:
    for group in commands_for(3440, speaks_tls=True):
        assert group
        for command in group:
            assert re.search(r"\b3440\b", command), command


def test_the_commands_readers_are_promised() -> None:
    commands = commands_for(3440)
    assert "ss -Htulnp 'sport = :3440'" in commands.linux[0]
    assert "sudo lsof -nP -iTCP:3440 -sTCP:LISTEN" in commands.macos
    assert "sudo lsof -nP -iUDP:3440" in commands.macos
    assert any("Get-NetTCPConnection" in c and "-LocalPort 3440" in c for c in commands.powershell)
    assert any("Get-NetUDPEndpoint -LocalPort 3440" in c for c in commands.powershell)


def test_a_certificate_is_asked_for_only_where_tls_is_registered() -> None:
    assert not any("openssl" in command for command in commands_for(22).outside_tcp)
    assert any(
        command == "openssl s_client -connect 192.0.2.10:443"
        for command in commands_for(443, speaks_tls=True).outside_tcp
    )


NETSTAT = """
  Proto  Local Address          Foreign Address        State           PID
  TCP    0.0.0.0:3440           0.0.0.0:0              LISTENING       1234
  TCP    [::]:3440              [::]:0                 LISTENING       1234
  TCP    0.0.0.0:34401          0.0.0.0:0              LISTENING       5
  TCP    0.0.0.0:13440          0.0.0.0:0              LISTENING       6
  TCP    10.0.0.1:50000         10.0.0.2:3440          ESTABLISHED     7
  UDP    0.0.0.0:3440           *:*                                    8
  UDP    0.0.0.0:34400          *:*                                    9
"""


@pytest.mark.parametrize(("protocol", "pids"), [("TCP", {"1234"}), ("UDP", {"8"})])
def test_the_windows_filter_finds_this_port_and_no_other(protocol: str, pids: set[str]) -> None:
    """findstr's `^`, `*`, `[^ ]` and blanks mean what they mean in Python."""
    (command,) = [c for c in commands_for(3440).windows_prompt if protocol in c]
    match = re.search(r'findstr /R /C:"(.*)"', command)
    assert match is not None
    found = [line for line in NETSTAT.splitlines() if re.search(match[1], line)]
    assert {line.split()[-1] for line in found} == pids
    assert found


@pytest.mark.skipif(shutil.which("ss") is None, reason="needs ss: sudo apt-get install iproute2")
def test_ss_finds_a_listener_on_this_port_and_no_other() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        command = commands_for(port).linux[0].removeprefix("sudo ")
        found = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)  # noqa: S602
        assert f":{port} " in found.stdout
        assert len(found.stdout.strip().splitlines()) == 1
