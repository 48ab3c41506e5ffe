"""Packages that only some of serving needs."""

import importlib


def needed(module):
    """The module of that name; an `ImportError` that says how to install it where it is missing.

    Args:
        module: Name of a module from the extra "serving".
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(
            f'{error}. It comes with the extra "serving": pip install "keras_gans[serving]".'
        ) from error
