"""Programs whose first word is their own, and not TensorFlow's."""

import contextlib
import os
import re
import sys
import tempfile
import warnings

LEVEL = "TF_CPP_MIN_LOG_LEVEL"
# What TensorFlow says as it is imported, before it reads its own variable.
NOISE = re.compile(
    rb"WARNING: All log messages before absl|To enable the following instr|[IWE]\d{4} "
)


@contextlib.contextmanager
def started_quietly():
    """TensorFlow, imported inside, says nothing of its own, unless `TF_CPP_MIN_LOG_LEVEL` is 0.

    All else that is written meanwhile, and everything where the import fails, is shown.

    Example:

    ```python
    with started_quietly():
        import keras
    ```
    """
    if os.environ.get(LEVEL, "0") == "0":
        yield
        return
    noise = NOISE
    sys.stderr.flush()
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            yield
        except BaseException:
            noise = None
            raise
        finally:
            sys.stderr.flush()
            os.dup2(stderr, 2)
            os.close(stderr)
            said.seek(0)
            for line in said:
                if noise is None or not noise.match(line):
                    os.write(2, line)


@contextlib.contextmanager
def sentences_of_warnings():
    """Warnings that are shown inside are their sentence, without a line of the program."""
    usual = warnings.formatwarning
    warnings.formatwarning = lambda message, *where, **more: f"{message}\n"
    try:
        yield
    finally:
        warnings.formatwarning = usual
