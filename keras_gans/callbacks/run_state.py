"""What a run knows besides its weights: what callbacks remember, and how it was compiled."""

import json

from keras_gans.engine.keras_internals import remembered


def callback_states(callbacks):
    """What callbacks remember from epoch to epoch.

    A callback of one's own joins by two methods: `get_state()` returns what JSON can hold, and
    `set_state(state)` takes it.

    Args:
        callbacks: List of `keras.callbacks.Callback`.

    Returns:
        `(states, arrays)`: a dict that JSON can hold, and a dict of numpy arrays, the best weights
        of `EarlyStopping(restore_best_weights=True)`.
    """
    states, arrays = {}, {}
    for name, callback in _named(callbacks).items():
        if hasattr(callback, "get_state"):
            states[name] = callback.get_state()
        else:
            states[name] = {a: _plain(getattr(callback, a)) for a in remembered(callback)}
        weights = getattr(callback, "best_weights", None) or []
        # numpy's files know no bfloat16, which float32 holds exactly.
        arrays |= {
            f"callback_{name}_{i:05d}": w.astype("float32") if w.dtype.name == "bfloat16" else w
            for i, w in enumerate(weights)
        }
    return states, arrays


def restore_callback_states(callbacks, states, arrays):
    """Put back what `callback_states` returned.

    Returns:
        The names of callbacks that remember something and of which it holds nothing.
    """
    named = _named(callbacks)
    for name in named.keys() & states.keys():
        callback = named[name]
        if hasattr(callback, "set_state"):
            callback.set_state(states[name])
        else:
            for attribute in remembered(callback):
                setattr(callback, attribute, states[name][attribute])
        weights = [arrays[key] for key in sorted(arrays) if key.startswith(f"callback_{name}_")]
        if weights:
            callback.best_weights = weights
    return [name for name in named if name not in states]


def compile_settings(model):
    """What the optimizers were compiled with: dict from "generator.learning_rate" to its value."""
    return dict(_leaves(json.loads(json.dumps(model.optimizer.get_config()))))


def _named(callbacks):
    """Dict from names that are the same in every process to the callbacks that remember."""
    named = {}
    for callback in callbacks:
        if hasattr(callback, "get_state") or remembered(callback):
            name = f"{type(callback).__name__}_{getattr(callback, 'monitor', '')}"
            number = sum(other.startswith(f"{name}_") for other in named)
            named[f"{name}_{number}"] = callback
    return named


def _plain(value):
    return value if value is None or isinstance(value, int) else float(value)


def _leaves(config, path=()):
    if not isinstance(config, dict):
        yield ".".join(name for name in path if name != "config"), config
        return
    for name, value in config.items():
        yield from _leaves(value, (*path, name))
