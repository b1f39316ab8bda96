"""A small mail server that takes what it is sent, and tells what that was."""

import email
import email.policy
import socket
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from threading import Lock, Thread
from typing import Self


class MailServer:
    """A server on a port of this machine, for the time of a `with` block.

    It refuses mail to the addresses in `unknown`, and counts the connections made to it.
    """

    def __init__(self, port: int = 0) -> None:
        self.unknown: set[str] = set()
        self.connections = 0
        self.mails: list[EmailMessage] = []
        self._lock = Lock()
        held = self

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            request_queue_size = 50

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                held.connections += 1
                self._say("220 test")
                for line in iter(self.rfile.readline, b""):
                    command = line.decode().strip()
                    if command.upper() == "QUIT":
                        return self._say("221 bye")
                    if command.upper() == "DATA":
                        self._say("354 go on")
                        held._take(self._data())
                        self._say("250 taken")
                    elif any(f"<{address}>" in command for address in held.unknown):
                        self._say("550 nobody here of that name")
                    else:
                        self._say("250 ok")
                return None

            def _say(self, answer: str) -> None:
                self.wfile.write(f"{answer}\r\n".encode())

            def _data(self) -> bytes:
                lines = iter(self.rfile.readline, b".\r\n")
                return b"".join(line.removeprefix(b".") for line in lines)

        self._server = Server(("127.0.0.1", port), Handler)
        self.port = int(self._server.server_address[1])
        self.url = f"smtp://127.0.0.1:{self.port}"

    def _take(self, content: bytes) -> None:
        mail = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        with self._lock:
            self.mails.append(mail)

    def __enter__(self) -> Self:
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def frozen_server() -> Iterator[int]:
    """The port of a server that takes connections and never says a word, as a stopped one does."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", 0))
        listening.listen(50)
        yield listening.getsockname()[1]
