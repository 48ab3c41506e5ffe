"""SRGAN: super-resolution with an adversarial loss."""

import keras
import numpy as np
from keras import ops

from keras_gans import losses
from keras_gans.data import check_images
from keras_gans.models.translation_model import TranslationModel
from keras_gans.models.translator import scale_of

DISTANCES = {"l1": ops.abs, "l2": ops.square}


@keras.saving.register_keras_serializable(package="keras_gans")
class SRGAN(TranslationModel):
    """Photo-realistic super-resolution with a GAN, arXiv:1609.04802.

    For every batch of pairs (x, y) of small and large patches (equations 2 to 6):

        update D by the gradient of -log D(y) - log(1 - D(G(x)))
        update G by the gradient of
            w_p d(y, G(x)) + w_f d(phi(y), phi(G(x))) - w_a log D(G(x))

    d is the mean squared or absolute difference and phi the features of a fixed network. The
    paper trains G first by d(y, G(x)) alone, which is plain `keras.Model.fit`; the generator that
    comes out of it is the one to pass here.

    Args:
        generator: `keras.Model` from images to larger images in about [-1, 1], such as
            `srresnet`.
        discriminator: `keras.Model` from large patches to raw scores, no sigmoid, such as
            `srgan_discriminator`.
        features: phi, a `keras.Model` from images in [-1, 1] to features of any shape, such as
            `vgg19_features()`; or `None`. Its weights stay as they are.
        loss: Name for `keras_gans.losses.get`, or an `AdversarialLoss`.
        pixel_weight: Float >= 0, w_p.
        feature_weight: Float >= 0, w_f.
        adversarial_weight: Float >= 0, w_a.
        distance: "l2" (the mean squared difference) or "l1".
        augment: See `AdversarialModel`.
        seed: Likewise.
        name: Name of the model.

    Raises:
        ValueError: Networks that do not fit together, or an unknown loss or distance.

    Example:

    ```python
    model = SRGAN(srresnet(), srgan_discriminator((96, 96, 3)), vgg19_features())
    model.compile()
    model.fit(keras_gans.data.super_resolution("photos/"), epochs=100)
    model.upscale(photograph)
    ```
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        features: keras.Model | None = None,
        loss: str | losses.AdversarialLoss = "non_saturating",
        pixel_weight: float = 0.0,
        feature_weight: float = 1.0,
        adversarial_weight: float = 1e-3,
        distance: str = "l2",
        augment: keras.layers.Layer | None = None,
        seed: int | None = None,
        name: str | None = None,
    ):
        super().__init__(augment=augment, seed=seed, name=name)
        if distance not in DISTANCES:
            raise ValueError(f'distance is "l1" or "l2"; it was {distance!r}.')
        if features is None and not pixel_weight:
            raise ValueError(
                "Without content the generator need not look at its input: pass `features`, or a "
                "pixel_weight above 0."
            )
        self.generator = generator
        self.scale = scale_of(generator)
        self.discriminator = discriminator
        self.features = features
        self.adversarial_loss = losses.get_of_scores(loss)
        self.pixel_weight = pixel_weight
        self.feature_weight = feature_weight
        self.adversarial_weight = adversarial_weight
        self.distance = distance
        if features is not None:
            features.trainable = False
        self.track("generator_loss", "adversarial", "discriminator_loss")
        self.track("real_score", "fake_score")
        self.track(*(["pixel"] if pixel_weight else []), *(["feature"] if features else []))
        self._check()

    def _check(self):
        channels = self.discriminator.input_shape[-1]
        made = self.generator.output_shape[-1]
        if made != channels:
            raise ValueError(
                f"The generator makes images of {made} channels; the discriminator takes "
                f"{channels}."
            )
        if None not in self.discriminator.input_shape[1:3] and any(
            side % self.scale for side in self.discriminator.input_shape[1:3]
        ):
            raise ValueError(
                f"The discriminator takes patches of {self.discriminator.input_shape[1:3]}, which "
                f"a generator of scale {self.scale} cannot make."
            )

    @property
    def image_shapes(self):
        height, width, channels = self.discriminator.input_shape[1:]
        sides = (None if side is None else side // self.scale for side in (height, width))
        return (*sides, self.generator.input_shape[-1]), (height, width, channels)

    @property
    def players(self):
        return {"discriminator": [self.discriminator], "generator": [self.generator]}

    @property
    def generators(self):
        return {"upscale": self.generator}

    def default_optimizer(self, player):
        return keras.optimizers.Adam(1e-4, beta_1=0.9, beta_2=0.999, epsilon=1e-8)

    def train_step(self, data):
        small, large = self.pair(data)
        fake = self.forward_once("generator", lambda: self.generator(small, training=True))
        self.minimize("discriminator", lambda: self.discriminator_loss(large, fake.output))
        self.minimize("generator", lambda fake: self.generator_terms(large, fake), through=fake)
        self.end_step(small)
        return self.logs()

    def scores(self, large, training):
        """D's scores of large images."""
        return self.discriminator(self.augmented(large, training), training=training)

    def discriminator_loss(self, large, fake, training=True):
        real_scores = self.scores(large, training)
        fake_scores = self.scores(fake, training)
        self.adapt_augment(real_scores, training)
        self.observe(real_score=ops.mean(real_scores), fake_score=ops.mean(fake_scores))
        return self.adversarial_loss.discriminator_loss(real_scores, fake_scores)

    def generator_terms(self, large, fake, training=True):
        """The weighted terms of content and of the adversarial loss."""
        real_scores = None
        if self.adversarial_loss.needs_real:
            real_scores = self.scores(large, training)
        fake_scores = self.scores(fake, training)
        adversarial = self.adversarial_loss.generator(fake_scores, real_scores)
        terms = {"adversarial": self.adversarial_weight * adversarial}
        if self.pixel_weight:
            terms["pixel"] = self.pixel_weight * self.mean_distance(large, fake)
        if self.features is not None:
            features = (self.features(images, training=False) for images in (large, fake))
            terms["feature"] = self.feature_weight * self.mean_distance(*features)
        return terms

    def mean_distance(self, x, y):
        """d(x, y), in float32: squares of features are beyond float16."""
        difference = ops.cast(x, "float32") - ops.cast(y, "float32")
        return ops.mean(DISTANCES[self.distance](difference))

    def test_step(self, data):
        small, large = self.pair(data)
        fake = self(small)
        self.observe_losses(
            discriminator=self.discriminator_loss(large, fake, training=False),
            generator=self.generator_terms(large, fake, training=False),
        )
        self.update_scores(large, fake)
        return self.logs()

    def upscale(self, image, tile=192, overlap=48):
        """Enlarge one image of any size.

        Where it is larger than a tile, tiles are enlarged one after the other, each with a margin
        that is thrown away: memory does not grow with the image.

        Args:
            image: uint8 array `(height, width, channels)` in [0, 255], or floats in [-1, 1].
            tile: Integer, side of the small tiles that are put together; 0 for the whole image
                at once.
            overlap: Integer, pixels around a tile that it is allowed to see. Half the receptive
                field of the generator makes the result that of the whole image: 40 for
                `srresnet(4)`; far less than it changes little.

        Returns:
            uint8 array `(scale * height, scale * width, channels)`.

        Raises:
            ValueError: Anything but one image of the generator's channels.

        Example:

        ```python
        large = model.upscale(np.asarray(PIL.Image.open("photo.jpg")))
        ```
        """
        image = np.asarray(image)
        check_images(image[None], (None, None, self.generator.input_shape[-1]), name="[image]")
        height, width = image.shape[:2]
        if not tile or max(height, width) <= tile + 2 * overlap:
            return self._enlarged(image)
        enlarged = np.empty(
            (self.scale * height, self.scale * width, self.generator.output_shape[-1]), "uint8"
        )
        side = tile + 2 * overlap
        for top in range(0, height, tile):
            for left in range(0, width, tile):
                # Tiles at the far edges begin earlier, so that all have one size: one trace.
                y = min(max(top - overlap, 0), max(height - side, 0))
                x = min(max(left - overlap, 0), max(width - side, 0))
                part = self._enlarged(image[y : y + side, x : x + side])
                bottom, right = min(top + tile, height), min(left + tile, width)
                enlarged[self._times(top, bottom), self._times(left, right)] = part[
                    self._times(top - y, bottom - y), self._times(left - x, right - x)
                ]
        return enlarged

    def _times(self, start, stop):
        return slice(start * self.scale, stop * self.scale)

    def _enlarged(self, image):
        return self.translate(image[None])[0]

    def get_config(self):
        return super().get_config(loss=self.adversarial_loss)
