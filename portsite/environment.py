"""Settings from environment variables, read by functions that fail loudly.

Each raises ImproperlyConfigured with a sentence that names the variable and says what it should
look like.
"""

import ipaddress
import os
import re
import secrets
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

_HOST_NAME = re.compile(r"(?!.{254})[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?")


def text(name: str, default: str = "") -> str:
    """A variable as it is, without blanks around it."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    """A variable that is on or off."""
    value = text(name, "1" if default else "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; set it to 1 or 0, or leave it out.")


def number(name: str, default: int, *, least: int = 1, most: int) -> int:
    """A whole number within bounds."""
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise ImproperlyConfigured(
            f"{name} is {value!r}; it must be a number from {least} to {most}."
        )
    return int(value)


def time_of_day(name: str, default: str) -> tuple[int, int]:
    """An hour and a minute, written as 03:47."""
    value = text(name, default)
    match = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])", value, re.ASCII)
    if match is None:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a time of day such as 03:47.")
    return int(match[1]), int(match[2])


def url(name: str, default: str, *schemes: str) -> str:
    """An address with one of these schemes; "" where that is the default."""
    value = text(name, default)
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises ValueError when it is not a port number
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not an address: {error}.") from error
    if value and (parts.scheme not in schemes or not parts.hostname):
        raise ImproperlyConfigured(
            f"{name} must be an address that begins with one of "
            f"{', '.join(scheme + '://' for scheme in schemes)} and names a host."
        )
    return value


def networks(name: str) -> list[str]:
    """IP networks, separated by commas."""
    found = []
    for item in text(name).split(","):
        if item.strip():
            try:
                found.append(str(ipaddress.ip_network(item.strip())))
            except ValueError as error:
                raise ImproperlyConfigured(
                    f"{name} holds {item.strip()!r}, which is neither an IP address nor a network "
                    f"such as 10.0.0.0/8: {error}."
                ) from error
    return found


def hosts(name: str) -> list[str]:
    """Host names or IP addresses, separated by commas."""
    found = [item.strip().strip("[]").lower() for item in text(name).split(",") if item.strip()]
    for host in found:
        try:
            ipaddress.ip_address(host)
        except ValueError as error:
            if _HOST_NAME.fullmatch(host):
                continue
            raise ImproperlyConfigured(
                f"{name} holds {host!r}; it takes host names alone, separated by commas."
            ) from error
    return found


def mailers(name: str, *, seconds: int) -> dict[str, dict[str, object]]:
    """Django's MAILERS for the mail server that a variable names; none when it is empty.

    smtps:// speaks TLS from the start, smtp:// from before a password is sent. The server may leave
    us waiting for so many seconds.
    """
    address = url(name, "", "smtp", "smtps")
    if not address:
        return {}
    parts = urlsplit(address)
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ImproperlyConfigured(f"{name} must end with the host (and port), without a path.")
    if bool(parts.username) != bool(parts.password):
        raise ImproperlyConfigured(
            f"{name} must hold both a user and a password, such as smtp://user:password@host, "
            "or neither."
        )
    is_tls = parts.scheme == "smtps"
    options: dict[str, object] = {
        "host": parts.hostname,
        "port": parts.port or (465 if is_tls else 587 if parts.password else 25),
        "use_ssl": is_tls,
        "use_tls": bool(parts.password) and not is_tls,
        "timeout": seconds,
    }
    if parts.password:
        options |= {"username": unquote(parts.username or ""), "password": unquote(parts.password)}
    return {
        "default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}
    }


def mail_address(name: str, *, required_by: str) -> str:
    """An address that e-mail is sent from, with or without a name; "" where none is needed.

    `required_by` is the variable that makes it necessary, if that is set.
    """
    value = text(name)
    if not value and text(required_by):
        raise ImproperlyConfigured(
            f"{name} is required when {required_by} is set: the address that e-mail comes from, "
            "such as Portsite <portsite@example.org>."
        )
    if value:
        try:
            validate_email(parseaddr(value)[1] if value.isprintable() else "")
        except ValidationError as error:
            raise ImproperlyConfigured(
                f"{name} is {value!r}; it must be an e-mail address such as "
                "Portsite <portsite@example.org>."
            ) from error
    return value


def folder(name: str, default: Path) -> Path:
    """A folder that this process may write to; made when it is not there."""
    path = Path(text(name, str(default))).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name} is {path}, which cannot be made: {error.strerror}."
        ) from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"{name} is {path}, which this user may not write to.")
    return path


def secret_key(folder: Path, *, production: bool) -> str:
    """SECRET_KEY, or on one machine the key made on the first run and kept in the state folder."""
    if key := text("SECRET_KEY"):
        if len(key) < 32:
            raise ImproperlyConfigured("SECRET_KEY is shorter than 32 characters.")
        return key
    if production:
        raise ImproperlyConfigured(
            "SECRET_KEY is required when PRODUCTION is set: at least 32 random characters, the "
            "same for every process."
        )
    path = folder / "secret_key"
    # Several processes may start at once: a key appears whole under its name, and only once.
    if not path.exists():
        draft = folder / f"secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def database(folder: Path) -> dict[str, object]:
    """Django's settings of the database that DATABASE_URL names, or of SQLite in a folder."""
    address = text("DATABASE_URL", f"sqlite:///{quote(str(folder / 'portsite.sqlite3'))}")
    scheme = address.partition(":")[0]
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ImproperlyConfigured(
            "DATABASE_URL must begin with postgresql:// or sqlite:///; "
            f"it begins with {scheme[:20]!r}."
        )
    try:
        settings: dict[str, object] = dict(dj_database_url.parse(address))
    except ValueError as error:
        raise ImproperlyConfigured(
            "DATABASE_URL is not an address such as postgresql://user:password@host/name."
        ) from error
    # Opening a connection costs more than the queries of a page.
    settings["CONN_MAX_AGE"] = 60
    if not settings["NAME"]:
        raise ImproperlyConfigured("DATABASE_URL names no database: end it with /name.")
    if scheme == "sqlite":
        settings["OPTIONS"] = {
            # Readers go on while one process writes; writers queue up to 20 seconds.
            # A checkpoint waits for the disk twice: less often than the usual 1,000 pages.
            # REPLACE fires the triggers of the row it deletes, so that append-only tables are.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=4000; "
            "PRAGMA recursive_triggers=ON",
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
        }
    else:
        settings["CONN_HEALTH_CHECKS"] = True
        settings["OPTIONS"] = {"connect_timeout": 5, **dict(settings.get("OPTIONS") or {})}  # type: ignore[call-overload]
    return settings
