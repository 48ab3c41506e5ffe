"""How far the training of a model is, and the numbers that move with it."""

import keras
from keras import ops

from keras_gans.engine.backend import backend
from keras_gans.engine.keras_internals import given_rate
from keras_gans.engine.optimizers import without_loss_scaling
from keras_gans.schedules import counts_images, is_schedule


class Progress:
    """What counts the steps and images of a model, and knows the numbers that follow them."""

    def count_from_zero(self):
        """Create the counters; they are saved with the model."""
        self.steps_seen, self.images_seen = (
            self.add_weight(
                (),
                "zeros",
                dtype="int32",
                trainable=False,
                aggregation="only_first_replica",
                name=name,
            )
            for name in ("steps_seen", "images_seen")
        )

    def value_of(self, number):
        """A number, or the present value of its schedule: float32 scalar of the step.

        Args:
            number: A number; or a schedule of `keras_gans.schedules` or of Keras, which is
                counted in steps unless it says otherwise.
        """
        if not is_schedule(number):
            return number
        seen = self.images_seen if counts_images(number) else self.steps_seen
        return ops.cast(number(ops.convert_to_tensor(seen)), "float32")

    def end_step(self, batch):
        """Move the averages, and count a step and its images: the last line of a train step.

        Args:
            batch: The `Batch`, or the samples, of the step.
        """
        n = ops.cast(ops.shape(keras.tree.flatten(batch)[0])[0], "int32")
        images = backend.replica_sum(n)
        self.move_averages(images)
        self.steps_seen.assign_add(1)
        self.images_seen.assign_add(images)

    def move_averages(self, images):
        """Move the averaged weights that a model has.

        Args:
            images: int32 scalar, samples of the step on all devices together.
        """


def check_rate(optimizer, player):
    """Raise a sentence where the learning rate is a schedule that an optimizer cannot count."""
    if counts_images(given_rate(without_loss_scaling(optimizer))):
        raise ValueError(
            f"The learning rate of {player!r} is a schedule in images, which no optimizer counts. "
            "Count it in its moves: Cosine(2e-4, 5e-5, steps=images // batch_size), say."
        )
