"""docs/hosts.md names tests that are there, and the versions that `make test-colab` installs."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
HOSTS = (ROOT / "docs" / "hosts.md").read_text("utf-8")


def test_every_test_that_it_names_is_there():
    named = re.findall(r"`((?:tests/browser/)?test_\w+\.py|js/tests/[\w.]+)`", HOSTS)
    assert len(named) > 8
    folders = {name: ROOT if "/" in name else ROOT / "tests" / "browser" for name in named}
    assert [name for name, folder in folders.items() if not (folder / name).is_file()] == []


def test_colabs_versions_are_those_of_its_environment():
    lines = (ROOT / ".ci" / "colab.txt").read_text("utf-8").splitlines()
    pins = [line.split("==") for line in lines if line and not line.startswith("#")]
    words = " ".join(HOSTS.split())
    assert [pin for pin in pins if not re.search(rf"\b{pin[0]} {re.escape(pin[1])}(?!\d|\.\d)", words)] == []
