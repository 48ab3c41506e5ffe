"""Makes the shipped networks readable by the oldest Keras: `python -m benchmarks.shipped`.

A newer Keras writes arguments into a file that an older one refuses, also where they say nothing.
Weights stay as they are.
"""

import json
import os
import zipfile
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "keras_gans"
# What Keras 3.13 to 3.15 added, and the value with which each says nothing.
ADDED = {
    "input_axes": None,
    "output_axes": None,
    "quantization_config": None,
    "renorm": False,
    "renorm_clipping": None,
    "renorm_momentum": 0.99,
}


def files():
    return sorted(PACKAGE.rglob("*.keras"))


def older(config):
    """A config without what was added and says nothing."""
    if isinstance(config, list):
        return [older(value) for value in config]
    if not isinstance(config, dict):
        return config
    return {
        name: older(value)
        for name, value in config.items()
        if name not in ADDED or value != ADDED[name]
    }


def config_of(path):
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("config.json"))


def rewrite(path):
    beside = path.with_suffix(".new")
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(beside, "w") as after:
        for entry in before.infolist():
            is_config = entry.filename == "config.json"
            text = json.dumps(older(config_of(path))) if is_config else before.read(entry)
            after.writestr(entry, text)
    os.replace(beside, path)


if __name__ == "__main__":
    for path in files():
        if config_of(path) != older(config_of(path)):
            rewrite(path)
            print(path)
