"""What people install holds the bundle, and installing it asks nobody for node."""

import os
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUNDLE = {"lstm_widget/static/widget.js", "lstm_widget/static/widget.css", "lstm_widget/static/page.js"}


def test_the_sdist_holds_the_bundle_and_its_sources(unpacked):
    names = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    assert BUNDLE | {"js/package-lock.json", "js/src/index.ts", "hatch_build.py", "LICENSE"} <= names
    assert not [name for name in names if "node_modules" in name or name.startswith((".venv", ".cache"))]


def test_a_wheel_from_the_sdist_holds_the_package_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    in_git_or_built = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "lstm_widget").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    shipped = {name for name in names if ".dist-info/" not in name}
    assert shipped == in_git_or_built
    assert BUNDLE | {"lstm_widget/py.typed"} <= shipped


def test_without_bundle_and_npm_the_message_says_what_to_install(build, unpacked, without_node, tmp_path):
    bare = shutil.copytree(unpacked, tmp_path / "bare")
    (bare / "lstm_widget" / "static" / "widget.js").unlink()
    status, said = build("wheel", bare, tmp_path / "dist", without_node)
    assert status != 0
    assert "npm was not found" in said
    assert "Node.js 20" in said
    assert "A wheel of lstm-widget holds the bundle already" in said


@pytest.mark.parametrize(
    ("touched", "reason"),
    [
        ("js/src/index.ts", "js/src/index.ts is newer than the bundle"),
        ("js/package-lock.json", "js/package-lock.json is newer than the bundle"),
        ("js/tests/a.test.ts", None),
        ("js/node_modules/a/index.js", None),
        (None, None),
    ],
)
def test_the_bundle_is_rebuilt_when_its_sources_are_newer(tmp_path, touched, reason):
    for name in (
        "js/src/index.ts",
        "js/package-lock.json",
        "js/tests/a.test.ts",
        "js/node_modules/a/index.js",
        *BUNDLE,
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    bundle_time = 2_000_000_000
    for path in tmp_path.rglob("*"):
        os.utime(path, (0, bundle_time - 1))
    for name in BUNDLE:
        os.utime(tmp_path / name, (0, bundle_time))
    if touched:
        os.utime(tmp_path / touched, (0, bundle_time + 1))

    sys.path.insert(0, str(ROOT))
    try:
        from hatch_build import reason_to_build  # noqa: PLC0415
    finally:
        sys.path.pop(0)
    assert reason_to_build(tmp_path) == reason
    (tmp_path / "PKG-INFO").touch()
    assert reason_to_build(tmp_path) is None, "in an sdist, times say nothing"
