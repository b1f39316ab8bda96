"""How long `make run` takes to its first served page, once everything is installed."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory

_ROOT = Path(__file__).resolve().parent.parent


def run() -> list[tuple[str, float]]:
    """Seconds of the first start (empty state folder, catalogues to compile) and of a later one."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "code"
        shutil.copytree(
            _ROOT,
            copy,
            ignore=shutil.ignore_patterns(".git", ".venv", "var", "*.mo", "__pycache__"),
        )
        return [
            ("first start, to the first page", _start(copy)),
            ("later start, to the first page", _start(copy)),
        ]


def _start(code: Path) -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {"PORT": str(port), "STATE_DIR": str(code / "var")}
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=code,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            try:
                address = f"http://127.0.0.1:{port}/tr/ports/3440/"
                with urllib.request.urlopen(address, timeout=5):
                    return time.perf_counter() - started
            except (urllib.error.URLError, TimeoutError):
                if process.poll() is not None or time.perf_counter() - started > 300:
                    raise
                time.sleep(0.02)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()
