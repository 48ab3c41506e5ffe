"""AdaptiveAugment: augmentation as strong as the discriminator overfits."""

import math

import keras
from keras import ops

from keras_gans.engine.backend import backend
from keras_gans.layers.augmentation import Augmentation
from keras_gans.layers.warp import affine_warp
from keras_gans.schedules import Controlled, is_schedule

# What is drawn for an image: whether each transformation is applied to it, and how.
GATES = (
    "flip",
    "quarter_turns",
    "whole_shift",
    "scale",
    "first_turn",
    "stretch",
    "second_turn",
    "shift",
    "brightness",
    "contrast",
    "luma_flip",
    "hue",
    "saturation",
)
UNIFORM = (
    "flip",
    "quarter_turns",
    "whole_shift_x",
    "whole_shift_y",
    "first_turn",
    "second_turn",
    "luma_flip",
    "hue",
)
NORMAL = ("scale", "stretch", "shift_x", "shift_y", "brightness", "contrast", "saturation")


@keras.saving.register_keras_serializable(package="keras_gans")
class AdaptiveAugment(Augmentation):
    """Adaptive discriminator augmentation: each transformation with the probability p.

    With U a uniform and N a normal draw, each image is, in this order:

        flipped, turned by quarters, shifted by whole pixels to U(-1/8, 1/8) of its sides
        scaled by 2^N(0, 0.2^2), turned by U(-pi, pi), stretched by 2^N(0, 0.2^2) along one side and
            shrunk as much along the other, turned again, shifted by N(0, 1/8^2) of its sides
        made brighter by N(0, 0.2^2), its contrast multiplied by 2^N(0, 0.5^2), its luma mirrored,
            its hue turned by U(-pi, pi), its saturation multiplied by 2^N(0, 1)

    Each is applied or not by a draw of its own, of probability p, and to one half of those a flip
    or a mirrored luma is none; one of the two turns happens with p. All shifts and turns make one
    warp, linear between pixels and mirrored at the edges. The authors filter what they enlarge
    before, which this does not. Luma is the mean of the channels. Grey images have neither hue nor
    saturation, images of two or four channels and more no hue.

    By default p begins at 0 and follows how far the discriminator overfits, which is read off the
    share of reals that it takes for real: after every `interval` of its moves

        p <- p + sign(E[sign D(x)] - target) * images seen in them / `images`,   within [0, 1]

    where D(x) > `boundary` says real. Losses that only compare reals with fakes (relativistic,
    Wasserstein) give no such boundary, nor does BEGAN give scores: pass a p; models refuse one that
    adapts. In training only;
    gradients pass through. With p = 0 images stay what they are, bit for bit. A moving p is logged
    as `augment_strength`.

    Args:
        p: Float in [0, 1], a schedule of `keras_gans.schedules`, or `None` for one that adapts.
        target: Float in [-1, 1], the wanted E[sign D(x)].
        interval: Integer >= 1, moves of the discriminator between two of p.
        images: Integer >= 1, images in which p can go from 0 to 1.
        boundary: Float, the score between real and generated: 0 for logits; the halves of least
            squares have 1/2.
        seed: Integer >= 0, or `None` to draw one.
        **arguments: Those of `keras.layers.Layer`.

    Raises:
        ValueError: A number out of its range, or samples that are no images.

    Example:

    ```python
    model = GAN(generator, discriminator, 100, augment=AdaptiveAugment())
    p = keras_gans.schedules.Cosine(0.0, 0.3, images=2_000_000)
    model = GAN(generator, discriminator, 100, "relativistic", augment=AdaptiveAugment(p))
    ```

    References:
        Karras et al. 2020, arXiv:2006.06676, section 3.1 and appendix B: the pipeline of blits,
        geometry and color, with the numbers of the authors' code.
    """

    def __init__(
        self, p=None, target=0.6, interval=4, images=500_000, boundary=0.0, seed=None, **arguments
    ):
        super().__init__(seed, **arguments)
        if not (p is None or is_schedule(p)) and not 0 <= p <= 1:
            raise ValueError(
                f"p is a probability, a schedule of it, or None for one that adapts; it was {p!r}."
            )
        if not -1 <= target <= 1 or interval < 1 or images < 1:
            raise ValueError(
                "target lies in [-1, 1], and interval and images are whole numbers from 1 on; they "
                f"were {target!r}, {interval!r} and {images!r}."
            )
        self.p = p
        self.target, self.interval, self.images, self.boundary = target, interval, images, boundary
        self.adapted = None
        if p is None:
            self.adapted = Controlled(0.0, low=0.0, high=1.0)
            self.moves, self.seen, self.sum_of_signs = (
                self.add_weight(
                    (), "zeros", trainable=False, aggregation="only_first_replica", name=name
                )
                for name in ("moves", "seen", "sum_of_signs")
            )

    @property
    def strength(self):
        return self.p if self.adapted is None else self.adapted.value

    def adapt(self, real_scores):
        """Let p follow what the discriminator says of augmented reals: once in each of its moves.

        Args:
            real_scores: Raw scores of any shape `(n, ...)`, or a tuple of those that several
                discriminators give.
        """
        if self.adapted is None:
            return
        each = [ops.cast(scores, "float32") for scores in keras.tree.flatten(real_scores)]
        signs = [backend.replica_mean(ops.sign(scores - self.boundary)) for scores in each]
        sign = ops.stop_gradient(sum(signs) / len(signs))
        n = ops.cast(backend.replica_sum(ops.shape(each[0])[0]), "float32")
        moves, seen = self.moves + 1.0, self.seen + n
        sum_of_signs = self.sum_of_signs + n * sign
        due = ops.cast(moves >= self.interval, "float32")
        self.adapted.move(due * ops.sign(sum_of_signs / seen - self.target) * seen / self.images)
        for variable, value in (
            (self.moves, moves),
            (self.seen, seen),
            (self.sum_of_signs, sum_of_signs),
        ):
            variable.assign((1.0 - due) * value)

    def draws(self, n, strength):
        return {
            "p": ops.cast(strength, "float32"),
            "gates": self.uniform(n, len(GATES)),
            "uniform": self.uniform(n, len(UNIFORM)),
            "normal": self.normal(n, len(NORMAL)),
        }

    def transformed(self, samples, draws):
        self.check_images(samples)
        drawn = Drawn(draws)
        made = colored(warped(samples, drawn), drawn)
        return ops.where(draws["p"] > 0, made, samples)

    def get_config(self):
        names = ("target", "interval", "images", "boundary")
        config = super().get_config(p=self.p)
        return {**config, **{name: getattr(self, name) for name in names}}


