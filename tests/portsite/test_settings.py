"""Settings: each variable is taken as written, or refused in one sentence that names it."""

import json
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.portsite.processes import ROOT, environment

pytestmark = pytest.mark.any_database

_LONG_KEY = "k" * 32
_PR_CAPBSET_DROP = 24
_CAP_DAC_OVERRIDE = 1

_PASSWORD = "hunter2"  # noqa: S105 - what no error may repeat

MALFORMED = {
    "PRODUCTION": ["maybe"],
    "PORT": ["0", "65536", "eighty", "٨٠"],
    "STATE_DIR": ["/proc/portsite", "{file}", "{file}/below"],
    "DUMPS_DIR": ["/proc/dumps", "{file}", "{file}/below"],
    "SECRET_KEY": [_PASSWORD.ljust(31, "k")],
    "SITE_URL": [
        "ports.example",
        "ftp://ports.example",
        "https://ports.example/site",
        "https://ports.example:port",
        "https://[::1",
    ],
    "ALLOWED_HOSTS": ["https://ports.example", "ports.example other.example"],
    "TRUSTED_PROXIES": ["::1, proxy", "10.0.0.0/33", "10.0.0.1/8"],
    "DATABASE_URL": [
        "ports",
        "mysql://localhost/ports",
        "postgresql",
        "postgresql://localhost",
        "postgresql:///",
        f"postgresql://ports:{_PASSWORD}@localhost:port/ports",
        "postgresql://[::1/ports",
    ],
    "REDIS_URL": ["localhost:6379", f"amqp://:{_PASSWORD}@localhost", "redis://localhost:port"],
    "VOTER_KEY_URL": ["localhost:6379", f"amqp://:{_PASSWORD}@localhost", "redis://localhost:port"],
    "CELERY_BROKER_URL": [
        "localhost",
        f"sqs://ports:{_PASSWORD}@localhost",
        "filesystem://",
        "redis://",
        "redis://localhost:65536/0",
    ],
    "REGISTRY_URL": ["registry.csv", "file:///registry.csv", "https://iana.example:x/"],
    "REGISTRY_REFRESH_AT": ["noon", "24:00", "3:47", "03:47:00", "٠٣:٤٧"],
    "REGISTRY_REFRESH_JITTER": ["-1", "1440", "an hour"],
    "REGISTRY_LEASE": ["1", "3601", "2m"],
    "API_REQUESTS_PER_MINUTE": ["-1", "1000001", "many"],
    "REGISTRY_LOOK": ["0", "3601", "often"],
    "REGISTRY_ALLOWED_HOSTS": [
        "https://iana.example",
        "iana.example/csv",
        "iana.example:443",
        "iana.example www.iana.example",
        "ann@iana.example",
        "*.iana.example",
        "[::1]:443",
        "iana..example",
        "x" * 64,
    ],
    "LINK_CHECKS": ["weekly"],
    "LINK_CHECKS_PRIVATE_HOSTS": ["https://wiki.example", "10.0.0.0/8"],
    "EMAIL_URL": [
        "mail.example",
        f"imap://ann:{_PASSWORD}@mail.example",
        "smtp://mail.example:port",
        f"smtp://:{_PASSWORD}@mail.example",
        "smtp://ann@mail.example",
        "smtp://mail.example/folder",
        "smtp://mail.example?tls=1",
        "smtp://",
    ],
    "EMAIL_FROM": ["ann", "Ann <ann@>", "ann@example.org, ben@example.org", "a@b.c\nBcc: d@e.f"],
    "DIGEST_AT": ["noon", "24:00", "6:00"],
    "REGISTRY_DOWNLOAD_SECONDS": ["0", "601", "-1", "1.5", "a minute", "٦٠"],
}
"""Values that must be refused, by variable."""

CHECK = """
import runpy, sys
sys.argv = ["manage.py", "check"]
runpy.run_path("manage.py", run_name="__main__")
"""

# Loading the libraries takes far longer than reading the settings: they are loaded once, and each
# script runs in a fork, with an environment of its own, in which nothing of the site is loaded.
_FORKING_PYTHON = """
import celery.app.base, celery.schedules, dj_database_url, django.core.management, django.utils.csp
import json, os, sys
print("loaded", flush=True)
for line in sys.stdin:
    order = json.loads(line)
    if fork := os.fork():
        print(os.waitstatus_to_exitcode(os.waitpid(fork, 0)[1]), flush=True)
        continue
    os.environ.clear()
    os.environ.update(order["environment"])
    for number, name in (1, "output"), (2, "errors"):
        os.dup2(os.open(order[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    exec(compile(order["script"], "script", "exec"), {"__name__": "__main__"})
    sys.exit()
"""


