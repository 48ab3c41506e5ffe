"""AdversarialModel: what every GAN of this package is."""

import random
import types
from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from keras_gans.data import (
    ImageDataset,
    SetEpoch,
    check_contents,
    check_length,
)
from keras_gans.engine.augments import Augments, check_layer
from keras_gans.engine.backend import backend
from keras_gans.engine.batches import Batch, as_condition, named, parts_of
from keras_gans.engine.checked_data import ChecksData
from keras_gans.engine.data_order import DataOrder, hold_out
from keras_gans.engine.image_shapes import check_channels_last
from keras_gans.engine.keras_internals import (
    KeepsIterator,
    begin_fit_at,
    flat_logs,
    is_validation,
)
from keras_gans.engine.last_activation import warn_of_last_activations
from keras_gans.engine.moves import Moves
from keras_gans.engine.named_inputs import run
from keras_gans.engine.optimizers import PlayerOptimizers, loss_scaled, steps_taken
from keras_gans.engine.players import (
    as_terms,
    computes_in_float16,
    foreign_weights,
    layers_by_id,
    trainable_variables,
)
from keras_gans.engine.progress import Progress, check_rate
from keras_gans.engine.replicas import check_devices
from keras_gans.engine.saved import Saved
from keras_gans.engine.seeds import ReplicaSeedGenerator, seed_for
from keras_gans.engine.stock_callbacks import check_callbacks
from keras_gans.samples import of_shape


