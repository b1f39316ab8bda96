"""gunicorn's configuration: whose X-Forwarded-* headers it believes, and what it does not log."""

from typing import Any

from gunicorn.glogging import Logger
from gunicorn.http import message

from portsite import settings

# Given nothing, gunicorn trusts this machine; TRUSTED_PROXIES says whom else, or whom instead.
forwarded_allow_ips = ",".join(settings.TRUSTED_PROXIES) or "127.0.0.1,::1"

# An address that is too long is told what is wrong with it by whoever was asked, up to this length.
# gunicorn takes no more than 8,190 as a setting, or else a line without end.
limit_request_line = message.MAX_REQUEST_LINE = 16 * 1024


class ReadersLogger(Logger):
    """Logs nothing of a request: neither whose it is, nor its address, nor what it sent.

    gunicorn logs a malformed request with the client's address and the bytes that were wrong, and
    a request that failed with its address. The traceback of what failed stays.
    """

    def warning(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        if str(msg).startswith("Invalid request from ip="):
            msg, args = "Invalid request", ()
        super().warning(msg, *args, **kwargs)

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        if str(msg).startswith("Error handling request"):
            msg, args = "Error handling request", ()
        super().exception(msg, *args, **kwargs)

    def debug(self, *_arguments: Any, **_more: Any) -> None:
        """Say nothing: it is the address of each request, and what went wrong with some."""

    def access(self, *_arguments: Any) -> None:
        """Keep no access log, whatever the command line says."""


logger_class = ReadersLogger
