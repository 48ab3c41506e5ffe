"""The signatures of a SavedModel, under names that never change."""

import dataclasses
from collections.abc import Callable

import keras

from keras_gans.data import to_float, to_uint8
from keras_gans.data.checks import TOLERANCE
from keras_gans.models import TranslationModel


@dataclasses.dataclass(frozen=True)
class Form:
    """One form in which images go in and come out.

    Args:
        suffix: What it adds to the name of a signature.
        name: Name of the tensor.
        dtype: Its dtype. Strings are one image each.
        read: Function from the tensor and the shape of an image to floats in [-1, 1].
        write: Function from floats to the tensor.
    """

    suffix: str
    name: str
    dtype: str
    read: Callable
    write: Callable

    def spec(self, image_shape):
        """What a signature of images of that shape takes."""
        import tensorflow as tf

        shape = (None,) if self.dtype == "string" else (None, *image_shape)
        return tf.TensorSpec(shape, self.dtype, self.name)


def signatures_of(model, weights="averaged", float32=False, png=False, **choice):
    """The functions that a SavedModel of `model` offers, and the variables they read.

    Args:
        model: A `LatentModel` or a `TranslationModel`.
        weights: See `export`.
        float32: Likewise.
        png: Likewise.
        **choice: Likewise.

    Returns:
        `(dict from names to tf.functions, list of variables)`.
    """
    forms = [UINT8, *[FLOAT32] * float32, *[PNG] * png]
    if isinstance(model, TranslationModel):
        functions, variables = translator_functions(model, forms, **choice)
    else:
        functions, variables = generator_functions(model, forms, weights, **choice)
    first = next(iter(functions))
    return {"serving_default": functions[first], **functions}, variables


def generator_functions(model, forms, weights, **choice):
    import tensorflow as tf

    generator = model.served_generator(weights=weights, **choice)
    # A model with labels takes them here: `labels` int32 `[n]`, in both signatures.
    latents = tf.TensorSpec((None, model.latent_dim), tf.float32, "latents")
    num_images = tf.TensorSpec((), tf.int32, "num_images")
    seed = tf.TensorSpec((), tf.int64, "seed")

    def from_latents(latents):
        latents = tf.debugging.assert_all_finite(latents, NOT_FINITE)
        # The generator itself is called, so that no variable of training is exported.
        return of_any_number(lambda some: generator(some, training=False), latents)

    def generate(num_images, seed):
        # Philox by name: left to itself, TensorFlow draws other numbers on other devices.
        shape = (num_images, model.latent_dim)
        return from_latents(
            tf.random.stateless_normal(shape, seed=tf.stack([seed, 0]), alg="philox")
        )

    functions = {}
    for form in forms:
        functions[f"from_latents{form.suffix}"] = function(from_latents, [latents], form)
        functions[f"generate{form.suffix}"] = function(generate, [num_images, seed], form)
    return functions, generator.variables


def translator_functions(model, forms):
    functions, variables = {}, []
    for direction in model.generators:
        translator = model.translator(direction)
        for form in forms:
            functions |= functions_of(translator, direction, form)
        variables += translator.generator.variables
    return functions, variables


def functions_of(translator, direction, form):
    import tensorflow as tf

    image_shape = translator.generator.input_shape[1:]
    images_spec = form.spec(image_shape)
    seed_spec = tf.TensorSpec((), tf.int64, "seed")
    remedy = translator.remedy()

    def translate_from_seed(images, seed):
        floats = form.read(images, image_shape)
        made = of_any_number(lambda some: translator.translate(some, seed), floats)
        # Layers that halve the sides round up: nobody shall get a larger image than was sent.
        tf.debugging.assert_equal(
            tf.shape(made)[1:3],
            tf.shape(floats)[1:3] * translator.scale,
            message=f"The generator cannot translate images of this size: {remedy}",
        )
        return made

    def translate(images):
        return translate_from_seed(images, tf.constant(0, tf.int64))

    functions = {f"{direction}{form.suffix}": function(translate, [images_spec], form)}
    if translator.noise:
        functions[f"{direction}_from_seed{form.suffix}"] = function(
            translate_from_seed, [images_spec, seed_spec], form
        )
    return functions


def function(compute, specs, form):
    """`compute` of tensors with the names of `specs`, its floats written as `form`."""
    import tensorflow as tf

    @tf.function(input_signature=specs)
    def signature(*tensors):
        return {form.name: form.write(compute(*tensors))}

    return signature


def of_any_number(compute, batch, blank=0):
    """`compute(batch)`, also for none: TensorFlow gets the shapes of empty batches wrong.

    Args:
        compute: Function from a batch to a batch.
        batch: Tensor `(n, ...)`.
        blank: What stands in for the values of an element where there is none.
    """
    import tensorflow as tf

    number, *shape = tf.unstack(tf.shape(batch))
    filling = tf.fill([tf.cast(number == 0, tf.int32), *shape], tf.cast(blank, batch.dtype))
    return compute(tf.concat([batch, filling], 0))[:number]


def as_floats(images, image_shape):
    return to_float(images)


def read_floats(images, image_shape):
    import tensorflow as tf

    # NaN is not less than anything.
    tf.debugging.assert_less_equal(
        tf.abs(images), 1 + TOLERANCE, message="Float images must lie in [-1, 1]; these do not."
    )
    return to_float(images)


def read_png(pngs, image_shape):
    import tensorflow as tf

    def images(pngs):
        return tf.map_fn(
            lambda png: tf.io.decode_png(png, channels=image_shape[-1]),
            pngs,
            fn_output_signature=tf.TensorSpec(image_shape, tf.uint8),
        )

    sides = [side or SIDE for side in image_shape[:2]]
    blank = tf.io.encode_png(tf.zeros((*sides, image_shape[-1]), tf.uint8))
    return to_float(of_any_number(images, pngs, blank))


def write_png(images):
    import tensorflow as tf

    return tf.map_fn(tf.io.encode_png, to_uint8(images), fn_output_signature=tf.string)


def write_floats(images):
    return keras.ops.clip(keras.ops.cast(images, "float32"), -1.0, 1.0)


def input_shape(model):
    """Shape of what goes into a model in training, without the batch."""
    if not isinstance(model, TranslationModel):
        return (model.latent_dim,)
    height, width, channels = model.image_shapes[0]
    return height or SIDE, width or SIDE, channels


NOT_FINITE = "Latents must be finite; these hold NaN or infinite values."
SIDE = 256  # Of an image of any size: every generator of the package takes it.
UINT8 = Form("", "images", "uint8", as_floats, to_uint8)
FLOAT32 = Form("_float32", "images", "float32", read_floats, write_floats)
# The REST interface of TensorFlow Serving takes strings for text unless their name ends so.
PNG = Form("_png", "images_png_bytes", "string", read_png, write_png)
