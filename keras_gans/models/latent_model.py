"""LatentModel: an adversarial model whose generator turns latents into samples."""

import dataclasses
import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
from keras import ops

from keras_gans.endpoints import Endpoint
from keras_gans.engine import AdversarialModel
from keras_gans.engine.averages import shadow_of, update_average
from keras_gans.engine.backend import backend
from keras_gans.engine.batches import as_condition
from keras_gans.engine.named_inputs import conditions_of, inputs_of, main_shape, spec_of
from keras_gans.latents import InStep, Source, as_sources, dim_of, only_or_all
from keras_gans.models.generates import Generates
from keras_gans.samples import of_shape
from keras_gans.samples.kind import Kind
from keras_gans.schedules import HalfLife, is_schedule
from keras_gans.typing import FilePath, Number


class LatentModel(Generates, AdversarialModel):
    """What every model has in common that generates from latents.

    What its networks read beside latents and samples, such as `labels`, is said by the names of
    their inputs: they are the `conditions` of the model.

    Args:
        generator: `keras.Model` from latents to samples; with several inputs, these have the names
            of the latents and of the conditions.
        latent_dim: Integer: latents are `keras_gans.latents.Normal(latent_dim)`.
        latents: Another source of `keras_gans.latents` in its place; or a dict of sources by the
            names of the generator's inputs.
        samples: The kind of samples, of `keras_gans.samples`: by default images where they have
            three axes, else points.
        ema_decay: Float in [0, 1), a schedule of it, a `keras_gans.schedules.HalfLife`, or `None`.
            With it a shadow of the generator, whose weights are the exponential moving average of
            the trained ones, is what `model(latents)`, `predict`, `generate`, `evaluate` and
            `export` run.
        augment: See `AdversarialModel`.
        seed: Likewise.
        name: Name of the model.
    """

    samples: Any = None  # Of the instance; the base class has a property.

    def __init__(
        self,
        generator: keras.Model,
        latent_dim: int | None = None,
        *,
        latents: Source | Mapping[str, Source] | None = None,
        samples: Kind | None = None,
        ema_decay: Number | HalfLife | None = None,
        augment: keras.layers.Layer | None = None,
        seed: int | None = None,
        name: str | None = None,
    ):
        super().__init__(augment=augment, seed=seed, name=name)
        self.latents = as_sources(latent_dim, latents)
        self.latent_dim = dim_of(self.latents)
        for source_name, source in self.latents.items():
            self._check_source(generator, source_name, source)
        moves = is_schedule(ema_decay) or isinstance(ema_decay, HalfLife)
        if not moves and ema_decay is not None and not 0 <= ema_decay < 1:  # type: ignore[operator]
            raise ValueError(
                f"ema_decay is the share of the average that a step keeps, from 0 to below 1 "
                f"(0.999, say), a schedule of it, or None for no average; it was {ema_decay!r}."
            )
        self.generator = generator
        usual = of_shape(self.image_shape)
        self.samples = usual if samples is None else samples
        if self.samples != usual and not self.samples.fits(self.image_shape):
            raise ValueError(
                f"The generator makes {self.image_shape}, which is no shape of "
                f"{self.samples.name}: "
                f"see keras_gans.samples.{type(self.samples).__name__}."
            )
        self.ema_decay = ema_decay
        self.averaged_generator = None if ema_decay is None else shadow_of(generator)
        self.latent_seeds = {n: self.seed_generator(n) for n in self.latents}

    def _check_source(self, generator, name, source):
        shape, named = main_shape(generator, [name], "generator"), inputs_of(generator)
        if len(self.latents) > 1 and name not in named:
            raise ValueError(
                f"The generator has no input named {name!r} for {source}; its inputs are "
                f"{', '.join(named)}. Name it by keras.Input(..., name={name!r})."
            )
        if shape != source.shape:
            raise ValueError(
                f"The generator takes inputs of shape {(None, *shape)} as {name}; {source} makes "
                f"{(None, *source.shape)}."
            )
        known = spec_of(named[name], generator).classes if name in named else None
        if known and "int" in source.spec.dtype and source.spec.classes > known:
            raise ValueError(
                f"The generator knows {known} classes of {name}; {source} draws "
                f"{source.spec.classes}."
            )

    @property
    def conditions(self):
        if self.class_names is None or "labels" not in self._conditions:
            return self._conditions
        labels = dataclasses.replace(self._conditions["labels"], names=self.class_names)
        return {**self._conditions, "labels": labels}

    @property
    def generator_conditions(self):
        """Those of the conditions that `generate` has to know: the generator reads them, and no
        source draws them."""
        told = inputs_of(self.generator).keys() - self.latents.keys()
        return {name: spec for name, spec in self.conditions.items() if name in told}

    @property
    def generator_inputs(self):
        """Dict from the names of latents and of those conditions to their `Spec`s."""
        latents = {name: source.spec for name, source in self.latents.items()}
        return latents | self.generator_conditions

    @functools.cached_property
    def _conditions(self):
        networks = [network for networks in self.players.values() for network in networks]
        return conditions_of(networks, {*self.latents, self.samples.name} - self.told_in_training)

    @property
    def told_in_training(self):
        """Names of the latents that the data say of real samples, and `generate` draws."""
        return set()

    @property
    def inference_generator(self):
        """The averaged generator where there is one, else the generator."""
        return self.averaged_generator or self.generator

    @property
    def image_shape(self):
        """Shape of one sample."""
        return self.generator.output_shape[1:]

    def check_discriminator(self, discriminator):
        """Raise a sentence if it does not take what the generator makes, of the same conditions."""
        taken = main_shape(discriminator, [self.samples.name], "discriminator")
        if taken != self.image_shape:
            raise ValueError(
                f"The generator makes {self.image_shape}, the discriminator takes {taken}: build "
                "both for one image_shape."
            )
        conditions_of([self.generator, discriminator], {*self.latents, self.samples.name})

    def move_averages(self, images):
        if self.ema_decay is not None:
            self.update_averages(self.decay(images))

    def decay(self, images):
        """What a step of so many images keeps of the averages."""
        if isinstance(self.ema_decay, HalfLife):
            return self.ema_decay.decay(self.images_seen, images)
        return self.value_of(self.ema_decay)

    def update_averages(self, decay):
        """Move all averages that there are, where there are any."""
        update_average(self.averaged_generator, self.generator, decay)

    def average_lag(self):
        """About how many steps the averages are behind the weights that train: float."""
        if self.ema_decay is None:
            return 0.0
        backend.before_inference(self)
        steps = ops.maximum(ops.convert_to_tensor(self.steps_seen), 1)
        decay = self.decay(self.images_seen / steps)
        return 2.0 / max(1.0 - float(ops.convert_to_numpy(decay)), 1e-7)

    def sample_latents(self, like, seed=None):
        """Latents for as many samples as `like` has.

        Args:
            like: Tensor of shape `(n, ...)`.
            seed: Seed generator to draw from; by default those of training.

        Returns:
            Tensor `(n, *shape)` of the only source; a dict of them where there are several.
        """
        n = ops.shape(like)[0]
        return only_or_all(
            {
                name: source.draw(InStep(self.latent_seeds[name] if seed is None else seed), n)
                for name, source in self.latents.items()
            }
        )

    def fake(self, batch):
        """As many generated samples as a batch has, of the same conditions, to train with."""
        latents = self.latents_by_name(self.sample_latents(batch.samples))
        drawn = {name: z for name, z in latents.items() if name not in batch.conditions}
        return self.run(self.generator, only_or_all(drawn), batch.conditions, training=True)

    def imagined(self, batch):
        """What inference makes in `test_step`: of the conditions of a batch, as many samples."""
        latents = self.latents_by_name(
            self.sample_latents(batch.samples, seed=self.evaluation_seed)
        )
        return self(only_or_all({**latents, **batch.conditions}))

    def call(self, inputs, training=False):
        """Samples as floats (images in [-1, 1]) for latents; inference only.

        Args:
            inputs: Latents `(n, latent_dim)`; where there are several sources, or conditions, a
                dict of them by name.
            training: Ignored.
        """
        return self.run(self.inference_generator, *self.read(inputs), training=False)

    def read(self, inputs):
        """`(latents, conditions)` in what `call` takes."""
        conditions = self.generator_conditions
        inputs = inputs if isinstance(inputs, dict) else self.latents_by_name(inputs)
        if missing := [name for name in (*self.latents, *conditions) if name not in inputs]:
            raise ValueError(
                f"{type(self).__name__} makes samples of {', '.join((*self.latents, *conditions))}"
                f"; {', '.join(missing)} is missing. Pass a dict of them."
            )
        latents = only_or_all({name: inputs[name] for name in self.latents})
        return latents, {n: as_condition(inputs[n], spec) for n, spec in conditions.items()}

    def symbolic_inputs(self):
        """What `call` takes, as the inputs of a functional model."""
        specs = self.generator_inputs.items()
        return only_or_all(
            {n: keras.Input(spec.shape, dtype=spec.dtype, name=n) for n, spec in specs}
        )

    def served_generator(self, weights="averaged"):
        """The network that `export` writes: a `keras.Model` from latents to images.

        Args:
            weights: "averaged" for those of `generate`, "raw" for those that are trained.
        """
        return self.generator if weights == "raw" else self.inference_generator

    def endpoints(self, weights="averaged"):
        """What the model offers those outside: dict from names to `Endpoint`s.

        Args:
            weights: As in `served_generator`.
        """
        return self.endpoints_of(self.served_generator(weights))

    def endpoints_of(self, generator):
        """The endpoints that run that generator."""

        def from_latents(**tensors):
            return {self.samples.name: self.run(generator, *self.read(tensors), training=False)}

        endpoint = Endpoint(
            from_latents,
            inputs=self.generator_inputs,
            outputs={self.samples.name: self.samples.spec(generator.output_shape[1:])},
            networks=[generator],
            method=self.generate,
            samples=self.samples,
            sources=self.latents,
        )
        return {"from_latents": endpoint}

    def export(self, filepath: FilePath, format: str = "tf_saved_model", **options: Any) -> Path:
        """Write the generator, to be run without Keras; see `keras_gans.serving.export`.

        Args:
            filepath: What to create.
            format: As there.
            **options: As there.
        """
        from keras_gans.serving import export

        return export(self, filepath, format, **options)
