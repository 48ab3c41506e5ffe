"""What the wheel will hold, told from setup.cfg: building it takes the network."""

import configparser
import re
from pathlib import Path

import keras_gans

ROOT = Path(__file__).parent.parent
PACKAGES = [ROOT / "keras_gans", ROOT / "keras_gans_cli"]

SETUP = configparser.ConfigParser()
SETUP.read(ROOT / "setup.cfg")


def files():
    for package in PACKAGES:
        for path in package.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def declared():
    """The data that setup.cfg names, pattern by pattern."""
    for package, patterns in SETUP["options.package_data"].items():
        folder = ROOT.joinpath(*package.split("."))
        for pattern in re.split(r"[,\n]\s*", patterns.strip()):
            yield f"{package}: {pattern}", set(folder.glob(pattern))


def test_every_file_that_is_no_module_is_declared():
    told = set().union(*(found for _, found in declared()))
    assert {path for path in files() if path.suffix != ".py"} == told


def test_every_pattern_finds_something():
    assert not [name for name, found in declared() if not found]


def test_every_folder_of_modules_is_a_package():
    folders = {path.parent for path in files() if path.suffix == ".py"}
    assert not [folder for folder in folders if not (folder / "__init__.py").exists()]


def test_the_wheel_has_room_for_what_ships():
    """Trained weights and images, 12 MB in all: an index takes 100, a person waits for less."""
    assert sum(path.stat().st_size for path in files() if path.suffix != ".py") < 12e6


def test_the_version_is_said_once_and_the_changelog_is_of_it():
    assert SETUP["metadata"]["version"] == "attr: keras_gans.__version__"
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert re.fullmatch(re.escape(keras_gans.__version__) + r" - \d{4}-\d\d-\d\d", headings[1])


def test_the_changelog_has_the_parts_of_keep_a_changelog():
    parts = set(re.findall(r"^### (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE))
    assert parts <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