class Drawn:
    """What has been drawn for the images of a batch, by name: tensors `(n,)`."""

    def __init__(self, draws):
        self.p = draws["p"]
        self.gates, self.uniform, self.normal = (
            dict(zip(names, ops.unstack(draws[kind], len(names), axis=1), strict=True))
            for kind, names in (("gates", GATES), ("uniform", UNIFORM), ("normal", NORMAL))
        )

    def chosen(self, name, value, neutral=0.0, p=None):
        """`value` where the gate of that name is open, with the probability p."""
        gate = self.gates[name] < (self.p if p is None else p)
        return ops.where(gate, value, neutral)

    def angle(self, name, source, p=None):
        """An angle of U(-pi, pi)."""
        return self.chosen(name, (2.0 * self.uniform[source] - 1.0) * math.pi, p=p)

    def factor(self, name, stddev):
        """A factor of 2^N(0, stddev^2)."""
        return self.chosen(name, ops.exp2(stddev * self.normal[name]), 1.0)


def warped(images, drawn):
    """Images after all that moves their pixels: one affine warp.

    Where q is a position in the outcome and r that in the image it comes from, with F the flip, Q
    the quarter turns, R, R' the turns, A the stretch, s the scale, t and u the shifts:

        r = F Q ((R A^-1 R' (q - u)) / s - t)
    """
    _, height, width, _ = ops.shape(images)
    sides = {"x": ops.cast(width, "float32"), "y": ops.cast(height, "float32")}
    flip = drawn.chosen("flip", ops.floor(2.0 * drawn.uniform["flip"]))
    quarters = drawn.chosen("quarter_turns", ops.floor(4.0 * drawn.uniform["quarter_turns"]))
    one_of_two = 1.0 - ops.sqrt(1.0 - drawn.p)  # Then either turn happens with p.
    first, second = (drawn.angle(n, n, one_of_two) for n in ("first_turn", "second_turn"))
    scale, stretch = drawn.factor("scale", 0.2), drawn.factor("stretch", 0.2)

    def flipped_and_turned(angle):
        """The rows of F R(angle)."""
        cos, sin, sign = ops.cos(angle), ops.sin(angle), 1.0 - 2.0 * flip
        return (sign * cos, -sign * sin), (sin, cos)

    before = flipped_and_turned(quarters * (math.pi / 2))
    shift = [
        -drawn.chosen(
            "whole_shift",
            ops.round((2.0 * drawn.uniform[f"whole_shift_{axis}"] - 1.0) * 0.125 * side),
        )
        for axis, side in sides.items()
    ]
    shift = times(before, shift)
    cos, sin = ops.cos(second), ops.sin(second)
    stretched = ((cos / stretch, -sin / stretch), (sin * stretch, cos * stretch))
    turned = flipped_and_turned(quarters * (math.pi / 2) + first)
    columns = [times(turned, column) for column in zip(*stretched, strict=True)]
    matrix = [[entry / scale for entry in row] for row in zip(*columns, strict=True)]
    last = [
        -drawn.chosen("shift", 0.125 * side * drawn.normal[f"shift_{axis}"])
        for axis, side in sides.items()
    ]
    shift = [a + b for a, b in zip(shift, times(matrix, last), strict=True)]
    return affine_warp(images, matrix, shift)


def times(matrix, vector):
    """The product of a matrix of two rows and a vector."""
    return [row[0] * vector[0] + row[1] * vector[1] for row in matrix]


def colored(images, drawn):
    """Images after all that changes their colors, of their luma and of what differs from it."""

    def each(numbers):
        return ops.reshape(numbers, (-1, 1, 1, 1))

    contrast = drawn.factor("contrast", 0.5)
    mirror = 1.0 - 2.0 * drawn.chosen("luma_flip", ops.floor(2.0 * drawn.uniform["luma_flip"]))
    luma = ops.mean(images, axis=-1, keepdims=True)
    chroma = images - luma
    luma = luma + each(drawn.chosen("brightness", 0.2 * drawn.normal["brightness"]))
    if images.shape[-1] == 3:
        hue = drawn.angle("hue", "hue")
        # Turned about the axis of grey: of a chroma c, its part across is (1, 1, 1) x c / sqrt(3).
        across = (ops.roll(chroma, 1, axis=-1) - ops.roll(chroma, -1, axis=-1)) / math.sqrt(3)
        chroma = each(ops.cos(hue)) * chroma + each(ops.sin(hue)) * across
    chroma = each(contrast * drawn.factor("saturation", 1.0)) * chroma
    return each(contrast * mirror) * luma + chroma
