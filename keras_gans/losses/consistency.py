"""Consistency: a discriminator says the same of an image and of a transformed one."""

import keras
from keras import ops

from keras_gans.engine.augments import moves
from keras_gans.engine.keras_internals import layers_of, random_states
from keras_gans.engine.scope import RecordingScope
from keras_gans.losses.penalties import scores_of


@keras.saving.register_keras_serializable(package="keras_gans")
class Consistency:
    """E[(D(x) - D(T(x)))^2] + E[(D(G(z)) - D(T(G(z))))^2], balanced consistency regularization.

    A penalty like those of functions: `(discriminator, real, fake, seed) -> scalar`, the weight not
    inside. The paper's is 10 for either part. The discriminator runs on four batches more.

    Args:
        augment: `keras.layers.Layer`, the random transformation T of images. It is called with
            `training=True`, and what it draws follows the `seed` of the penalty: its own seed
            generators stay where they are. Its strength is constant.
        fake_factor: Float, how much generated images weigh beside real ones. With 0 it is the
            consistency regularization of Zhang et al. 2020, arXiv:1910.12027.

    Raises:
        ValueError: An augment that moves with training.

    Example:

    ```python
    consistency = losses.Consistency(layers.DiffAugment("translation"))
    model = GAN(*networks, latent_dim=100, penalty=consistency, penalty_weight=10.0)
    ```

    References:
        Zhao et al. 2020, arXiv:2002.04724, bCR.
    """

    def __init__(self, augment, fake_factor=1.0):
        if any(moves(layer) for layer in layers_of(augment)):
            raise ValueError(
                "The augment of Consistency stays as strong as it is: nobody tells it how far "
                "training is. Give it a constant number, as in AdaptiveAugment(p=0.2)."
            )
        self.augment = augment
        self.fake_factor = fake_factor

    def __call__(self, discriminator, real, fake, seed=None):
        """The penalty.

        Args:
            discriminator: Function `(images, training=True) -> raw scores` of any shape.
            real: float tensor of shape `(n, ...)`.
            fake: float tensor of shape `(m, ...)`, held constant.
            seed: Integer or `keras.random.SeedGenerator`. Under JAX's jit it must be a seed
                generator.

        Returns:
            float32 scalar.
        """

        def of(images):
            with RecordingScope([(state, drawn(state, seed)) for state in states]):
                augmented = self.augment(images, training=True)
            differences = scores_of(discriminator, images) - scores_of(discriminator, augmented)
            return ops.mean(ops.square(differences))

        states = random_states(self.augment)
        real, fake = ops.convert_to_tensor(real), ops.convert_to_tensor(fake)
        if not self.fake_factor:
            return of(real)
        return of(real) + self.fake_factor * of(ops.stop_gradient(fake))

    def get_config(self):
        augment = keras.saving.serialize_keras_object(self.augment)
        return {"augment": augment, "fake_factor": self.fake_factor}

    @classmethod
    def from_config(cls, config):
        augment = keras.saving.deserialize_keras_object(config["augment"])
        return cls(augment, config["fake_factor"])


def drawn(state, seed):
    """A new value for the state of a seed generator."""
    return ops.cast(keras.random.randint(state.shape, 0, 2**31 - 1, seed=seed), state.dtype)
