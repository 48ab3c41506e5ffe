"""Semi-supervised learning: Salimans et al. 2016, as the authors run it on MNIST."""

import keras

from keras_gans.engine.seeds import seeded
from keras_gans.latents import Uniform
from keras_gans.models import SemiSupervisedGAN
from keras_gans.networks import improved_gan_classifier, improved_gan_generator
from keras_gans.samples import Images


@seeded
def semi_supervised_gan(
    image_shape,
    labels,
    latent_dim=100,
    units=(1000, 500, 250, 250, 250),
    ema_decay=0.999,
    seed=None,
):
    """A compiled SemiSupervisedGAN with the numbers of the authors' run on MNIST.

    Latents from U(0, 1), feature matching by the squared distance, Adam with learning rate 3e-3 and
    beta_1 0.5 for both players. The authors train for 300 epochs of batches of 100 and average the
    weights with 0.9999; an average of 0.999 follows within the thousands of steps of shorter runs.

    Args:
        image_shape: Tuple `(height, width, channels)`.
        labels: Integer >= 2, the number of classes.
        latent_dim: Integer.
        units: Integers, of the classifier's hidden layers.
        ema_decay: Float in [0, 1) for the averages that classify and generate, or `None`.
        seed: Integer >= 0 for the initial weights and the model's noise, or `None` to draw
            them from Keras's streams (`keras.utils.set_random_seed`).

    Returns:
        A compiled `keras_gans.models.SemiSupervisedGAN`.

    Example:

    ```python
    labels[100:] = -1  # int32 (n,): a hundred are known.
    model = keras_gans.presets.semi_supervised_gan((28, 28, 1), labels=10)
    model.fit(images, labels, batch_size=100, epochs=20)
    model.classify(images)
    ```
    """
    model = SemiSupervisedGAN(
        improved_gan_generator(image_shape, latent_dim),
        improved_gan_classifier(image_shape, labels, units),
        latents=Uniform(latent_dim, 0, 1),
        samples=Images(range=(0, 1)),
        ema_decay=ema_decay,
        seed=seed,
        name="semi_supervised_gan",
    )
    model.compile(
        **{
            f"{player}_optimizer": keras.optimizers.Adam(3e-3, beta_1=0.5, beta_2=0.999)
            for player in model.players
        }
    )
    return model
