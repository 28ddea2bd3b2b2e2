"""Kubernetes manifests: selectors find pods, pods are confined, settings exist."""

import shutil
from typing import Any

import pytest
import yaml
from tests.deploy.files import DEPLOY, PATHS, ROLES, SETTINGS, ran

MANIFESTS = ("base", "overlays/object-store", "overlays/own-services")


def manifests(name: str) -> list[dict[str, Any]]:
    """What kustomize makes of a folder."""
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl is not installed")
    said = ran("kubectl", "kustomize", str(DEPLOY / "kubernetes" / name))
    return [one for one in yaml.safe_load_all(said) if one]


def pods(found: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Whatever runs pods, and their template."""
    return [
        (one, one["spec"]["template"]) for one in found if "template" in one["spec"]
    ]


@pytest.mark.parametrize("name", MANIFESTS)
def test_selectors_find_their_pods(name: str) -> None:
    found = [one for one in manifests(name) if "spec" in one]
    templates = pods(found)
    labels = [one["metadata"]["labels"] for _, one in templates]

    def chosen(selector: dict[str, str]) -> int:
        return sum(selector.items() <= one.items() for one in labels)

    for owner, template in templates:
        if owner["kind"] != "Job":
            mine = owner["spec"]["selector"]["matchLabels"]
            assert mine.items() <= template["metadata"]["labels"].items()
            assert chosen(mine) == 1, owner["metadata"]["name"]
    for one in found:
        if one["kind"] == "Service":
            assert chosen(one["spec"]["selector"]) == 1, one["metadata"]["name"]
        if one["kind"] == "PodDisruptionBudget":
            assert chosen(one["spec"]["selector"]["matchLabels"]) == 1
        if one["kind"] == "HorizontalPodAutoscaler":
            target = one["spec"]["scaleTargetRef"]["name"]
            assert target in {owner["metadata"]["name"] for owner, _ in templates}


@pytest.mark.parametrize("name", MANIFESTS)
def test_pods_are_confined_and_probed_where_something_answers(name: str) -> None:
    for owner, template in pods([one for one in manifests(name) if "spec" in one]):
        spec = template["spec"]
        assert spec["securityContext"]["runAsNonRoot"] is True
        volumes = {one["name"] for one in spec.get("volumes", ())}
        volumes |= {
            one["metadata"]["name"]
            for one in owner["spec"].get("volumeClaimTemplates", ())
        }
        for box in spec["containers"]:
            assert {one["name"] for one in box.get("volumeMounts", ())} <= volumes
            named = {one["name"] for one in box.get("ports", ())}
            for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                asked = box.get(probe, {}).get("httpGet")
                if asked:
                    assert asked["path"] in PATHS
                    assert asked["port"] in named
            if box["image"].startswith("lumiku"):
                assert box["args"][0] in ROLES
                assert box["securityContext"]["readOnlyRootFilesystem"] is True


@pytest.mark.parametrize("name", MANIFESTS)
def test_manifests_hold_settings_that_exist_and_no_secret(name: str) -> None:
    found = manifests(name)

    assert "Secret" not in {one["kind"] for one in found}
    for one in found:
        if one["kind"] == "ConfigMap":
            assert {*one["data"]} <= SETTINGS
            assert [key for key in one["data"] if "SECRET" in key or "URL" in key] in (
                ["LUMIKU_PUBLIC_URL"], ["LUMIKU_ARTIFACTS_URL", "LUMIKU_PUBLIC_URL"],
            )  # fmt: skip


def test_the_object_store_shares_no_volume() -> None:
    found = manifests("overlays/object-store")
    volumes = [
        volume
        for _, template in pods([one for one in found if "spec" in one])
        for volume in template["spec"]["volumes"]
    ]

    assert "PersistentVolumeClaim" not in {one["kind"] for one in found}
    assert [one for one in volumes if "emptyDir" not in one] == []
