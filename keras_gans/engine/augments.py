"""Augments: what a discriminator sees of samples in training."""

import keras

from keras_gans.engine.keras_internals import layers_of
from keras_gans.schedules import is_schedule


class Augments:
    """What a model does with its argument `augment`, a layer that transforms samples, or `None`."""

    def check_augment(self):
        """Raise a sentence where an `augment` would not move as it should, or is seen by nobody."""
        if self.augment is None:
            return
        moving = [layer for layer in layers_of(self.augment) if moves(layer)]
        if any(layer is not self.augment for layer in moving):
            raise ValueError(
                f"{type(moving[-1]).__name__} moves with training, and inside another layer nobody "
                "tells it how: give it to the model itself as `augment`, or a constant number."
            )
        if getattr(self.augment, "adapted", None) is not None:
            self._check_boundary()
        if len(self.players) == 1:
            raise ValueError(
                f"{type(self).__name__} has no discriminator here that would see augmented "
                f"{self.samples.name}: leave out `augment`."
            )

    def boundary(self, given):
        """The score between real and generated samples, `None` where scores only compare them.

        Args:
            given: What it is taken to be of a loss that nobody knows.
        """
        loss = getattr(self, "adversarial_loss", None)
        return 0.0 if loss is None else loss.boundary(given)

    def _check_boundary(self):
        wanted, given = self.boundary(self.augment.boundary), self.augment.boundary
        if wanted is None:
            raise ValueError(
                f"The scores of {type(self).__name__} only compare real with generated "
                f"{self.samples.name} here, and no score is that of a half chance, which "
                "AdaptiveAugment() would follow: give it a probability or a schedule of it, as in "
                "AdaptiveAugment(p=0.2)."
            )
        if wanted != given:
            raise ValueError(
                f"AdaptiveAugment follows the scores above {given:g}; with this loss those above "
                f"{wanted:g} say real: AdaptiveAugment(boundary={wanted:g})."
            )

    def augmented(self, samples, training):
        """Samples as the discriminator is to see them, drawn anew at each call.

        What they lie in is scaled to [-1, 1] for the layer, and back. What a penalty draws is
        dropped with all else that it assigns: the next call draws the same again.

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


def check_layer(augment):
    """Raise a sentence where an `augment` is neither a layer nor `None`."""
    if augment is not None and not isinstance(augment, keras.layers.Layer):
        raise ValueError(
            "augment is one layer that transforms samples, such as "
            'keras_gans.layers.DiffAugment("color"), several of constant strength in '
            f"keras.Sequential([...]); it was {augment!r}."
        )


def moves(layer):
    """Whether a layer changes while it trains: by a schedule, or by what it is shown."""
    adapts = getattr(layer, "adapted", None) is not None
    return adapts or is_schedule(getattr(layer, "strength", None))
