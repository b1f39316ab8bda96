"""The whole suite, as `make test` runs it: on SQLite, then on PostgreSQL where a server answers.

`--drill` runs the long fault drills instead.
"""

import os
import subprocess
import sys

from tests import machine


def main() -> int:
    pytest = [sys.executable, "-m", "pytest"]
    if "--drill" in sys.argv[1:]:
        return subprocess.call([*pytest, "drills"])
    # A third of the time tests wait: for a browser, a deadline, a worker that was killed.
    parallel = ["-n", "3"]
    print("On SQLite:", flush=True)
    if code := subprocess.call([*pytest, *parallel]):
        return code
    url = machine.SERVICES["postgresql"].find()
    if url is None:
        required = bool(os.environ.get(machine.REQUIRE_SERVICES))
        word = "failed" if required else "skipped"
        print(f"\nOn PostgreSQL: {word}: {machine.missing('postgresql')}")
        return int(required)
    print("\nOn PostgreSQL:", flush=True)
    return subprocess.call([*pytest, *parallel], env={**os.environ, "DATABASE_URL": url})


if __name__ == "__main__":
    sys.exit(main())