class Ended(NamedTuple):
    """How a script ended."""

    exit_code: int
    output: str
    errors: str


class Python:
    """A Python that runs scripts, each in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.output, self.errors = folder / "output", folder / "errors"
        self.process = subprocess.Popen(
            [sys.executable, "-c", _FORKING_PYTHON],
            cwd=ROOT,
            env=environment(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        assert self._answer() == "loaded"

    def _answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def run(self, script: str, state_dir: Path, **variables: str) -> Ended:
        """Run a script with these of the site's variables."""
        order = {
            "script": script,
            "environment": environment(state_dir, **variables),
            "output": str(self.output),
            "errors": str(self.errors),
        }
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        return Ended(int(self._answer()), self.output.read_text(), self.errors.read_text())

    def read(self, state_dir: Path, *expressions: str, **variables: str) -> list[Any]:
        """The values of expressions over `settings`."""
        # Nothing that settings write may get its rights from the umask.
        script = f"""
import json, os
os.umask(0)
from portsite import settings
print(json.dumps([{", ".join(expressions)}], default=str))
"""
        ended = self.run(script, state_dir, **variables)
        assert ended.exit_code == 0, ended.errors
        return list(json.loads(ended.output))


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Python]:
    running = Python(tmp_path_factory.mktemp("python"))
    with running.process:
        yield running


def assert_refused(checked: Ended, variable: str) -> None:
    lines = checked.errors.splitlines()
    assert checked.exit_code == 1, checked
    assert len(lines) == 1, checked
    assert lines[0].startswith(f"Portsite cannot start: {variable} "), checked
    assert lines[0].endswith("."), checked
    assert _PASSWORD not in lines[0], checked


def test_every_variable_that_settings_read_has_a_malformed_form_here() -> None:
    sources = [
        (ROOT / "portsite" / f"{name}.py").read_text() for name in ("settings", "environment")
    ]
    read = re.findall(r"(?:environment\.\w+|text)\(\s*\"([A-Z_]+)\"", "".join(sources))
    assert set(read) == set(MALFORMED)


