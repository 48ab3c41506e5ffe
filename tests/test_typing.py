"""Public names have hints: all of them in the packages that a program calls most."""

import inspect
import typing

import numpy as np
import pytest

import keras_gans
from keras_gans import callbacks, data, metrics, models, serving
from keras_gans.engine import AdversarialModel
from keras_gans.serving import client, explorer
from tests.backends import shown_on_tensorflow

HINTED = [callbacks, data, metrics, models, serving, client, explorer]
# Of models, data sets, metrics, callbacks and clients: what users call, and not what a step does.
CALLED = [
    *("__init__", "compile", "fit", "evaluate", "train_on_batch", "test_on_batch", "export"),
    *("generate", "draw_latents", "interpolate", "encode", "reconstruct", "classify", "recognize"),
    *("translate", "sample", "sample_with_fields", "compare", "measure", "set_reference"),
    *("set_held_out", "save_statistics", "to_json", "from_json", "compute", "roll_back"),
    *("predict", "from_latents", "translate_folder"),
]


def is_ours(value):
    return (getattr(value, "__module__", None) or "").startswith("keras_gans")


def functions():
    for module in HINTED:
        for value in (getattr(module, name) for name in module.__all__):
            if inspect.isclass(value):
                methods = (getattr(value, name, None) for name in CALLED)
                yield from (method for method in methods if is_ours(method))
            elif inspect.isfunction(value):
                yield value


def missing(function):
    parameters = list(inspect.signature(function).parameters.values())
    for parameter in parameters:
        if parameter.annotation is parameter.empty and parameter.name not in ("self", "cls"):
            yield parameter.name
    returned = inspect.signature(function).return_annotation
    if returned is inspect.Signature.empty and function.__name__ != "__init__":
        yield "what it returns"


@shown_on_tensorflow("hints are the same on every backend")
def test_what_users_call_says_what_it_takes_and_returns():
    without = {
        f"{function.__module__}.{function.__qualname__}": list(missing(function))
        for function in functions()
    }
    assert not {name: lacking for name, lacking in without.items() if lacking}


@shown_on_tensorflow("hints are the same on every backend")
def test_hints_name_what_is_there():
    for function in functions():
        typing.get_type_hints(function)


def test_what_lacks_a_hint_is_told():
    def function(images: np.ndarray, seed=None): ...

    assert list(missing(function)) == ["seed", "what it returns"]


@pytest.mark.parametrize("method", [AdversarialModel.fit, keras_gans.GAN.generate])
def test_a_model_has_them_from_its_bases(method):
    assert method in list(functions())
