"""The rules of the house that a machine can check."""

import ast
import inspect
import re
from pathlib import Path

import keras
import pytest

import keras_gans
from keras_gans.engine import AdversarialModel
from keras_gans.models import (
    DictionaryModel,
    EncodingModel,
    GrowingModel,
    LatentModel,
    TranslationModel,
)

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "keras_gans").rglob("*.py"))
BACKENDS = {"tensorflow", "jax", "torch"}
ABSTRACT = {
    AdversarialModel,
    DictionaryModel,
    EncodingModel,
    GrowingModel,
    LatentModel,
    TranslationModel,
}
MAY_IMPORT_A_BACKEND = ("engine", "data", "serving")


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_backends_are_imported_where_they_belong_only(path):
    package = path.relative_to(ROOT / "keras_gans").parts[0]
    found = {name.split(".")[0] for name in imports(path)} & BACKENDS
    if package not in MAY_IMPORT_A_BACKEND and path.name != "sample_grid.py":
        assert not found
    # Whatever needs a backend that is not the running one is imported when it is used.
    if package != "engine":
        names = {
            alias.name.split(".")[0]
            for node in ast.parse(path.read_text()).body
            if isinstance(node, ast.Import)
            for alias in node.names
        }
        assert not names & BACKENDS


# What knows nothing of what stands above it.
UNKNOWN = {
    "engine": ("serving", "models", "callbacks", "presets"),
    "serving": ("models", "engine", "callbacks", "presets", "networks"),
}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_engine_and_serving_know_no_model(path):
    package = path.relative_to(ROOT / "keras_gans").parts[0]
    above = {f"keras_gans.{name}" for name in UNKNOWN.get(package, ())}
    assert not {".".join(name.split(".")[:2]) for name in imports(path)} & above


def subclasses(cls):
    for child in cls.__subclasses__():
        yield child
        yield from subclasses(child)


def test_no_variant_inherits_from_a_variant():
    for model in subclasses(AdversarialModel):
        if model.__module__.startswith("keras_gans.") and model not in ABSTRACT:
            assert model.__mro__[1] in ABSTRACT, model


def test_every_model_is_registered_and_says_which_paper_it_is():
    for model in subclasses(AdversarialModel):
        if model.__module__.startswith("keras_gans.models") and model not in ABSTRACT:
            assert keras.saving.get_registered_name(model).startswith("keras_gans>")
            assert re.search(r"arXiv:\d{4}\.\d{4,5}", model.__doc__), model


def test_every_model_has_a_case_in_the_harness():
    for model in subclasses(AdversarialModel):
        if model.__module__.startswith("keras_gans.models") and model not in ABSTRACT:
            tests = ROOT / "tests" / "models" / f"test_{model.__module__.split('.')[-1]}.py"
            assert re.search(r"\nclass Test\w+\([\w, \n]*Harness", tests.read_text()), model


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_has_its_tests_at_the_same_path(path):
    relative = path.relative_to(ROOT / "keras_gans")
    in_engine = {
        "engine/tensorflow.py",
        "engine/jax.py",
        "engine/torch.py",
    }
    # The three halves of the engine are tested through models.
    if path.name.startswith("__") or str(relative) in in_engine:
        return
    assert (ROOT / "tests" / relative.parent / f"test_{path.name}").exists()


def public_objects():
    for name in keras_gans.__all__:
        value = getattr(keras_gans, name)
        if inspect.ismodule(value):
            yield from ((f"{name}.{n}", getattr(value, n)) for n in value.__all__)
        else:
            yield name, value


@pytest.mark.parametrize(("name", "value"), public_objects())
def test_every_public_name_is_documented(name, value):
    if callable(value):
        assert (value.__doc__ or "").strip(), name


def test_every_package_says_what_it_exports():
    for path in (ROOT / "keras_gans").rglob("__init__.py"):
        assert "__all__" in path.read_text(), path


def test_files_stay_small():
    """Half of the files have fewer than 130 lines."""
    lengths = sorted(len(path.read_text().splitlines()) for path in SOURCES)
    assert lengths[len(lengths) // 2] < 130