@pytest.mark.parametrize("variable", MALFORMED)
def test_a_malformed_value_stops_the_start_in_one_sentence_that_names_the_variable(
    variable: str, python: Python, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    for number, value in enumerate(MALFORMED[variable]):
        given = {variable: value.format(file=tmp_path / "file")}
        state_dir = Path(given.pop("STATE_DIR", tmp_path / str(number)))
        assert_refused(python.run(CHECK, state_dir, **given), variable)


def test_a_state_folder_that_may_not_be_written_to_is_refused(
    python: Python, tmp_path: Path
) -> None:
    state_dir = tmp_path / "state"
    state_dir.mkdir(mode=0o500)
    # Let root, too, be refused a file by its mode: the next exec takes the power away.
    without_power = f"""
import ctypes, os, sys
ctypes.CDLL(None).prctl({_PR_CAPBSET_DROP}, {_CAP_DAC_OVERRIDE}, 0, 0, 0)
os.execv(sys.executable, [sys.executable, "manage.py", "check"])
"""
    assert_refused(python.run(without_power, state_dir), "STATE_DIR")
    assert list(state_dir.iterdir()) == []


def test_production_without_a_secret_key_is_refused(python: Python, tmp_path: Path) -> None:
    checked = python.run(CHECK, tmp_path, PRODUCTION="1")
    assert_refused(checked, "SECRET_KEY")
    assert "PRODUCTION" in checked.errors
    assert not (tmp_path / "secret_key").exists()


def test_the_defaults_pass_djangos_own_checks(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=environment(tmp_path / "state"),
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_defaults_need_no_other_service(python: Python, tmp_path: Path) -> None:
    state_dir = tmp_path / "state"
    assert python.read(
        state_dir,
        "settings.DEBUG",
        "settings.PRODUCTION",
        "settings.PORT",
        "settings.SITE_URL",
        "settings.STATE_DIR",
        "settings.DATABASES['default']['ENGINE']",
        "settings.DATABASES['default']['NAME']",
        "settings.CELERY_BROKER_URL",
        "settings.CACHES['default']['BACKEND']",
        "settings.TRUSTED_PROXIES",
    ) == [
        False,
        False,
        8000,
        "http://localhost:8000",
        str(state_dir),
        "django.db.backends.sqlite3",
        str(state_dir / "portsite.sqlite3"),
        "filesystem://",
        "django.core.cache.backends.locmem.LocMemCache",
        [],
    ]
    assert {path.name for path in state_dir.iterdir()} == {"dumps", "queue", "secret_key"}


def test_the_registry_comes_from_iana_unless_another_address_is_set(
    python: Python, tmp_path: Path
) -> None:
    (default,) = python.read(tmp_path, "settings.REGISTRY_URL", REGISTRY_URL="")
    assert default.startswith("https://www.iana.org/assignments/service-names-port-numbers/")
    address = "http://mirror.example:8080/registry.csv"
    assert python.read(tmp_path, "settings.REGISTRY_URL", REGISTRY_URL=address) == [address]


_HOSTS = ("settings.REGISTRY_ALLOWED_HOSTS", "settings.REGISTRY_PRIVATE_HOSTS")


def test_redirects_lead_to_the_registrys_own_host_which_is_public_while_nothing_is_set(
    python: Python, tmp_path: Path
) -> None:
    assert python.read(tmp_path, *_HOSTS, REGISTRY_URL="") == [["www.iana.org"], []]


def test_the_host_of_an_address_that_is_set_may_be_private(python: Python, tmp_path: Path) -> None:
    url = "https://Mirror.example:8443/registry.csv"
    hosts = ["mirror.example"]
    assert python.read(tmp_path, *_HOSTS, REGISTRY_URL=url) == [hosts, hosts]


def test_hosts_that_are_set_are_the_allowed_ones_and_may_be_private(
    python: Python, tmp_path: Path
) -> None:
    written = " Mirror.example,[::1], 10.0.0.1,my_mirror,"
    hosts = ["mirror.example", "::1", "10.0.0.1", "my_mirror"]
    assert python.read(tmp_path, *_HOSTS, REGISTRY_URL="", REGISTRY_ALLOWED_HOSTS=written) == [
        hosts,
        hosts,
    ]


def test_a_download_has_a_minute_unless_another_time_is_set(python: Python, tmp_path: Path) -> None:
    (default,) = python.read(tmp_path, "settings.REGISTRY_DOWNLOAD_SECONDS")
    (longest,) = python.read(
        tmp_path, "settings.REGISTRY_DOWNLOAD_SECONDS", REGISTRY_DOWNLOAD_SECONDS="600"
    )
    assert (default, longest) == (60, 600)


def test_an_empty_variable_is_as_good_as_none(python: Python, tmp_path: Path) -> None:
    empty = dict.fromkeys(MALFORMED.keys() - {"STATE_DIR"}, " ")
    assert python.read(tmp_path, "settings.PORT", "settings.PRODUCTION", **empty) == [8000, False]


def test_the_state_folder_may_have_any_name(python: Python, tmp_path: Path) -> None:
    state_dir = tmp_path / "ünï?c#%20 ödé" / "state"
    found = "settings.DATABASES['default']['NAME']"
    assert python.read(state_dir, found) == [str(state_dir / "portsite.sqlite3")]


@pytest.mark.parametrize(("written", "meant"), [("Yes", True), ("off", False)])
def test_a_flag_may_be_written_in_several_ways(
    written: str, meant: bool, python: Python, tmp_path: Path
) -> None:
    variables = {"PRODUCTION": written, "SECRET_KEY": _LONG_KEY}
    assert python.read(tmp_path, "settings.PRODUCTION", **variables) == [meant]


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("postgresql://db.example/ports", ["postgresql", "db.example", "", "ports", "", ""]),
        (
            "postgres://ann:p%40ss%2Fword@db.example:6432/ports",
            ["postgresql", "db.example", 6432, "ports", "ann", "p@ss/word"],
        ),
        (
            "postgresql://%2Fvar%2Frun%2Fpostgresql/ports",
            ["postgresql", "/var/run/postgresql", "", "ports", "", ""],
        ),
        ("postgresql:///ports", ["postgresql", "", "", "ports", "", ""]),
        ("postgresql://[::1]:5432/ports", ["postgresql", "::1", 5432, "ports", "", ""]),
        ("sqlite:////srv/ports.sqlite3", ["sqlite3", "", "", "/srv/ports.sqlite3", "", ""]),
    ],
)
def test_database_url_takes_postgresql_and_sqlite(
    url: str, wanted: list[object], python: Python, tmp_path: Path
) -> None:
    fields = ("ENGINE", "HOST", "PORT", "NAME", "USER", "PASSWORD")
    found = python.read(
        tmp_path, *(f"settings.DATABASES['default']['{name}']" for name in fields), DATABASE_URL=url
    )
    assert [found[0].removeprefix("django.db.backends."), *found[1:]] == wanted


