"""Score: how generated images compare with real ones, in the logs of every epoch."""

import keras

from keras_gans.callbacks.pictures import at_full_size


class Score(keras.callbacks.Callback):
    """Compare generated images with real ones after each epoch and log the result.

    Put it before the callbacks that read it, such as
    `ModelCheckpoint(..., monitor=score.name, mode="min")`; Keras cannot know by itself that a
    smaller distance is the better one. The images are generated from the same latents every
    time, so that epochs compare. Those of a model that still grows are enlarged, pixel by pixel.

    Args:
        metric: A metric with `compare(real, fake)`: `keras_gans.metrics.FrechetDistance`,
            `SlicedWassersteinDistance` or `SampleSimilarity`.
        images: uint8 array `(n, height, width, channels)` of real images; for a
            `FrechetDistance` their features are computed once.
        num_images: Integer, images to generate; by default as many as there are real ones.
        seed: Integer, of the latents.
        every: Integer, epochs from one score to the next.

    Example:

    ```python
    score = Score(FrechetDistance(), images, num_images=2000)
    best = keras.callbacks.ModelCheckpoint(
        "best.keras", monitor=score.name, mode="min", save_best_only=True
    )
    model.fit(images, epochs=20, callbacks=[score, best])
    ```
    """

    def __init__(self, metric, images, num_images=None, seed=0, every=1):
        super().__init__()
        self.metric = metric
        self.num_images = len(images) if num_images is None else num_images
        self.seed = seed
        self.every = every
        self.images = images
        if hasattr(metric, "set_reference"):
            metric.set_reference(images)
            self.images = None

    @property
    def name(self):
        """The key of the score in the logs."""
        return self.metric.name

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self.every == 0 and logs is not None:
            score = self.compute(self.model)
            logs.update(score if isinstance(score, dict) else {self.name: score})

    def compute(self, model):
        """The score of `model` as it is now: a float, or a dict of them by their names."""
        images = model.generate(self.num_images, seed=self.seed)
        return self.metric.compare(self.images, at_full_size(images, model))
