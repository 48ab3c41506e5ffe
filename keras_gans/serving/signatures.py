"""The signatures that endpoints come to, under names that never change."""

import dataclasses
import itertools
from collections.abc import Callable

from keras import ops

from keras_gans.data.checks import TOLERANCE
from keras_gans.endpoints import Endpoint
from keras_gans.samples import Images
from keras_gans.specs import Spec

SCALARS = ("count", "seed")
DRAWN = {"num_images": Spec("count", (), "int32", low=0), "seed": Spec("seed", (), "int64")}
SIDE = 256  # Of an image of any size: every generator of the package takes it.


@dataclasses.dataclass(frozen=True)
class Form:
    """One form in which images go in and come out.

    Args:
        suffix: What it adds to the names of signatures.
        tensor_suffix: What it adds to the names of tensors of images.
        dtype: Their dtype. Strings are one image each.
        read: Function from a tensor, the `Spec` of its images and their kind to the floats of the
            networks.
        write: Function from floats and their kind to a tensor.
    """

    suffix: str
    tensor_suffix: str
    dtype: str
    read: Callable
    write: Callable

    def name(self, name, spec):
        return name + self.tensor_suffix if spec.kind == "images" else name

    def specs(self, specs):
        """Specs of tensors in this form, by their names in it."""
        shape = {"shape": ()} if self.dtype == "string" else {}
        return {
            self.name(name, spec): dataclasses.replace(spec, dtype=self.dtype, **shape)
            if spec.kind == "images"
            else spec
            for name, spec in specs.items()
        }


@dataclasses.dataclass(frozen=True)
class Signature:
    """An endpoint in one form, all of its inputs given, or its latents drawn from a seed.

    Args:
        endpoint: `Endpoint`.
        inputs: Dict from names of tensors to their `Spec`s.
        outputs: Likewise.
        form: `Form`.
    """

    endpoint: Endpoint
    inputs: dict
    outputs: dict
    form: Form

    def described(self):
        """What `signature.json` says of it."""
        return {
            side: {name: described(name, spec) for name, spec in specs.items()}
            for side, specs in (("inputs", self.inputs), ("outputs", self.outputs))
        }

    def function(self):
        """A `tf.function` of tensors of these names."""
        import tensorflow as tf

        specs = [
            tf.TensorSpec(described(name, spec)["shape"], spec.dtype, name)
            for name, spec in self.inputs.items()
        ]

        @tf.function(input_signature=specs)
        def signature(*tensors):
            return self.run(dict(zip(self.inputs, tensors, strict=True)))

        return signature

    def run(self, tensors):
        import tensorflow as tf

        given, endpoint = self.endpoint.inputs, self.endpoint
        if "num_images" in tensors:
            random, n = Philox(tensors.pop("seed")), tensors.pop("num_images")
            for name, source in endpoint.sources.items():
                tensors[name] = source.draw(random, n)
        inputs = {
            name: self.read(name, tensors[self.form.name(name, spec)], spec)
            for name, spec in given.items()
        }
        rows = {name: inputs.pop(name) for name, spec in given.items() if spec.kind not in SCALARS}
        sentence = f"{' and '.join(rows)} must have equally many rows; these have not."
        first, *others = (tf.shape(tensor)[0] for tensor in rows.values())
        checks = [tf.debugging.assert_equal(n, first, message=sentence) for n in others]
        with tf.control_dependencies(checks):  # Before a layer complains in its own words.
            rows = tf.nest.map_structure(tf.identity, rows) if checks else rows
        made = of_any_number(lambda some: endpoint.function(**some, **inputs), rows)
        if endpoint.check:
            holds, sentence = endpoint.check
            tf.debugging.assert_equal(holds(rows, made), True, message=sentence)
        return {
            self.form.name(name, spec): self.write(name, made[name], spec)
            for name, spec in endpoint.outputs.items()
        }

    def write(self, name, tensor, spec):
        """The tensor that those outside get."""
        if spec.kind == "images":
            return self.form.write(tensor, self.kind(name))
        samples = self.endpoint.samples
        return samples.to_outside(tensor) if name == samples.name else ops.cast(tensor, spec.dtype)

    def read(self, name, tensor, spec):
        """The tensor that a network takes, checked inside the graph."""
        import tensorflow as tf

        if spec.kind == "images":
            return self.form.read(tensor, spec, self.kind(name))
        if "float" in spec.dtype:
            return tf.debugging.assert_all_finite(tensor, not_finite(name))
        if spec.high is not None:
            inside = tf.clip_by_value(tensor, spec.low, spec.high)
            check = tf.debugging.assert_equal(inside, tensor, message=out_of_range(name, spec))
            with tf.control_dependencies([check]):
                tensor = tf.identity(tensor)
        samples = self.endpoint.samples
        return samples.to_floats(tensor) if name == samples.name else tensor

    def kind(self, name):
        """The kind of images of that name: those that are a condition are plain ones."""
        return self.endpoint.samples if name == self.endpoint.samples.name else Images()


