"""What lies in `deploy/` agrees with itself, with the code, and with its tools."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from tests.backends import lacking
from tests.deploy.composed import COMPOSE, dotenv, environment, raw
from tests.deploy.dockerfile import DOCKERFILE, ROOT, context, steps
from tests.deploy.files import DEPLOY, ROLES, SETTINGS, ran, tool

from lumiku_kernel.cli.settings import example_file

SCRIPTS = sorted(
    path
    for path in DEPLOY.rglob("*")
    if path.is_file() and path.read_bytes().startswith(b"#!/bin/sh")
)
UNITS = sorted((DEPLOY / "systemd").iterdir())
OF_SERVERS = re.compile(r"(LUMIKU_|DATABASE_URL|REDIS_)\w*")


def lock() -> ModuleType:
    """The script that writes the hashed lists."""
    spec = importlib.util.spec_from_file_location("lock", DEPLOY / "lock.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_scripts_are_clean_and_may_be_run() -> None:
    assert len(SCRIPTS) > 5

    ran(tool("shellcheck"), *map(str, SCRIPTS))

    assert [path for path in SCRIPTS if not os.access(path, os.X_OK)] == []
    assert [path for path in SCRIPTS if "\nset -eu\n" not in path.read_text()] == []


def test_the_dockerfile_is_clean() -> None:
    ran(tool("hadolint"), "--failure-threshold", "style", str(DOCKERFILE))


def test_every_step_of_the_image_is_a_script() -> None:
    found = list(steps(DOCKERFILE.read_text()))
    run = [step.listed[0].rsplit("/", 1)[-1] for step in found if step.name == "RUN"]

    assert run
    assert {*run} <= {path.name for path in SCRIPTS}
    assert [step.words for step in found if step.name == "USER"] == ["10001:10001"]
    names = {step.name for step in found if step.stage == "final"}
    assert {"HEALTHCHECK", "STOPSIGNAL", "LABEL", "ENTRYPOINT", "USER"} <= names


def test_the_image_has_the_python_that_tests_run_on() -> None:
    (said,) = [
        s.words for s in steps(DOCKERFILE.read_text()) if s.words[:7] == "PYTHON="
    ]
    python = said.partition("=")[2]

    assert python in lock().PYTHONS
    if os.environ.get("CI") == "true":
        assert python == f"{sys.version_info.major}.{sys.version_info.minor}"


def test_nothing_secret_or_needless_is_sent_to_a_build() -> None:
    sent = {str(path) for path in context()}

    assert {path.split("/")[0] for path in sent} == {
        "contracts", "deploy", "kernel", "plugins",
    }  # fmt: skip
    assert [p for p in sent if ".env" in p or "/bake/" in p or p.endswith(".db")] == []


@pytest.mark.parametrize("name", ["requirements.txt", "build-requirements.txt"])
def test_hashed_lists_are_of_todays_versions(name: str) -> None:
    if importlib.util.find_spec("ai_edge_litert") is None:
        lacking("what photographs need (make photo)")
    locked, said = lock(), (DEPLOY / "image" / name).read_text()
    versions = dict(locked.pinned(ROOT / "constraints.txt"))
    roots, _ = locked.LISTS[name]
    wanted = {
        one for machine in locked.MACHINES for one in locked.closure(roots, machine)
    }
    found = dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", said, re.MULTILINE))

    assert found == {one: versions[one] for one in wanted}, "make lock"
    entries = said.split("\n\n")[-1].replace("\\\n", " ").splitlines()
    bare = [line for line in entries if "==" in line and "--hash=sha256:" not in line]
    assert bare == []


def test_an_example_of_all_settings_is_current() -> None:
    there = (DEPLOY / "env.example").read_text()

    assert there == example_file() + "\n", (
        "lumiku config --example > deploy/env.example"
    )


def test_a_first_env_is_made_of_known_settings_and_new_secrets() -> None:
    script = str(DEPLOY / "first-env")
    first, second = (dotenv(ran(script, "https://lumiku.example/")) for _ in range(2))

    assert first["LUMIKU_PUBLIC_URL"] == "https://lumiku.example"
    assert {*first} - SETTINGS == {"POSTGRES_PASSWORD"}
    secrets = {name for name in first if first[name] != second[name]}
    assert secrets == {"LUMIKU_SECRET_KEY", "POSTGRES_PASSWORD"}
    assert all(len(first[name]) == 48 for name in secrets)


def test_compose_publishes_no_database_and_knows_its_settings() -> None:
    known = {"POSTGRES_PASSWORD": "x", "LUMIKU_PUBLIC_URL": "https://lumiku.example"}
    services = raw()["services"]
    ports = {name: one["ports"] for name, one in services.items() if "ports" in one}

    assert {*ports} == {"server", "proxy"}
    assert ports["server"] == ["127.0.0.1:3000:3000"]
    assert raw()["networks"]["inside"] == {"internal": True}
    for name in ("migrate", "server", "worker"):
        told = {*environment(name, known)} - {*known}
        assert told <= SETTINGS, name
        assert services[name]["command"] in ROLES
        assert services[name]["read_only"] is True
    assert "POSTGRES_PASSWORD:?" in COMPOSE.read_text()


def test_compose_without_its_secrets_says_what_to_run() -> None:
    with pytest.raises(KeyError, match="deploy/first-env"):
        environment("server", {})


def test_servers_wait_for_the_migration_and_it_for_the_database() -> None:
    services = raw()["services"]
    done = "service_completed_successfully"

    assert services["server"]["depends_on"]["migrate"]["condition"] == done
    assert services["worker"]["depends_on"]["migrate"]["condition"] == done
    database = services["migrate"]["depends_on"]["postgres"]
    assert database["condition"] == "service_healthy"
    assert services["migrate"]["restart"] == "no"


def test_units_are_what_systemd_takes(tmp_path: Path) -> None:
    program = tool("systemd-analyze")
    for unit in UNITS:
        text = unit.read_text().replace("/opt/lumiku/image", str(DEPLOY / "image"))
        (tmp_path / unit.name).write_text(text)
    names = [path.name.replace("@.", "@1.") for path in UNITS]
    (tmp_path / "lumiku-work@1.service").symlink_to("lumiku-work@.service")

    said = subprocess.run(
        [program, "verify", "--man=no", *names],
        cwd=tmp_path,
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode == 0, said.stderr
    assert [line for line in said.stderr.splitlines() if "lumiku" in line] == []


def test_units_are_confined_alike() -> None:
    marker = "# What follows is the same in all three units.\n"
    rests = {
        path.read_text().split(marker)[1] for path in UNITS if path.suffix == ".service"
    }

    assert len(rests) == 1
    (rest,) = rests
    for line in ("ProtectSystem=strict", "NoNewPrivileges=yes", "User=lumiku"):
        assert line in rest.splitlines()
    for unit in UNITS:
        for name in re.findall(r"^Environment=(\w+)=", unit.read_text(), re.MULTILINE):
            assert name in SETTINGS | {"PATH", "HOME"}, unit.name


def test_the_procfile_has_all_roles() -> None:
    lines = (DEPLOY / "Procfile").read_text().splitlines()
    words = [line.split()[1:] for line in lines]

    assert {role for _, role in words} == ROLES
    assert all((ROOT / script).is_file() for script, _ in words)


def test_alerts_fire_when_they_should_and_only_then() -> None:
    promtool = tool("promtool")

    ran(promtool, "check", "rules", "alerts.yaml", cwd=DEPLOY / "monitoring")
    ran(promtool, "test", "rules", "alerts_test.yaml", cwd=DEPLOY / "monitoring")


def test_every_alert_is_tried_and_has_a_page_of_the_runbook() -> None:
    folder = DEPLOY / "monitoring"
    (group,) = yaml.safe_load((folder / "alerts.yaml").read_text())["groups"]
    tried = yaml.safe_load((folder / "alerts_test.yaml").read_text())["tests"]
    fired = {
        one["alertname"]
        for test in tried
        for one in test["alert_rule_test"]
        if one["exp_alerts"]
    }

    assert {rule["alert"] for rule in group["rules"]} == fired
    assert len(fired) == 8
    for rule in group["rules"]:
        page, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert f'<a id="{anchor}"></a>' in (ROOT / page).read_text(), rule["alert"]


def test_the_dashboards_queries_are_understood(tmp_path: Path) -> None:
    board = json.loads((DEPLOY / "monitoring" / "dashboard.json").read_text())
    asked = [one["expr"] for panel in board["panels"] for one in panel["targets"]]
    rules = [{"record": f"query_{n}", "expr": expr} for n, expr in enumerate(asked)]
    (tmp_path / "rules.yaml").write_text(
        yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]})
    )

    ran(tool("promtool"), "check", "rules", "rules.yaml", cwd=tmp_path)

    assert len(asked) > 15


def test_caddys_file_is_what_caddy_takes() -> None:
    if shutil.which("caddy") is None:
        pytest.skip("caddy is not installed")
    file = str(DEPLOY / "proxy" / "Caddyfile")

    ran("caddy", "validate", "--adapter", "caddyfile", "--config", file)


@pytest.mark.parametrize("path", ["nginx.conf", "Caddyfile"])
def test_proxies_name_settings_that_exist(path: str) -> None:
    text = (DEPLOY / "proxy" / path).read_text()
    named = {found[0] for found in OF_SERVERS.finditer(text)}

    assert {"LUMIKU_PROXIES", "LUMIKU_PUBLIC_URL"} <= named
    assert named <= SETTINGS


@pytest.fixture
def outside() -> Iterator[Path]:
    """A folder that other accounts can reach too, with the entry point in it."""
    with tempfile.TemporaryDirectory(prefix="lumiku-entry-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        shutil.copy(DEPLOY / "image" / "entry", home)
        (home / "lumiku").write_text('#!/bin/sh\necho "$LUMIKU_PORT $@"\n')
        (home / "lumiku").chmod(0o755)
        (home / "data").mkdir()
        yield home


def entered(home: Path, *words: str, **said: str) -> subprocess.CompletedProcess[str]:
    """The entry point with this environment and no more, not as root."""
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    return subprocess.run(
        [*(nobody if os.geteuid() == 0 else ()), str(home / "entry"), *words],
        cwd="/",
        env={"PATH": f"{home}:/usr/bin:/bin", "LUMIKU_DATA_DIR": str(home / "data")}
        | said,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_volume_of_somebody_elses_is_named_with_the_command(outside: Path) -> None:
    (outside / "data").chmod(0o555)

    done = entered(outside)

    assert done.returncode == 1
    assert "data-folder-not-writable" in done.stderr
    assert re.search(rf"fix: chown -R \d+:\d+ {outside}/data", done.stderr)


def test_a_container_serves_on_the_port_that_its_host_hands_out(outside: Path) -> None:
    (outside / "data").chmod(0o777)

    assert entered(outside).stdout == "3000 serve\n"
    assert entered(outside, PORT="8123").stdout == "8123 serve\n"
    both = entered(outside, "work", PORT="8123", LUMIKU_PORT="4000")
    assert both.stdout == "4000 work\n"
