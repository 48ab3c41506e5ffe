"""SavedModels: models that run without Keras."""

import json

SIGNATURES = "signature.json"


def write_saved_model(signatures, path):
    """Write a SavedModel, and its signatures in words into `signature.json` beside it.

    Args:
        signatures: What `signatures_of` returned.
        path: `pathlib.Path` of the folder to create.

    Raises:
        OSError: The files cannot be written.
    """
    import tensorflow as tf

    functions, variables = signatures
    module = tf.Module()
    module.variables_of_generator = [v.value for v in variables]
    try:
        tf.saved_model.save(module, str(path), signatures=functions)
    except tf.errors.OpError as error:  # Not an OSError, even where the disk is full.
        raise OSError(f"The SavedModel could not be written: {error.message}") from error
    described = {name: described_function(function) for name, function in functions.items()}
    (path / SIGNATURES).write_text(json.dumps(described, indent=2) + "\n")


def described_function(function):
    """Names, dtypes and shapes of what a signature takes and gives."""
    concrete = function.get_concrete_function()
    inputs = {spec.name: spec for spec in function.input_signature}
    sides = {"inputs": inputs, "outputs": concrete.structured_outputs}
    return {
        side: {
            name: {"dtype": tensor.dtype.name, "shape": tensor.shape.as_list()}
            for name, tensor in tensors.items()
        }
        for side, tensors in sides.items()
    }
