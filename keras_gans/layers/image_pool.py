"""ImagePool: show a discriminator some older fakes in the place of the newest."""

import keras
from keras import ops

from keras_gans.engine.seeds import ReplicaSeedGenerator


@keras.saving.register_keras_serializable(package="keras_gans")
class ImagePool(keras.layers.Layer):
    """A history of generated images, kept in variables.

    The images of a batch come one after the other. Until the pool is full, each is stored and
    returned. Afterwards each is returned with probability 1/2; else a random stored image is
    returned and the new one takes its place. Every replica has a pool of its own; a file holds
    that of the first.

    Args:
        size: Integer >= 0, images in the pool; 0 returns every image as it comes.
        image_shape: Tuple `(height, width, channels)`.
        seed: Integer >= 0.
        **arguments: Those of `keras.layers.Layer`.

    Example:

    ```python
    pool = ImagePool(50, (64, 64, 3), seed=0)
    shown = pool(fakes)  # as many as there are fakes
    ```

    References:
        Shrivastava et al. 2017, arXiv:1612.07828, section 2.3, in the form of Zhu et al. 2017,
        arXiv:1703.10593, section 4.
    """

    def __init__(self, size, image_shape, seed=0, **arguments):
        super().__init__(**{"dtype": "float32", **arguments})
        self.size = size
        self.image_shape = tuple(image_shape)
        self.seed = seed
        self.seed_generator = ReplicaSeedGenerator(seed)
        # Replicas see different fakes: each reads and writes its own copy.
        own = {
            "initializer": "zeros",
            "trainable": False,
            "synchronization": "on_read",
            "aggregation": "only_first_replica",
        }
        shape = (size, *self.image_shape)
        self.images = keras.Variable(shape=shape, dtype="float32", name="images", **own)
        self.count = keras.Variable(shape=(), dtype="int32", name="count", **own)
        self.built = True

    def call(self, inputs):
        if self.size == 0:
            return inputs
        n = ops.shape(inputs)[0]
        draws = keras.random.uniform((n, 2), seed=self.seed_generator)
        slots = ops.cast(ops.floor(draws[:, 1] * self.size), "int32")
        inputs = ops.cast(inputs, "float32")
        # The loop moves numbers only: i < size is the image that slot i held before this batch,
        # size + i the batch's image i.
        numbers = ops.arange(n, dtype="int32")

        def pass_through(i, state):
            held, count, shown = state
            filling = count < self.size
            swapped = ops.logical_and(ops.logical_not(filling), draws[i, 0] < 0.5)
            slot = ops.where(filling, count, slots[i])
            shown = ops.where((numbers == i) & swapped, ops.take(held, slot), shown)
            kept = ops.logical_or(filling, swapped)
            held = ops.where((own_slots == slot) & kept, self.size + i, held)
            return held, ops.minimum(count + 1, self.size), shown

        own_slots = ops.arange(self.size, dtype="int32")
        state = (own_slots, self.count.value, self.size + numbers)
        held, count, shown = ops.fori_loop(0, n, pass_through, state)
        images = ops.concatenate([self.images.value, inputs])
        self.images.assign(ops.take(images, held, axis=0))
        self.count.assign(count)
        return ops.take(images, shown, axis=0)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        own = {"size": self.size, "image_shape": self.image_shape, "seed": self.seed}
        return {**super().get_config(), **own}