def signatures_of(endpoints, float32=False, png=False):
    """Dict from names to the `Signature`s that endpoints come to; the first is the default.

    Args:
        endpoints: Dict from names to `Endpoint`s.
        float32: See `export`.
        png: Likewise.
    """
    signatures = {}
    for name, endpoint in endpoints.items():
        all_specs = [*endpoint.inputs.values(), *endpoint.outputs.values()]
        has_images = any(spec.kind == "images" for spec in all_specs)
        for form in [UINT8, *[FLOAT32] * (float32 and has_images), *[PNG] * (png and has_images)]:
            inputs, outputs = form.specs(endpoint.inputs), form.specs(endpoint.outputs)
            signatures[name + form.suffix] = Signature(endpoint, inputs, outputs, form)
            if endpoint.sources:
                inputs = {**DRAWN, **{n: s for n, s in inputs.items() if n not in endpoint.sources}}
                drawn = Signature(endpoint, inputs, outputs, form)
                signatures[endpoint.drawn + form.suffix] = drawn
    return {"serving_default": next(iter(signatures.values())), **signatures}


class Philox:
    """TensorFlow's draws from a seed, each of another second word of it.

    Philox by name: left to itself, TensorFlow draws other numbers on other devices.
    """

    def __init__(self, seed):
        import tensorflow as tf

        self.random = tf.random
        self.seeds = (tf.stack([seed, word]) for word in itertools.count())

    def normal(self, shape):
        return self.random.stateless_normal(shape, next(self.seeds), alg="philox")

    def uniform(self, shape):
        return self.random.stateless_uniform(shape, next(self.seeds), alg="philox")

    def integers(self, shape, high):
        seed = next(self.seeds)
        return self.random.stateless_uniform(shape, seed, 0, high, "int32", alg="philox")


def described(name, spec):
    """What `signature.json` says of a tensor; servers ignore all but its dtype and its shape."""
    facts = {
        "dtype": spec.dtype,
        "shape": [] if spec.kind in SCALARS else [None, *spec.shape],
    }
    if spec.kind in ("labels", "latents", "symbols"):
        facts |= {"kind": spec.kind} if spec.kind != name else {}
        facts |= {"low": spec.low, "high": spec.high} if spec.high is not None else {}
        facts |= {"names": list(spec.names)} if spec.names else {}
    return facts


def shape_of(shape, sides):
    """The shape of an element, with `sides`, or any that will do, where it is open."""
    usual = (*(side or SIDE for side in sides), None)
    return tuple(size if size is not None else usual[axis] for axis, size in enumerate(shape))


def of_any_number(compute, batch, blank=0):
    """`compute(batch)`, also for none: TensorFlow gets the shapes of empty batches wrong.

    Args:
        compute: Function from a structure of tensors `(n, ...)` to another one.
        batch: The first structure.
        blank: What stands in for the values of an element where there is none.
    """
    import tensorflow as tf

    number = tf.shape(tf.nest.flatten(batch)[0])[0]

    def filled(tensor):
        shape = [tf.cast(number == 0, tf.int32), *tf.unstack(tf.shape(tensor))[1:]]
        return tf.concat([tensor, tf.fill(shape, tf.cast(blank, tensor.dtype))], 0)

    made = compute(tf.nest.map_structure(filled, batch))
    return tf.nest.map_structure(lambda tensor: tensor[:number], made)


def read_floats(images, spec, kind):
    import tensorflow as tf

    low, high = kind.range
    # NaN is not less than anything.
    tf.debugging.assert_less_equal(
        tf.abs(images - (low + high) / 2),
        (high - low) / 2 + TOLERANCE,
        message=f"Float images must lie in [{low}, {high}]; these do not.",
    )
    return kind.to_floats(images)


def read_png(pngs, spec, kind):
    import tensorflow as tf

    channels = spec.shape[-1]

    def images(pngs):
        return tf.map_fn(
            lambda png: tf.io.decode_png(png, channels=channels),
            pngs,
            fn_output_signature=tf.TensorSpec(spec.shape, tf.uint8),
        )

    sides = [side or SIDE for side in spec.shape[:2]]
    blank = tf.io.encode_png(tf.zeros((*sides, channels), tf.uint8))
    return kind.to_floats(of_any_number(images, pngs, blank))


def write_png(images, kind):
    import tensorflow as tf

    return tf.map_fn(tf.io.encode_png, kind.to_outside(images), fn_output_signature=tf.string)


def not_finite(name):
    """What is said of numbers that are none."""
    return f"{name.capitalize()} must be finite; these hold NaN or infinite values."


def out_of_range(name, spec):
    """What is said of ids that stand for no class."""
    return f"{name} must lie from {spec.low} to {spec.high}; these do not."


UINT8 = Form(
    "",
    "",
    "uint8",
    read=lambda images, spec, kind: kind.to_floats(images),
    write=lambda images, kind: kind.to_outside(images),
)
FLOAT32 = Form(
    "_float32",
    "",
    "float32",
    read=read_floats,
    write=lambda images, kind: ops.clip(ops.cast(images, "float32"), *kind.range),
)
# The REST interface of TensorFlow Serving takes strings for text unless their name ends so.
PNG = Form("_png", "_png_bytes", "string", read_png, write_png)
