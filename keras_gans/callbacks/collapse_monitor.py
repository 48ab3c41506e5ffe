"""CollapseMonitor: notice a training that has failed at the epoch in which it fails."""

import numbers
import warnings
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans.callbacks.checkpoint import Checkpoint
from keras_gans.callbacks.pictures import check_shown, shown
from keras_gans.engine.last_activation import judges
from keras_gans.samples import Images
from keras_gans.samples.kind import Kind
from keras_gans.typing import ImageArray


class CollapseMonitor(keras.callbacks.Callback):
    """Warn when training has failed in a way that the losses alone do not show.

    After each epoch it looks for three failures and warns once when one begins: of what it saw,
    since which epoch, and what to try.

    * A term of the logs is NaN or infinite.
    * The discriminator is saturated: its loss, penalties apart, is next to nothing beside that of
      one that cannot tell real from generated (2 log 2 for "non_saturating"). Losses that are 0
      or less there, such as "wasserstein", are not checked; label smoothing keeps a loss above 0
      and this failure from showing.
    * The samples have lost their diversity: images of the same latents in each epoch, and of each
      class in turn where the model reads labels, lie much closer to their nearest neighbours than
      as many real images do. The ratio of the two distances, 1 for samples as diverse as real
      images, is logged as `sample_diversity`.

    Put it before the callbacks that read `sample_diversity`, and before `Checkpoint`, so that a
    failed epoch is not saved first.

    Args:
        images: uint8 array `(n, height, width, channels)` of at least 2 real images, of which
            `num_images` are drawn; samples of another `kind` as `generate` gives them.
        saturation: Float in (0, 1), the share of the loss of a discriminator that cannot tell
            below which it is saturated.
        diversity: Float in (0, 1), the `sample_diversity` below which samples are too alike.
        patience: Integer >= 1, epochs in a row that saturation and lost diversity have to last.
            NaN and infinite terms have none.
        num_images: Integer >= 2, images to generate and to compare with; no more than there are.
        seed: Integer, of the latents and of the choice of real images.
        stop: Bool. Whether a failure also ends `fit`.
        restore: The `Checkpoint` of the same `fit`, to go back with to the newest checkpoint
            written before the failure began; its `keep` must not be less than `patience`. `None`
            leaves the weights as they are.
        warmup: Integer >= 0, train steps before diversity is judged: a generator that has just
            begun makes nearly the same image of all latents. An averaged generator follows
            later and is given 2 / (1 - decay) steps more.
        kind: The kind of samples, where they are no images; see `keras_gans.samples`.
        conditions: Dict from the names of what the networks read, such as `labels`, to arrays of
            `num_images` rows; by default each class in turn. Real images whose classes are not
            equally many compare with samples of their own labels.

    Raises:
        ValueError: An argument out of its range, `restore` without `stop`; at the start of `fit`,
            images of another shape than the model's, conditions that are missing or wrong, or a
            `restore` that is not in `callbacks`.
        TypeError: At the start of `fit`, a model that does not generate from latents, or conditions
            that it does not read.

    Example:

    ```python
    checkpoint = Checkpoint("run/checkpoint")
    monitor = CollapseMonitor(images, stop=True, restore=checkpoint)
    model.fit(images, epochs=50, callbacks=[monitor, checkpoint])
    ```
    """

    name = "sample_diversity"

    def __init__(
        self,
        images: ImageArray,
        saturation: float = 0.02,
        diversity: float = 0.2,
        patience: int = 2,
        num_images: int = 64,
        seed: int = 0,
        stop: bool = False,
        restore: Checkpoint | None = None,
        warmup: int = 1000,
        kind: Kind | None = None,
        conditions: Mapping[str, Any] | None = None,
    ):
        super().__init__()
        kind = Images() if kind is None else kind
        images = np.asarray(images)
        if not kind.are(images) or len(images) < 2:
            raise ValueError(
                f"CollapseMonitor compares with an array of at least 2 real {kind.name}, as "
                f"`generate` gives them; it was given {images.dtype} of shape {images.shape}. "
                "Samples that are no images want `kind=model.samples`."
            )
        for name, value in (("saturation", saturation), ("diversity", diversity)):
            if not 0 < value < 1:
                raise ValueError(f"{name} is a share between 0 and 1, both excluded; not {value}.")
        for name, value, least in (
            ("patience", patience, 1),
            ("num_images", num_images, 2),
            ("warmup", warmup, 0),
        ):
            if value < least:
                raise ValueError(f"{name} must be {least} or more; it was {value}.")
        if restore is not None and not stop:
            raise ValueError(
                "restore goes back to the weights of before the failure, which training on would "
                "spoil again: pass stop=True with it."
            )
        if restore is not None and restore.keep < patience:
            raise ValueError(
                f"With patience={patience} a failure shows {patience} epochs after the last good "
                f"checkpoint, and restore keeps {restore.keep}: pass Checkpoint(..., "
                f"keep={patience}) or more."
            )
        self.saturation = saturation
        self.diversity = diversity
        self.patience = patience
        self.num_images = min(num_images, len(images))
        self.seed = seed
        self.stop = stop
        self.restore = restore
        self.warmup = warmup
        self.kind = kind
        self.conditions = conditions
        self.image_shape = images.shape[1:]
        rows = np.random.default_rng(seed).choice(len(images), self.num_images, replace=False)
        self.real_distance = mean_nearest_distance(kind.vectors(images[rows]))
        if self.real_distance == 0:
            raise ValueError(
                f"The {self.num_images} real {kind.name} to compare with are all copies of others "
                f"among them: pass {kind.name} that differ."
            )

    def on_train_begin(self, logs=None):
        if not hasattr(self.model, "generate"):
            raise TypeError(
                "CollapseMonitor watches models that generate from latents; "
                f"{type(self.model).__name__} does not."
            )
        made = self.model.samples.to_outside(np.zeros((1, *self.model.image_shape), "float32"))
        if self.model.samples.name != self.kind.name or made.shape[1:] != self.image_shape:
            raise ValueError(
                f"CollapseMonitor was given {self.kind.name} of shape {self.image_shape}, and the "
                f"model makes {self.model.samples.name} of shape {made.shape[1:]}: pass what it is "
                "trained on, and `kind=model.samples`."
            )
        check_shown(self.model, self.num_images, self.seed, self.conditions)
        if self.restore is not None and self.restore.model is not self.model:
            raise ValueError(
                "The Checkpoint that CollapseMonitor restores from does not belong to this fit: "
                "pass fit(callbacks=[monitor, checkpoint])."
            )
        self._began = {}  # The first epoch of each failure's present streak.
        self._chance = chance_loss(self.model)

    def get_state(self):
        """What `Checkpoint` keeps: the first epoch of each failure's present streak."""
        return dict(self._began)

    def set_state(self, state):
        self._began = dict(state)

    def on_epoch_end(self, epoch, logs=None):
        ratio = self.compute(self.model)
        if logs is not None:
            logs[self.name] = ratio
        seen = self._failures(epoch, logs or {}, ratio)
        self._began = {failure: self._began.get(failure, epoch) for failure in seen}
        # A streak has this length once: one warning each.
        due = [
            failure
            for failure, began in self._began.items()
            if epoch - began + 1 == (1 if failure == "not finite" else self.patience)
        ]
        if due:
            action = self._act(self._began[due[0]])  # All that are due began in one epoch.
            for failure in due:
                warnings.warn(seen[failure] + action, stacklevel=2)

    def compute(self, model: keras.Model) -> Any:
        """How diverse samples of `model` as it is now are: a float, 1 if as the real images."""
        samples = shown(model, self.num_images, self.seed, self.conditions)
        return mean_nearest_distance(self.kind.vectors(samples)) / self.real_distance

    def _failures(self, epoch, logs, ratio):
        """Dict from each failure of this epoch to what there is to say of it."""
        broken = {
            name: float(value)
            for name, value in logs.items()
            if isinstance(value, numbers.Real) and not np.isfinite(value)
        }
        if broken:  # Nothing else means anything then.
            terms = ", ".join(f"{name} is {value}" for name, value in broken.items())
            return {
                "not finite": f"In epoch {epoch + 1} {terms}. Training seldom recovers from this. "
                "Try lower learning rates, clipnorm= in the optimizers, mixed_bfloat16 in place "
                "of mixed_float16, and see whether a loss, penalty or layer of your own divides "
                "by 0 or takes a root or a log of it."
            }
        seen = {}
        when = f"In epoch {epoch + 1}"
        if self.patience > 1:
            when = f"In epochs {epoch + 2 - self.patience} to {epoch + 1}"
        watched = list(filter(judges, self.model.players))
        for player in watched:
            apart = "adversarial" in logs and len(watched) == 1
            term = "adversarial" if apart else f"{player}_loss"
            loss = logs.get(term, np.inf)
            if self._chance > 0 and loss < self.saturation * self._chance:
                seen[f"{player} saturated"] = (
                    f"{when} the {player} was saturated: {term}, now {loss:.3g}, lay below "
                    f"{self.saturation:g} of the {self._chance:.3g} of one that cannot tell real "
                    "from generated images, which leaves the generator little to learn from. Try a "
                    f'lower learning rate or fewer steps for the {player}, penalty="r1", label '
                    f"smoothing, or a smaller {player}."
                )
        if ratio < self.diversity and self._is_warm():
            seen["alike"] = (
                f"{when} the samples had lost their diversity: {self.num_images} of them now lie "
                f"{ratio:.3g} times as far from their nearest neighbours as real images do; less "
                f"than {self.diversity:g} means that many latents give the same image. Try a "
                "lower learning rate for the generator or a higher one for the discriminator, a "
                'larger batch, penalty="r1", or loss="relativistic"; see that the generator uses '
                "its latents."
            )
        return seen

    def _is_warm(self):
        lag = self.model.average_lag()
        players = self.model.players
        makers = [
            player
            for player, networks in players.items()
            if any(network is self.model.generator for network in networks)
        ]
        # A generator that is a part of another network is moved by who knows whom.
        steps = max(map(self.model.steps_taken, makers or players))
        return steps >= self.warmup + lag

    def _act(self, began):
        """Stop and restore as asked; returns what there is to say of it."""
        if not self.stop:
            return ""
        self.model.stop_training = True
        if self.restore is None:
            return " Training stops."
        path = self.restore.roll_back(began)
        if path is None:
            return (
                f" Training stops; no checkpoint was kept from before epoch {began + 1}, so the "
                "weights stay as they are."
            )
        return f" Training stops, with the weights of {path}, from before epoch {began + 1}."


def chance_loss(model):
    """What a discriminator loses that scores everything 0; 0.0 without a pair of losses."""
    pair = getattr(model, "adversarial_loss", None)
    if pair is None:
        return 0.0
    scores = ops.zeros((1, 1))
    return float(ops.convert_to_numpy(pair.discriminator_loss(scores, scores)))


def mean_nearest_distance(vectors):
    """Mean distance from a vector to the nearest other one.

    The mean over all pairs hardly notices a generator that makes the same few images again and
    again; the nearest neighbours are then next to zero. Distances are Euclidean, in float64.

    Args:
        vectors: Array `(n, d)`, n >= 2, such as `vectors` of a kind of samples makes.

    Returns:
        Float; it depends on n, so compare equally many.

    Example:

    ```python
    mean_nearest_distance(np.array([[0.0], [10.0], [11.0]]))  # (10 + 1 + 1) / 3
    ```
    """
    # The smallest distance is that to itself.
    nearest = [np.partition(np.linalg.norm(vectors - one, axis=1), 1)[1] for one in vectors]
    return float(np.mean(nearest))