class AdversarialModel(
    backend.TrainFunctions,  # type: ignore[name-defined]
    KeepsIterator,
    Moves,
    Progress,
    Augments,
    ChecksData,
    Saved,
    keras.Model,
):
    """A `keras.Model` whose players take turns in one `train_step`.

    A subclass names its `players`, creates the trackers of its logs with `track()`, and writes
    `train_step(self, data)` once, in the order of its paper, for TensorFlow, JAX and PyTorch.
    Everything else is Keras: `compile()`, `fit()`, `evaluate()`, callbacks, `.keras` files.

    Args:
        augment: Layer through which the discriminator sees samples in training, real and generated
            ones alike, such as `keras_gans.layers.DiffAugment()`; or `None`.
        seed: Integer >= 0 from which every random stream of the model is derived, or `None` to
            draw one (from Python's generator, as Keras does).
        name: Name of the model.

    Example:

    ```python
    class Minimal(AdversarialModel):
        def __init__(self, generator, discriminator, **kwargs):
            super().__init__(**kwargs)
            self.generator, self.discriminator = generator, discriminator
            self.track("discriminator_loss", "generator_loss")

        @property
        def players(self):
            return {"discriminator": [self.discriminator], "generator": [self.generator]}

        def train_step(self, data):
            real = self.images(data)
            ...
            self.minimize("discriminator", lambda: ...)
            self.minimize("generator", lambda: ...)
            self.end_step(real)
            return self.logs()
    ```
    """

    def __init__(
        self,
        *,
        augment: keras.layers.Layer | None = None,
        seed: int | None = None,
        name: str | None = None,
    ):
        check_channels_last()
        super().__init__(name=name)
        check_layer(augment)
        self.augment = augment
        self.seed = random.randint(0, 2**31 - 1) if seed is None else seed
        self.built = True  # The networks are: nothing waits for a first call.
        self.evaluation_seed = self.seed_generator("evaluation")
        self.count_from_zero()
        self.class_names = None
        self._trackers = {}
        self._compilation = types.SimpleNamespace(arguments={}, scores=[], told=set())
        self.fit_callbacks = types.SimpleNamespace(all=[])

    # What a subclass says of itself.

    @property
    def players(self):
        """Dict from each player's name to the networks that move with it, in order of moves."""
        raise NotImplementedError(f"{type(self).__name__} must name its `players`.")

    @property
    def samples(self):
        """The kind of what it makes, of `keras_gans.samples`."""
        return of_shape(self.image_shape)

    @property
    def conditions(self):
        """Dict from the names of what its networks read beside samples to `Spec`s."""
        return {}

    def default_optimizer(self, player):
        """The paper's optimizer for `player`, where `compile()` is given none."""
        raise NotImplementedError(f"{type(self).__name__} must state its `default_optimizer`.")

    def test_step(self, data):
        """One step of `evaluate` and of validation; a subclass that has none is told."""
        raise NotImplementedError(
            f"{type(self).__name__} has no `test_step(self, data)`, which evaluate() and "
            "validation run: give its losses to `observe_losses`, its images to `update_scores`, "
            "and return `self.logs()`. CONTRIBUTING.md has an example."
        )

    def track(self, *names):
        """Create the trackers of the epoch means called `names`; call it in `__init__`."""
        if twice := [name for name in names if name in self._trackers or names.count(name) > 1]:
            raise ValueError(
                f"{type(self).__name__} would log two things as {twice[0]!r}. Let each have a name "
                "of its own, a penalty by Penalty(..., name=...)."
            )
        # Assigned whole: Keras finds the metrics of a model when an attribute is set.
        self._trackers = {**self._trackers, **{n: keras.metrics.Mean(name=n) for n in names}}

    def seed_generator(self, purpose):
        """A seed generator for one purpose; keep it as an attribute and it is saved."""
        return ReplicaSeedGenerator(seed_for(purpose, self.seed), name=f"{purpose}_seed")

    # What a train step is written with.

    def batch(self, data):
        """The samples of a batch as floats, and the conditions that the networks read.

        `uint8` images are scaled to [-1, 1] here, on the device.

        Args:
            data: What `train_step` and `test_step` are given.

        Returns:
            A `Batch` of `samples` and `conditions`.
        """
        samples, beside = self.parts(data)
        specs = self.conditions
        samples, beside = backend.with_a_share((samples, named(beside, specs)))
        conditions = {n: as_condition(v, specs[n]) for n, v in beside.items()}
        return Batch(self.samples.to_floats(samples), conditions)

    def parts(self, data):
        """`(samples, what stands beside them)` in anything that `fit` takes, whole or a batch."""
        return parts_of(data, self.samples.name)

    def images(self, data):
        """The samples of a batch alone; see `batch`."""
        return self.batch(data).samples

    def run(self, network, main, conditions, **arguments):
        """Call a network with `main` and with those conditions that its inputs are named after.

        Args:
            network: `keras.Model`.
            main: What it takes beside conditions: a tensor, or a dict by the names of its inputs.
            conditions: Dict of tensors, such as `batch.conditions`.
            **arguments: Those of the call, such as `training`.
        """
        return run(network, main, conditions, **arguments)

    def observe(self, **values):
        """Add this step's values to the epoch means of the trackers of those names."""
        for name, value in values.items():
            if name not in self._trackers:
                raise ValueError(
                    f"{type(self).__name__} logs {name!r}, which has no tracker; it has "
                    f"{', '.join(self._trackers)}. Name it in `track()` in `__init__`."
                )
            self._trackers[name].update_state(ops.stop_gradient(value))

    def observe_losses(self, **losses):
        """Add each player's loss, a scalar or a dict of terms, to the means; moves nobody."""
        for player, terms in losses.items():
            self.observe(**as_terms(player, terms))

    def update_scores(self, real, fake):
        """Show real and generated samples to the metrics of `compile()`, in `test_step`."""
        real, fake = self.samples.to_signed(real), self.samples.to_signed(fake)
        for metric in self._compilation.scores:
            metric.update_state(real, fake)

    def logs(self):
        """The epoch means so far: what `train_step` and `test_step` return."""
        return self.get_metrics_result()

    def get_metrics_result(self):
        """Dict of the tracked means, and `loss`: the sum of the players' losses."""
        logs = {name: tracker.result() for name, tracker in self._trackers.items()}
        logs["loss"] = sum(logs[f"{player}_loss"] for player in self.players)
        return {**logs, **self.augment_logs()}

    # Around `fit`.

    def compile(
        self,
        generator_optimizer: str | keras.optimizers.Optimizer | None = None,
        discriminator_optimizer: str | keras.optimizers.Optimizer | None = None,
        *,
        metrics: Sequence[keras.metrics.Metric] | None = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: bool | str = "auto",
        auto_scale_loss: bool = True,
        **more_optimizers: Any,
    ) -> None:
        """Give each player its optimizer, built on exactly the variables it moves.

        Layers frozen by `trainable = False` before this call stay frozen.

        Args:
            generator_optimizer: A `keras.optimizers.Optimizer`, its name, or `None` for the
                paper's.
            discriminator_optimizer: Likewise.
            metrics: List of `keras.metrics.Metric`, updated by `evaluate()` with the real images
                as `y_true` and as many generated ones as `y_pred`, both float in [-1, 1].
            run_eagerly: Bool, as in Keras.
            steps_per_execution: Integer, as in Keras.
            jit_compile: Bool or "auto", as in Keras: on a CPU TensorFlow runs without XLA.
            auto_scale_loss: Bool. Scale the loss of players that compute in float16.
            **more_optimizers: `<player>_optimizer` for every further player.

        Raises:
            TypeError: An argument that is neither of these nor an optimizer of a player.
            ValueError: One optimizer for two players, a learning rate counted in images, or an
                `augment` that is no layer or that no discriminator would see.
        """
        self.check_augment()
        given = {
            "generator_optimizer": generator_optimizer,
            "discriminator_optimizer": discriminator_optimizer,
            **more_optimizers,
        }
        known = [f"{player}_optimizer" for player in self.players]
        for name, value in given.items():
            if value is not None and name not in known:
                raise TypeError(
                    f"compile() of {type(self).__name__} takes {', '.join(known)}, metrics, "
                    "run_eagerly, steps_per_execution, jit_compile and auto_scale_loss; "
                    f"it was given {name!r}."
                )
        for metric in metrics or ():
            if not isinstance(metric, keras.metrics.Metric):
                raise TypeError(
                    "metrics are keras.metrics.Metric objects that compare real and generated "
                    f"images, such as keras_gans.metrics.FrechetDistance(); one is {metric!r}."
                )
        warn_of_last_activations(self.players, self.samples)
        optimizers = {}
        with backend.strategy_scope(self):
            for player in self.players:
                optimizer = given.get(f"{player}_optimizer") or self.default_optimizer(player)
                optimizer = keras.optimizers.get(optimizer)
                check_rate(optimizer, player)
                if any(optimizer is other for other in optimizers.values()):
                    raise ValueError(
                        "Two players were given one and the same optimizer, whose moments and "
                        "counter they would share. Give each player an optimizer of its own."
                    )
                if auto_scale_loss and computes_in_float16(self.players[player]):
                    optimizer = loss_scaled(optimizer)
                optimizers[player] = optimizer
                backend.use_fused_update(optimizer)
            facade = PlayerOptimizers(optimizers, trainable_variables(self.players))
        super().compile(
            optimizer=facade,
            run_eagerly=run_eagerly,
            steps_per_execution=steps_per_execution,
            jit_compile=jit_compile,
            auto_scale_loss=False,  # Each player's is scaled above.
        )
        self._compilation = types.SimpleNamespace(
            arguments={
                "metrics": metrics,
                "run_eagerly": run_eagerly,
                "steps_per_execution": steps_per_execution,
                "jit_compile": jit_compile,
                "auto_scale_loss": auto_scale_loss,
            },
            scores=list(metrics or ()),
            foreign_weights=foreign_weights(self.players),
            layers=layers_by_id(self.players),
            told=set(),
        )

    @property
    def metrics(self):
        return [*super().metrics, *self._compilation.scores]

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        callbacks: Sequence[keras.callbacks.Callback] | None = None,
        **arguments: Any,
    ) -> keras.callbacks.History:
        """Train as `keras.Model.fit` does; data are checked before step 1.

        Arrays are looked at wholly, and neither copied nor loaded from a file. Of what comes in
        batches the first is looked at: to look at later ones would keep the device waiting. A
        class without images is mentioned by a warning where labels are known before training, in
        arrays, folders and tables; of a `tf.data.Dataset` or a generator nobody can tell.

        Args:
            x: Images: a `uint8` array in [0, 255] or a float array in [-1, 1], of shape
                `(n, height, width, channels)`; a dict of them as "images" and of what the networks
                read beside them, by name; or anything that `keras.Model.fit` reads that yields
                batches `images`, `(images, y)` or such dicts. With `validation_data` it is the
                same.
            y: What the networks read beside images: an array where that is one thing, such as
                `labels`, int32 `(n,)`; else a dict of arrays. What they do not read is mentioned
                once by a warning.
            batch_size: Integer, images per train step where `x` is an array.
            epochs: Integer.
            callbacks: List of `keras.callbacks.Callback`.
            **arguments: As in `keras.Model.fit`.

        Raises:
            ValueError: Images of another shape, dtype or range, conditions that are missing or
                wrong, weights of samples or classes, data without an end or a number of steps, or
                a batch that several devices cannot share.
        """
        self.refuse_weights(**arguments)
        # Checkpoint saves what they remember. In a namespace, since Keras adopts lists.
        self.fit_callbacks.all = check_callbacks(self, callbacks)
        validates = arguments.get("validation_data") is not None or arguments.get(
            "validation_split"
        )
        if validates and type(self).test_step is AdversarialModel.test_step:
            self.test_step(None)  # Says what is missing, before an epoch is trained.
        begin_fit_at(self, None)  # A callback of an earlier `fit` that was broken off set it.
        steps_per_epoch = arguments.get("steps_per_epoch")
        check_length(x, steps_per_epoch)
        held_out, name = arguments.get("validation_data"), "validation_data"
        if arguments.get("validation_split"):
            share = arguments.pop("validation_split")
            halves = [hold_out(part, share) for part in (x, y) if part is not None]
            x, y, *_ = [rest for rest, _ in halves] + [None]
            held_out, name = tuple(held_out for _, held_out in halves), "validation_split"
        x, y = self.checked(x, y, batch_size, arguments.get("shuffle", True))
        self.say_which_classes_have_none(x)
        x = self.training_data(x)
        if held_out is not None:
            size = arguments.pop("validation_batch_size", None) or batch_size
            held_out, labels, weights = keras.utils.unpack_x_y_sample_weight(held_out)
            self.refuse_weights(sample_weight=weights)
            check_length(held_out, arguments.get("validation_steps"), "validation_steps")
            held_out, labels = self.checked(held_out, labels, size, shuffle=False, name=name)
            arguments["validation_data"] = held_out if labels is None else (held_out, labels)
            if not isinstance(held_out, ImageDataset):
                arguments["validation_batch_size"] = size
        check_devices(self, x if y is None else (x, y), batch_size, **arguments)
        if isinstance(x, ImageDataset):
            for part, images in zip(self.names_of_images("x"), x.arrays, strict=False):
                check_contents(images, part)
            # The data set shuffles by its seed and the epoch, so that a resumed run repeats it.
            arguments["shuffle"] = False
            batch_size = None  # It is the data set's by now.
            if steps_per_epoch is None:  # Else its epochs are not those of `fit`.
                callbacks = [SetEpoch(x), *keras.tree.flatten(callbacks or [])]
        self.data_order = DataOrder(x, steps_per_epoch)  # Checkpoint resumes along it.
        return super().fit(
            x, y, batch_size=batch_size, epochs=epochs, callbacks=callbacks, **arguments
        )

    @property
    def trackers(self):
        """The metrics that average the logs of an epoch."""
        return list(self._trackers.values())

    def train_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        class_weight: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """As `keras.Model.train_on_batch`; the batch is checked as the first one of `fit` is."""
        self.refuse_weights(sample_weight, class_weight)
        self.check_whole_batch(x, y)
        return super().train_on_batch(x, y, return_dict=return_dict)

    def test_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: bool = False
    ) -> Any:
        """As `keras.Model.test_on_batch`; the batch is checked as the first one of `fit` is."""
        self.refuse_weights(sample_weight)
        self.check_whole_batch(x, y)
        return super().test_on_batch(x, y, return_dict=return_dict)

    def steps_taken(self, player):
        """How many updates `player` has made: an integer."""
        backend.before_inference(self)
        return steps_taken(getattr(self.optimizer, player))

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: str | int = "auto",
        *,
        return_dict: bool = False,
        **arguments: Any,
    ) -> Any:
        """Losses and scores on held-out images, as `keras.Model.evaluate`.

        The latents of an evaluation are the same at every call: scores compare, and training
        draws the same noise whether or not it is evaluated in between. Losses are those of the
        paper: regularizers and what layers add take part in training alone.

        Args:
            x: As in `fit`.
            y: As in `fit`.
            batch_size: Integer, images per step where `x` is an array.
            verbose: As in `keras.Model.evaluate`.
            return_dict: Bool. Whether to return a dict instead of a list.
            **arguments: As in `keras.Model.evaluate`.

        Raises:
            ValueError: As in `fit`.
        """
        images, steps = x if y is None else (x, y), arguments.get("steps")
        check_devices(self, images, batch_size, steps_per_epoch=steps)
        if not is_validation(arguments):
            self.refuse_weights(**arguments)
            check_length(x, steps, "steps")
            x, y = self.checked(x, y, batch_size, shuffle=False)
            batch_size = None if isinstance(x, ImageDataset) else batch_size
        self.evaluation_seed.state.assign([seed_for("evaluation", self.seed), 0])
        logs = floats(super().evaluate(x, y, batch_size, verbose, return_dict=True, **arguments))
        for metric in self._compilation.scores:
            result = metric.result()
            logs |= floats(result if isinstance(result, dict) else {metric.name: result})
        return logs if return_dict else flat_logs(self, logs)


def floats(results):
    """A dict of scalars as floats."""
    return {name: float(ops.convert_to_numpy(value)) for name, value in results.items()}
