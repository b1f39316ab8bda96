#!/bin/sh
# Make .venv with the first Python that is new enough, and install a file of hashed requirements.
# Usage: scripts/make_venv.sh requirements.txt
set -eu

requirements=$1
stamp=.venv/.installed-$(basename "$requirements" .txt)

found=""
python=""
for candidate in python3.13 python3.12 python3; do
    # A name on the PATH may be a shim with no Python behind it: only running it tells.
    version=$("$candidate" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null) || continue
    found="$found $candidate ($version)"
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 12))'; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "Portsite needs Python 3.12 or newer as python3.13, python3.12 or python3." >&2
    echo "Found here:${found:- no Python at all}." >&2
    exit 1
fi

if ! .venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then
    echo "Making .venv with $python ($version) ..."
    rm -rf .venv
    if ! "$python" -m venv .venv; then
        rm -rf .venv
        echo "$python could not make a virtual environment. On Debian and Ubuntu:" >&2
        echo "  sudo apt-get install python${version%.*}-venv" >&2
        exit 1
    fi
fi

echo "Installing $requirements (downloads some packages the first time) ..."
.venv/bin/python -m pip install --disable-pip-version-check --require-hashes --requirement "$requirements"
touch "$stamp"
