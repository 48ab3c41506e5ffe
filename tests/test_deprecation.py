"""What goes says so, once, and goes."""

import ast
import importlib
import warnings
from pathlib import Path

import pytest

import keras_gans
from keras_gans.deprecation import deprecate

PACKAGE = Path(keras_gans.__file__).parent


@pytest.fixture(autouse=True)
def nothing_said_yet():
    deprecate.cache_clear()
    yield
    deprecate.cache_clear()


def old_name():
    deprecate("keras_gans.old", since="0.2", removed_in="0.3", instead="keras_gans.new")
    return "works"


def test_a_name_that_goes_works_and_says_what_to_use_and_until_when():
    said = "keras_gans.old is deprecated since 0.2 and goes in 0.3. Use keras_gans.new instead."
    with pytest.warns(FutureWarning, match=f"^{said}$") as warned:
        assert old_name() == "works"
    assert warned[0].filename == __file__


def test_it_says_so_once():
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        old_name()
        old_name()
    assert len(warned) == 1


def test_the_tests_of_the_library_may_not_use_what_goes():
    with pytest.raises(FutureWarning, match=r"keras_gans\.old"):
        old_name()


def version(text):
    return tuple(map(int, text.split(".")))


def due(source, now):
    """What a source still has of names whose last version was before `now`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "deprecate":
            said = {word.arg: word.value.value for word in node.keywords if word.arg != "instead"}
            if version(said["removed_in"]) <= version(now):
                yield ast.unparse(node)


def test_what_was_to_go_by_this_version_has_gone():
    for path in PACKAGE.rglob("*.py"):
        assert not list(due(path.read_text(), keras_gans.__version__)), f"Remove it from {path}."


def test_a_name_is_due_in_the_version_it_says():
    source = 'deprecate("a", since="0.2", removed_in="0.3", instead="b")'
    assert not list(due(source, "0.2.9"))
    assert list(due(source, "0.3.0"))


def test_names_that_moved_are_found_where_they_were():
    engine = importlib.import_module("keras_gans.engine")
    with pytest.warns(FutureWarning, match=r"Use keras_gans\.latents\.great_circle instead"):
        assert engine.great_circle is keras_gans.latents.great_circle
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        engine.nothing  # noqa: B018