def test_a_database_that_does_not_answer_is_given_up_in_seconds(
    python: Python, tmp_path: Path
) -> None:
    (options,) = python.read(
        tmp_path,
        "settings.DATABASES['default']['OPTIONS']",
        DATABASE_URL="postgresql://localhost/ports?sslmode=require",
    )
    assert options == {"connect_timeout": 5, "sslmode": "require"}


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost:6379/0",
        "rediss://:password@[::1]:6380/1",
        "amqp://guest:guest@localhost:5672//",
    ],
)
def test_celery_takes_redis_and_rabbitmq(url: str, python: Python, tmp_path: Path) -> None:
    assert python.read(tmp_path / "state", "settings.CELERY_BROKER_URL", CELERY_BROKER_URL=url) == [
        url
    ]
    assert not (tmp_path / "state" / "queue").exists()  # messages in files: without a broker only


def test_the_cache_is_in_redis_when_one_is_named_and_a_frozen_one_cannot_freeze_the_site(
    python: Python, tmp_path: Path
) -> None:
    (cache,) = python.read(
        tmp_path, "settings.CACHES['default']", REDIS_URL="redis://localhost:6379/2"
    )
    assert cache["BACKEND"] == "django.core.cache.backends.redis.RedisCache"
    assert cache["LOCATION"] == "redis://localhost:6379/2"
    assert cache["OPTIONS"] == {"socket_timeout": 1, "socket_connect_timeout": 1}


def test_proxies_may_be_addresses_and_networks_of_both_kinds(
    python: Python, tmp_path: Path
) -> None:
    assert python.read(
        tmp_path, "settings.TRUSTED_PROXIES", TRUSTED_PROXIES="10.0.0.0/8, ::1,fd00::/8, 192.0.2.7,"
    ) == [["10.0.0.0/8", "::1/128", "fd00::/8", "192.0.2.7/32"]]


def test_the_site_is_reached_under_its_own_address_and_this_machines_names(
    python: Python, tmp_path: Path
) -> None:
    hosts, site_url, origins = python.read(
        tmp_path,
        "settings.ALLOWED_HOSTS",
        "settings.SITE_URL",
        "settings.CSRF_TRUSTED_ORIGINS",
        SITE_URL="https://ports.example:8443/",
    )
    assert set(hosts) == {"localhost", "127.0.0.1", "[::1]", "ports.example"}
    assert site_url == "https://ports.example:8443"
    assert origins == [site_url]


def test_allowed_hosts_are_exactly_those_that_are_set(python: Python, tmp_path: Path) -> None:
    hosts = "ports.example, .ports.example,[::1],"
    assert python.read(tmp_path, "settings.ALLOWED_HOSTS", ALLOWED_HOSTS=hosts) == [
        ["ports.example", ".ports.example", "[::1]"]
    ]


@pytest.mark.parametrize(
    ("site_url", "production", "secure_cookies", "https_alone"),
    [
        ("http://localhost:8000", "0", False, False),
        ("http://ports.example", "1", False, False),
        ("https://ports.example", "0", True, False),
        ("https://ports.example", "1", True, True),
    ],
)
def test_cookies_are_secure_and_https_is_insisted_on_only_where_there_is_https(
    site_url: str,
    production: str,
    secure_cookies: bool,
    https_alone: bool,
    python: Python,
    tmp_path: Path,
) -> None:
    session, csrf, seconds = python.read(
        tmp_path,
        "settings.SESSION_COOKIE_SECURE",
        "settings.CSRF_COOKIE_SECURE",
        "settings.SECURE_HSTS_SECONDS",
        SITE_URL=site_url,
        PRODUCTION=production,
        SECRET_KEY=_LONG_KEY,
    )
    assert (session, csrf) == (secure_cookies, secure_cookies)
    assert (seconds > 0) == https_alone


