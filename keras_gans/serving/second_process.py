"""A second process with the TensorFlow backend, for what only TensorFlow writes."""

import json
import os
import subprocess
import sys


def export_from_tensorflow(model, path, keras_file, options):
    """Save `model`, load it under TensorFlow in a second process and export it there.

    Args:
        model: A model of this package, or of another module that can be imported.
        path: What to write, a `pathlib.Path`.
        keras_file: Where to save the model for the second process, a `pathlib.Path`.
        options: Dict of arguments of `model.export` that JSON can hold.

    Raises:
        RuntimeError: The second process failed.
    """
    model.save(keras_file)
    command = [sys.executable, "-m", "keras_gans.serving", str(keras_file), str(path)]
    module = type(model).__module__
    if module != "__main__" and not module.startswith("keras_gans."):
        command += ["--import", module]
    finished = subprocess.run(
        [*command, "--options", json.dumps(options)],
        env={**os.environ, "KERAS_BACKEND": "tensorflow"},
        capture_output=True,
        text=True,
    )
    if finished.returncode:
        raise RuntimeError(
            "Exports are written by TensorFlow, in a second process, which failed: "
            f"{finished.stderr.strip().splitlines()[-1:]}. Save the model with "
            "`model.save('model.keras')`, load it with KERAS_BACKEND=tensorflow where the "
            "classes of your own layers are imported, and export it there."
        )
