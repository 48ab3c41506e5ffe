"""ScoreEarlyStopping: ends a run that has become worse, and not for noise."""

import math

import keras

from keras_gans.callbacks.pictures import check_positive
from keras_gans.callbacks.score import Score


class ScoreEarlyStopping(keras.callbacks.Callback):
    """End a run whose score has certainly been worse than its best for some epochs.

    A score of generated images differs from epoch to epoch by chance, and
    `keras.callbacks.EarlyStopping` takes each of these differences for one. This one reads the
    interval that `Score(..., repeats=10)` logs. An epoch with the best value so far begins the
    count anew; one whose whole interval is worse than that value counts, and so does one that has
    no value (NaN); what lies between says nothing, and leaves the count as it is. A run that
    stands still within its noise therefore goes on for long, or until its epochs are over.

    Put it after its `Score`. The best epoch is kept by `ModelCheckpoint(..., save_best_only=True)`.

    Args:
        score: A `Score` with `repeats`.
        patience: Integer, how many epochs have to count.

    Raises:
        TypeError: `score` is no `Score`, or logs no intervals.
        ValueError: A patience below 1; at the start of `fit`, a `Score` that comes later or not at
            all.

    Example:

    ```python
    score = Score(FrechetDistance(), images, repeats=10)
    best = keras.callbacks.ModelCheckpoint(
        "best.keras", monitor=score.name, mode=score.mode, save_best_only=True
    )
    stop = ScoreEarlyStopping(score, patience=5)
    model.fit(images, epochs=200, callbacks=[score, best, stop])
    ```
    """

    def __init__(self, score: Score, patience: int = 5):
        super().__init__()
        if getattr(score, "repeats", None) is None:
            raise TypeError(
                "ScoreEarlyStopping reads the interval of a score: pass it the "
                f"Score(..., repeats=10) of the same fit; it was given {score!r}."
            )
        check_positive(patience=patience)
        self.score = score
        self.monitor = score.name
        self.mode = score.mode
        self.patience = patience
        self.best = None
        self.wait = 0

    def on_train_begin(self, logs=None):
        if not (self.score.begun and self.score.model is self.model):
            raise ValueError(
                f"ScoreEarlyStopping reads {self.monitor} of an earlier callback: put its Score "
                "before it in `callbacks`."
            )
        self.best = None
        self.wait = 0

    def on_epoch_end(self, epoch, logs=None):
        value, low, high = (logs[f"{self.monitor}{end}"] for end in ("", "_low", "_high"))
        if self.mode == "max":
            value, low = -value, -high
        if math.isfinite(value) and (self.best is None or value < self.best):
            self.best, self.wait = value, 0
        elif math.isnan(value) or (self.best is not None and low > self.best):
            self.wait += 1
            if self.wait >= self.patience:
                self.model.stop_training = True

    def get_state(self):
        """What `Checkpoint` keeps: the best value, and how many epochs have counted."""
        return {"best": self.best, "wait": self.wait}

    def set_state(self, state):
        self.best, self.wait = state["best"], state["wait"]
