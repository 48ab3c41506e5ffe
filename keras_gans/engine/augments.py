"""Augments: what a discriminator sees of samples in training."""

import keras

from keras_gans.schedules import is_schedule


class Augments:
    """What a model does with its argument `augment`, a layer that transforms samples, or `None`."""

    def check_augment(self):
        """Raise a sentence where there is an `augment` that cannot be one, or nobody to see it."""
        if self.augment is None:
            return
        if not isinstance(self.augment, keras.layers.Layer):
            raise ValueError(
                "augment is a layer that transforms samples, such as "
                f"keras_gans.layers.DiffAugment(); it was {self.augment!r}."
            )
        if len(self.players) == 1:
            raise ValueError(
                f"{type(self).__name__} has no discriminator here that would see augmented "
                f"{self.samples.name}: leave out `augment`."
            )

    def augmented(self, samples, training):
        """Samples as the discriminator is to see them, drawn anew at each call.

        What they lie in is scaled to [-1, 1] for the layer, and back.

        Args:
            samples: Tensor of real or generated samples; or a tuple of them that belong together,
                for which the same is drawn.
            training: Bool. Whether it is a train step: elsewhere they stay as they are.
        """
        if self.augment is None or not training:
            return samples
        strength = getattr(self.augment, "strength", None)
        given = {} if strength is None else {"strength": self.value_of(strength)}
        signed = keras.tree.map_structure(self.samples.to_signed, samples)
        seen = self.augment(signed, training=True, **given)
        return keras.tree.map_structure(self.samples.from_signed, seen)

    def adapt_augment(self, real_scores, training):
        """Show the scores of augmented reals to an `augment` that follows them.

        Args:
            real_scores: Raw scores of any shape, or a tuple of those of several discriminators.
            training: Bool, as in `augmented`.
        """
        if training and hasattr(self.augment, "adapt"):
            self.augment.adapt(real_scores)

    def augment_logs(self):
        """How strong a moving `augment` is now, for the logs."""
        strength = getattr(self.augment, "strength", None)
        if is_schedule(strength) or keras.ops.is_tensor(strength):
            return {"augment_strength": self.value_of(strength)}
        return {}
