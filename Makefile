# The commands of Portsite. `make` alone lists them.

PYTHON := .venv/bin/python
RUN := .venv/.installed-requirements
DEV := .venv/.installed-requirements-dev

.PHONY: help run editor refresh dumps test bench drill sweep catalogues requirements bundled-snapshot format

help:
	@echo "make run              start the site on this machine; PORT=8001 for another port"
	@echo "make editor           create a staff user, who signs in at /admin/"
	@echo "make refresh          fetch the registry from IANA; FROM=file-or-address for another source"
	@echo "make dumps            make the whole-set downloads now, if anything has changed"
	@echo "make test             run the whole test suite"
	@echo "make bench            measure speeds, as ratios to a floor of the same run"
	@echo "make drill            run the long fault drills"
	@echo "make sweep            render every port in every finished language"
	@echo "make format           format the code"
	@echo "make catalogues       bring the .po files up to date with the code"
	@echo "make requirements     compile the hashed requirements from pyproject.toml"
	@echo "make bundled-snapshot compile ports/data/registry-compiled.csv.gz again"

$(RUN): requirements.txt scripts/make_venv.sh
	@scripts/make_venv.sh requirements.txt

$(DEV): requirements-dev.txt scripts/make_venv.sh
	@scripts/make_venv.sh requirements-dev.txt
	@touch $(RUN)

run: $(RUN)
	@exec $(PYTHON) manage.py serve

editor: $(RUN)
	@$(PYTHON) manage.py migrate --verbosity 0
	@exec $(PYTHON) manage.py createsuperuser

refresh: $(RUN)
	@$(PYTHON) manage.py migrate --verbosity 0
	@exec $(PYTHON) manage.py refresh_registry $(if $(FROM),--from "$(FROM)")

dumps: $(RUN)
	@$(PYTHON) manage.py migrate --verbosity 0
	@exec $(PYTHON) manage.py make_dumps

test: $(DEV)
	@exec $(PYTHON) -m tests

bench: $(DEV)
	@exec $(PYTHON) -m benchmarks

drill: $(DEV)
	@exec $(PYTHON) -m tests --drill

sweep: $(DEV)
	@exec $(PYTHON) -m tests.sweep

format: $(DEV)
	@$(PYTHON) -m ruff check --fix .
	@$(PYTHON) -m ruff format .

catalogues: $(DEV)
	@$(PYTHON) manage.py update_catalogues

requirements: $(DEV)
	@UV_CUSTOM_COMPILE_COMMAND="make requirements" .venv/bin/uv pip compile --quiet --universal \
		--python-version 3.12 --generate-hashes --no-emit-index-url pyproject.toml -o requirements.txt
	@UV_CUSTOM_COMPILE_COMMAND="make requirements" .venv/bin/uv pip compile --quiet --universal \
		--python-version 3.12 --generate-hashes --no-emit-index-url --group dev pyproject.toml \
		-o requirements-dev.txt

bundled-snapshot: $(RUN)
	@$(PYTHON) -m ports.data.compile_snapshot