def test_the_secret_key_is_made_once_for_the_owner_alone_and_kept(
    python: Python, tmp_path: Path
) -> None:
    first = python.read(tmp_path, "settings.SECRET_KEY")
    path = tmp_path / "secret_key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert first == python.read(tmp_path, "settings.SECRET_KEY") == [path.read_text()]
    assert len(first[0]) >= 50
    assert [each.name for each in tmp_path.glob("secret_key*")] == ["secret_key"]


def test_a_secret_key_that_is_set_is_used_and_written_nowhere(
    python: Python, tmp_path: Path
) -> None:
    assert python.read(tmp_path, "settings.SECRET_KEY", SECRET_KEY=_LONG_KEY) == [_LONG_KEY]
    assert not (tmp_path / "secret_key").exists()


def test_processes_that_start_at_once_on_an_empty_state_folder_share_one_secret_key(
    python: Python, tmp_path: Path
) -> None:
    state_dirs = [tmp_path / str(number) for number in range(100)]
    # Each process loads the settings anew for each folder, all of them at the same moment.
    script = f"""
import importlib, json, os, time
from portsite import settings
begin, children = time.monotonic() + 0.2, []
for _ in range(8):
    if child := os.fork():
        children.append(child)
        continue
    keys = []
    for number, state_dir in enumerate({[str(each) for each in state_dirs]}):
        os.environ["STATE_DIR"] = state_dir
        time.sleep(max(0, begin + number * 0.02 - time.monotonic()))
        importlib.reload(settings)
        keys.append(settings.SECRET_KEY)
    os.write(1, json.dumps(keys).encode() + b"\\n")
    os._exit(0)
for child in children:
    os.waitpid(child, 0)
"""
    ended = python.run(script, tmp_path / "before")
    keys = [json.loads(line) for line in ended.output.splitlines()]
    assert len(keys) == 8, ended.errors
    for state_dir, of_one_folder in zip(state_dirs, zip(*keys, strict=True), strict=True):
        assert set(of_one_folder) == {(state_dir / "secret_key").read_text()}
        assert [each.name for each in state_dir.glob("secret_key*")] == ["secret_key"]


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("smtp://mail.example", ["mail.example", 25, False, False, None]),
        ("smtp://ann:a%40b@mail.example", ["mail.example", 587, False, True, "a@b"]),
        ("smtp://ann:secret@mail.example:2525", ["mail.example", 2525, False, True, "secret"]),
        ("smtps://ann:secret@mail.example", ["mail.example", 465, True, False, "secret"]),
    ],
)
def test_no_password_is_sent_to_a_mail_server_without_tls(
    python: Python, tmp_path: Path, url: str, options: list[object]
) -> None:
    of_it = "settings.MAILERS['default']['OPTIONS']"
    assert options == python.read(
        tmp_path,
        *(f"{of_it}.get({name!r})" for name in ("host", "port", "use_ssl", "use_tls", "password")),
        EMAIL_URL=url,
        EMAIL_FROM="Portsite <portsite@ports.example>",
    )


def test_a_mail_server_needs_an_address_that_mail_comes_from(
    python: Python, tmp_path: Path
) -> None:
    env = {"EMAIL_URL": "smtp://mail.example"}
    ended = python.run(CHECK, tmp_path, **env)
    assert ended.exit_code != 0
    assert "EMAIL_FROM is required when EMAIL_URL is set" in ended.errors


def test_without_a_mail_server_there_is_none(python: Python, tmp_path: Path) -> None:
    assert python.read(tmp_path, "settings.MAILERS") == [{}]


@pytest.mark.parametrize(
    ("variables", "at"),
    [
        ({}, [5, 7]),
        ({"REGISTRY_REFRESH_AT": "23:30", "REGISTRY_REFRESH_JITTER": "15"}, [0, 5]),
        ({"REGISTRY_REFRESH_AT": "12:00", "REGISTRY_REFRESH_JITTER": "1439"}, [12, 19]),
    ],
)
def test_the_downloads_are_made_when_the_refresh_has_ended(
    variables: dict[str, str], at: list[int], python: Python, tmp_path: Path
) -> None:
    name = '"make the downloads nightly"'
    schedule = f"settings.CELERY_BEAT_SCHEDULE[{name}]['schedule']"
    hour, minute = f"[*{schedule}.hour]", f"[*{schedule}.minute]"
    assert python.read(tmp_path, hour, minute, **variables) == [[at[0]], [at[1]]]
