"""Public names that go: they work on for a version, and say so."""

import functools
import warnings

__all__ = ["deprecate"]


@functools.cache
def deprecate(name, since, removed_in, instead):
    """Warn, the first time that it is called for a name, that the name goes.

    Call it where the name is used: in the function, in the branch of the argument, in the
    `__getattr__` of the module. `tests/test_deprecation.py` fails from version `removed_in` on, as
    long as the call is there.

    Args:
        name: String, what goes, with `keras_gans.` before it.
        since: String, the version that says so first, such as "0.2".
        removed_in: String, the version that is without it.
        instead: String, what to write in its place.

    Example:

    ```python
    def __getattr__(name):  # Of a module that had `great_circle`.
        if name == "great_circle":
            deprecate(
                "keras_gans.engine.great_circle",
                since="0.2",
                removed_in="0.3",
                instead="keras_gans.latents.great_circle",
            )
            ...
    ```
    """
    # A `FutureWarning` is shown to those who use a library; a `DeprecationWarning` is not.
    warnings.warn(
        f"{name} is deprecated since {since} and goes in {removed_in}. Use {instead} instead.",
        FutureWarning,
        stacklevel=3,  # Who used the name.
    )
