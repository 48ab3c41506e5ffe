"""The files of a SavedModel."""

import json

import numpy as np
import pytest

from tests.backends import written_once
from tests.serving.conftest import MODELS

tf = pytest.importorskip("tensorflow", reason="SavedModels are written by TensorFlow")

pytestmark = written_once


@pytest.mark.parametrize("name", MODELS)
def test_signature_json_says_what_the_graph_says(name, exported):
    _, path = exported(name)
    described = json.loads((path / "signature.json").read_text())
    signatures = tf.saved_model.load(str(path)).signatures
    assert set(described) == set(signatures)
    for signature, function in signatures.items():
        sides = (
            ("inputs", function.structured_input_signature[1]),
            ("outputs", function.structured_outputs),
        )
        for side, tensors in sides:
            of_classes = {"low": 0, "high": 2, "names": ["shirt", "bag", "boot"]}
            assert described[signature][side] == {
                tensor: {
                    "dtype": spec.dtype.name,
                    "shape": spec.shape.as_list(),
                    **(of_classes if tensor == "labels" else {}),
                }
                for tensor, spec in tensors.items()
            }


@pytest.mark.parametrize("name", MODELS)
def test_only_generators_are_in_it(name, exported):
    model, path = exported(name)
    names = tf.train.list_variables(str(path / "variables" / "variables"))
    exported_values = sum(int(np.prod(shape)) for name, shape in names if "VARIABLE" in name)
    directions = getattr(model, "generators", ())
    generators = [model.translator(d).generator for d in directions] or [model.generator]
    assert exported_values == sum(
        int(np.prod(variable.shape)) for network in generators for variable in network.variables
    )
