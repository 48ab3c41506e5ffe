"""EncodingModel: a model that generates from latents, and reads the latents of images back."""

from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans.endpoints import Endpoint
from keras_gans.engine.averages import shadow_of, update_average
from keras_gans.engine.named_inputs import inputs_of, main_shape, structure_for
from keras_gans.latents import only_or_all
from keras_gans.models.latent_model import LatentModel
from keras_gans.models.reads import Reads
from keras_gans.models.requests import check_names, without_none
from keras_gans.specs import Spec, written
from keras_gans.typing import ImageArray, Latents


class EncodingModel(Reads, LatentModel):
    """What every model has in common that has an encoder beside its generator.

    The encoder takes samples, and may read conditions as any network; what it returns is a latent
    of the generator's only source, or a dict of latents by the names of several. A model whose
    encoder returns something else, such as a distribution, says by `latents_of` what the latents
    are.

    Args:
        encoder: `keras.Model` from samples to latents.
        generator: `keras.Model` from latents to samples, see `LatentModel`.
        latent_dim: Likewise.
        **options: Likewise. With `ema_decay` the encoder has an average, too, which is what
            `encode` and `reconstruct` run.

    Raises:
        ValueError: Networks that do not fit together.
    """

    def __init__(
        self,
        encoder: keras.Model,
        generator: keras.Model,
        latent_dim: int | None = None,
        **options: Any,
    ):
        super().__init__(generator, latent_dim, **options)
        taken = main_shape(encoder, [self.samples.name], "encoder")
        if taken != self.image_shape:
            raise ValueError(
                f"The generator makes {self.image_shape}, the encoder takes {taken}: build both "
                "for one image_shape."
            )
        self.encoder = encoder
        self.averaged_encoder = None if self.ema_decay is None else shadow_of(encoder)
        self._check_latents()

    def _check_latents(self):
        inputs = structure_for(self.encoder, inputs_of(self.encoder), {})
        outputs = self.encoder.compute_output_spec(inputs)
        made = self.latents_by_name(self.latents_of(outputs))
        for name, source in self.latents.items():
            shape = tuple(made[name].shape[1:]) if name in made else "no such latents"
            if shape != source.shape:
                raise ValueError(
                    f"The generator takes {name} of shape {source.shape}, the encoder makes "
                    f"{shape}: build both for the same latents."
                )

    def check_pairs(self, discriminator):
        """Raise a sentence if it does not take pairs of what the generator makes and is given."""
        taken = {name: tuple(x.shape[1:]) for name, x in inputs_of(discriminator).items()}
        of_pairs = {name: source.shape for name, source in self.latents.items()}
        of_pairs = {self.samples.name: self.image_shape, **of_pairs}
        if of_pairs.items() - taken.items():
            raise ValueError(
                f"The discriminator judges pairs of {described(of_pairs)}; its inputs are "
                f"{described(taken)}. Name them by keras.Input(..., name={self.samples.name!r})."
            )

    @property
    def inference_encoder(self):
        """The averaged encoder where there is one, else the encoder."""
        return self.averaged_encoder or self.encoder

    def update_averages(self, decay):
        super().update_averages(decay)
        update_average(self.averaged_encoder, self.encoder, decay)

    def coders(self, training):
        """The encoder and the generator: those that are trained, or those of inference."""
        if training:
            return self.encoder, self.generator
        return self.inference_encoder, self.inference_generator

    def restored(self, samples, conditions, training):
        """What the generator makes of what the encoder returns for samples, as tensors."""
        encoder, generator = self.coders(training)
        latents = self.run(encoder, samples, conditions, training=training)
        return self.run(generator, latents, conditions, training=training)

    def latents_of(self, outputs):
        """The latents in what the encoder returns, tensors or arrays."""
        return outputs

    def encode(self, images: ImageArray, batch_size: int = 64, **conditions: Any) -> Latents:
        """The latents of samples.

        Args:
            images: uint8 array `(n, height, width, channels)`, or floats in `model.samples.range`;
                of other kinds of samples what `fit` takes.
            batch_size: Integer >= 1, samples at a time.
            **conditions: What the encoder reads beside them, by name, as in `generate`.

        Returns:
            float32 array `(n, latent_dim)`; a dict of arrays where there are several sources.

        Raises:
            ValueError: Samples or conditions that the encoder does not take.

        Example:

        ```python
        latents = model.encode(images)
        walk = model.generate(latents=model.interpolate(*latents[:2], steps=8))
        ```
        """
        latents = self.read_samples(
            "encode", self.inference_encoder, self._codes, images, batch_size, conditions
        )
        return only_or_all(latents)

    def _codes(self, outputs):
        """The latents in what the encoder returns, by name and of the dtypes of their sources."""
        made = self.latents_by_name(self.latents_of(outputs))
        return {name: ops.cast(made[name], s.spec.dtype) for name, s in self.latents.items()}

    def reconstruct(
        self, images: ImageArray, batch_size: int = 64, **conditions: Any
    ) -> np.ndarray:
        """What the generator makes of the latents of samples.

        Args:
            images: As in `encode`.
            batch_size: Likewise.
            **conditions: What encoder and generator read beside, by name.

        Returns:
            uint8 array of the shape of `images`; of other kinds what these are to users.

        Raises:
            ValueError: As in `encode`.
            TypeError: A name that neither reads.
        """
        encoder, generator = self.conditions_of(self.encoder), self.generator_conditions
        both, conditions = {**encoder, **generator}, without_none(conditions)
        check_names(self, "reconstruct", both, conditions, both)
        latents = self.encode(images, batch_size, **tensors_of(encoder, conditions))
        read = tensors_of(generator, conditions)
        return self.generate(latents=latents, batch_size=batch_size, **read)

    def endpoints_of(self, generator):
        averaged = generator is self.averaged_generator
        encoder = self.averaged_encoder if averaged else self.encoder
        samples = {self.samples.name: self.samples.spec(self.image_shape)}
        of_encoder, of_generator = self.conditions_of(encoder), self.generator_conditions

        def encode(**tensors):
            images = tensors[self.samples.name]
            outputs = self.run(encoder, images, tensors_of(of_encoder, tensors), training=False)
            return self._codes(outputs)

        def reconstruct(**tensors):
            latents = only_or_all(encode(**tensors))
            read = tensors_of(of_generator, tensors)
            return {self.samples.name: self.run(generator, latents, read, training=False)}

        def endpoint(function, inputs, outputs, networks, method):
            inputs = {**samples, **inputs}
            return Endpoint(function, inputs, outputs, networks, method, samples=self.samples)

        # An encoder of a bounded source may leave its bounds.
        latents = {
            name: Spec("latents", source.shape, source.spec.dtype)
            for name, source in self.latents.items()
        }
        both = {**of_encoder, **of_generator}
        return {
            **super().endpoints_of(generator),
            "encode": endpoint(encode, of_encoder, latents, [encoder], self.encode),
            "reconstruct": endpoint(
                reconstruct, both, samples, [encoder, generator], self.reconstruct
            ),
        }


def tensors_of(specs, tensors):
    """Those of the tensors that have a spec."""
    return {name: tensors[name] for name in specs}


def described(shapes):
    return ", ".join(f"{name} {written('n', *shape)}" for name, shape in shapes.items())


def drawn(distribution, noise):
    """z = m + s e of an encoder's `means` m and `log_variances` log s^2, in float32."""
    means, log_variances = (
        ops.cast(distribution[name], "float32") for name in ("means", "log_variances")
    )
    return means + ops.exp(0.5 * log_variances) * noise
