"""Dies at each moment of a replacement in turn, and says what it left each time.

    python -m tests.ports.dumps.killed_while_replacing FOLDER

A moment is one before something in the folder is opened, renamed or removed, as Python's audit
events tell.
"""

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from ports.dumps import places
from tests.ports.dumps import sets

_CHANGES = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree"}


def main(folder: Path) -> None:
    dumps, kept = folder / "dumps", folder / "kept"
    settings.configure(DUMPS_DIR=dumps)
    sets.put(b"oldest", made_at="2026-07-21")
    sets.put(b"before", made_at="2026-07-22")
    shutil.copytree(dumps, kept)
    for moment in range(1, 1000):
        shutil.rmtree(dumps)
        shutil.copytree(kept, dumps)
        child = os.fork()
        if not child:
            die_at(moment)
            sets.put(b"after")
            os._exit(0)
        if os.waitpid(child, 0)[1] == 0:
            break
        served = [found for path in dumps.iterdir() if (found := places.of_version(path.name))]
        left = {
            "newest": content_of(places.newest()),
            "sets": len(served),
            "broken": [name for each in served for name in sets.broken(each)],
        }
        sets.put(b"after")
        names = [path.name for path in dumps.iterdir()]
        then = {
            "newest": content_of(places.newest()),
            "sets": sum(name[0] not in ".m" for name in names),
            "drafts": [name for name in names if "making" in name],
        }
        print(json.dumps([left, then]))


def content_of(manifest: Any) -> str:
    return places.path_of(manifest, sets.NAME).read_text()


def die_at(moment: int) -> None:
    """Have this process killed when it is about to change something for the nth time."""
    seen = 0

    def look(event: str, _arguments: Any) -> None:
        nonlocal seen
        if event in _CHANGES:
            seen += 1
            if seen == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(look)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
