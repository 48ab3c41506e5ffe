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
    described = {
        name: described_sides(
            inputs={spec.name: spec for spec in function.input_signature},
            outputs=function.get_concrete_function().structured_outputs,
        )
        for name, function in functions.items()
    }
    (path / SIGNATURES).write_text(json.dumps(described, indent=2) + "\n")


def described_sides(**sides):
    """Names, dtypes and shapes of what a signature takes and gives."""
    return {
        side: {
            name: {"dtype": tensor.dtype.name, "shape": tensor.shape.as_list()}
            for name, tensor in tensors.items()
        }
        for side, tensors in sides.items()
    }
