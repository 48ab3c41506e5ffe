"""Metrics whose result is computed outside of compiled functions."""

from keras import ops


def is_traced(variable):
    """Whether a compiled function is being traced, in which `variable` has no value."""
    try:
        ops.convert_to_numpy(variable)
    except (NotImplementedError, TypeError):  # TensorFlow's and JAX's.
        return True
    return False
