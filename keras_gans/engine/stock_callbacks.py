"""Callbacks of Keras that cannot do their work on several players, and what to use instead."""

import keras

from keras_gans.engine.optimizers import without_loss_scaling

MONITORS = (
    keras.callbacks.EarlyStopping,
    keras.callbacks.ModelCheckpoint,
    keras.callbacks.ReduceLROnPlateau,
)
ORBAX = getattr(keras.callbacks, "OrbaxCheckpoint", ())  # Keras 3.12 and 3.13 have none.
RATE_SETTERS = (keras.callbacks.LearningRateScheduler, keras.callbacks.ReduceLROnPlateau)


def check_callbacks(model, callbacks):
    """Raise a sentence, before training begins, where a callback of Keras could not do its work.

    `docs/callbacks.md` lists all of them.

    Args:
        model: A compiled `AdversarialModel`.
        callbacks: What `fit` was given: `None`, a callback, a list of them, or a
            `keras.callbacks.CallbackList`.

    Returns:
        List of the callbacks.

    Raises:
        ValueError: A callback that does not fit the model or its optimizers.
    """
    if isinstance(callbacks, keras.callbacks.CallbackList):
        callbacks = callbacks.callbacks
    callbacks = keras.tree.flatten(callbacks or [])
    for callback in callbacks:
        name = type(callback).__name__
        if isinstance(callback, keras.callbacks.SwapEMAWeights):
            raise ValueError(
                f"{name} would put averaged weights into every player whose optimizer has "
                "`use_ema=True`, the opponent too. Leave it out and build the model with "
                "`ema_decay=0.999`, say: `evaluate`, `predict`, `generate` and `export` then use "
                "an averaged generator."
            )
        if isinstance(callback, ORBAX):
            raise ValueError(
                f"{name} tells variables apart by their paths, and a network and its average "
                "share theirs. Use `keras_gans.callbacks.Checkpoint` to go on after an "
                "interruption, and `keras.callbacks.ModelCheckpoint` to keep the best epoch."
            )
        if isinstance(callback, RATE_SETTERS) and model.compiled:
            for optimizer in model.optimizer.optimizers:
                if has_schedule(optimizer):
                    raise ValueError(
                        f"{name} sets the learning rate of every player, but that of the "
                        f"{optimizer.name} is a schedule and cannot be set. Give its optimizer a "
                        f"float, or leave {name} out."
                    )
        if isinstance(callback, MONITORS) and not has_direction(callback):
            raise ValueError(
                f"{name} cannot know whether a smaller {callback.monitor!r} is the better one. "
                'Pass mode="min" (a distance, say) or mode="max".'
            )
        if isinstance(callback, keras.callbacks.ModelCheckpoint) and (
            callback.filepath.endswith(".h5") and not callback.save_weights_only
        ):
            raise ValueError(
                f"{name} would write the whole model to {callback.filepath}, a format from which "
                "Keras cannot load it. Use a path that ends in `.keras`, or "
                "`save_weights_only=True` and one that ends in `.weights.h5`."
            )
        if isinstance(callback, keras.callbacks.BackupAndRestore) and (
            callback.save_freq and callback.save_freq != "epoch"
        ):
            raise ValueError(
                f"{name} with save_freq={callback.save_freq} would resume at the beginning of an "
                "epoch with the weights of its middle. Leave `save_freq` out, or use "
                f"`keras_gans.callbacks.Checkpoint(folder, save_freq={callback.save_freq})`."
            )
    return callbacks


def has_schedule(optimizer):
    """Whether the learning rate is a schedule or a function, which nobody can set."""
    return not isinstance(without_loss_scaling(optimizer).learning_rate, keras.Variable)


def has_direction(callback):
    """Whether Keras knows which value of what the callback monitors is the better one."""
    return callback.mode != "auto" or callback.monitor in ("loss", "val_loss")
