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

    functions = {name: signature.function() for name, signature in signatures.items()}
    # One signature under two names is one function.
    functions["serving_default"] = functions[list(functions)[1]]
    module = tf.Module()
    module.variables_of_generator = list(
        {
            id(variable): variable.value
            for signature in signatures.values()
            for network in signature.endpoint.networks
            for variable in network.variables
        }.values()
    )
    try:
        tf.saved_model.save(module, str(path), signatures=functions)
    except tf.errors.OpError as error:  # Not an OSError, even where the disk is full.
        raise OSError(f"The SavedModel could not be written: {error.message}") from error
    write_signatures({name: s.described() for name, s in signatures.items()}, path)


def write_signatures(described, folder):
    """Write `signature.json`."""
    (folder / SIGNATURES).write_text(json.dumps(described, indent=2) + "\n")


def read_signatures(folder):
    """What `signature.json` says."""
    return json.loads((folder / SIGNATURES).read_text())
