PYTHON ?= python3
BIN := .venv/bin
MEMBERS := $(wildcard contracts/pyproject.toml kernel/pyproject.toml plugins/*/pyproject.toml)

.PHONY: run photo test browser faults faults-full studio-check studio-check-short check bench assets pictures freeze lock clean

# Set up and start: prints a sign-in link for the operator and the address.
run: .venv/ready
	@$(BIN)/lumiku up

# What reading photographs needs: libraries, and weights from their package.
photo: .venv/ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt "lumiku-studio[photo]"
	@$(BIN)/python -m lumiku_studio.photo.fetch

test: .venv/dev
	$(BIN)/pytest -m "not browser and not faults"

browser: .venv/dev
	$(BIN)/pytest -m browser tests/browser

# Hurts whole installations, in a short form; the full one takes hours. Builds what an
# image holds, and runs the production set from it.
faults: .venv/dev
	$(BIN)/pytest -m faults tests/faults tests/operations tests/deploy tests/studio

faults-full: .venv/dev
	$(BIN)/python -m tests.faults.full

# Pictures of people, judged by eyes that are not the studio's own: every pose of the
# library, or a dozen.
studio-check: .venv/dev photo
	$(BIN)/python -m tests.studio.check --full

studio-check-short: .venv/dev photo
	$(BIN)/python -m tests.studio.check

check: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cog --check README.md docs/*.md
	$(BIN)/pytest -q tests/architecture

bench: .venv/dev
	$(BIN)/python -m bench

# The pictures of the documentation, as docs/pictures/chosen.json names them, and of the
# apps' cards.
FROM := --poses plugins/pose_generator/lumiku_pose_generator/poses.json \
  --people plugins/avatar_creator/lumiku_avatar_creator/presets.json
pictures: .venv/ready
	$(BIN)/python -m lumiku_studio.lookbook chosen --chosen docs/pictures/chosen.json \
	  $(FROM) --size 576 768 --out docs/pictures
	$(BIN)/python -m lumiku_studio.album.frieze $(FROM) --framing three-quarter \
	  maya:product-chest budi:walking aisyah:hijab-presenting naomi:waving hasan:salam-greeting \
	  --out plugins/pose_generator/lumiku_pose_generator/static/card.webp
	$(BIN)/python -m lumiku_studio.album.frieze $(FROM) --framing half \
	  dimas:standing-relaxed fatimah:standing-relaxed maya:standing-relaxed \
	  joko:standing-relaxed keisha:standing-relaxed \
	  --out plugins/avatar_creator/lumiku_avatar_creator/static/card.webp

# Third-party files of the API reference page; everything else works without them.
assets:
	$(PYTHON) deploy/assets.py

# What running needs.
.venv/ready: workspace.txt constraints.txt $(MEMBERS)
	@began=$$(date +%s); \
	 $(PYTHON) -m venv .venv && echo "virtual environment: $$(( $$(date +%s) - began )) s"
	@began=$$(date +%s); \
	 $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt editables hatchling && \
	 $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -r workspace.txt && \
	 echo "packages: $$(( $$(date +%s) - began )) s"
	@touch $@

# What tests and checks need on top.
.venv/dev: .venv/ready pyproject.toml
	@began=$$(date +%s); \
	 $(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1' && \
	 $(BIN)/python -m pip install --quiet -c constraints.txt --group dev && \
	 echo "development packages: $$(( $$(date +%s) - began )) s"
	@touch $@

# Names and versions only: no address stands in the file.
freeze: .venv/dev
	$(BIN)/python -m pip freeze --exclude-editable --exclude pip > constraints.txt

# The hashed lists that images are built from.
lock: .venv/dev photo
	$(BIN)/python deploy/lock.py

clean:
	rm -rf .venv dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
