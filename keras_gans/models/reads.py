"""Reading: what a network of a model says of samples, on the host."""

import keras
import numpy as np
from keras import ops

from keras_gans.data.fields import as_array
from keras_gans.engine.backend import backend
from keras_gans.engine.chunks import in_chunks
from keras_gans.engine.named_inputs import inputs_of, structure_for
from keras_gans.models.requests import rows_of


class Reads:
    """What a model does for users that has a network of samples."""

    def conditions_of(self, network):
        """Those of the model's conditions that a network reads: a dict from names to `Spec`s."""
        read = inputs_of(network)
        return {name: spec for name, spec in self.conditions.items() if name in read}

    def read_samples(self, method, network, said, images, batch_size, conditions=None):
        """What a network says of samples, a few at a time.

        Args:
            method: String, what sentences call the method of users.
            network: `keras.Model` from samples, and from conditions by name.
            said: Function from what the network returns, arrays, to an array, or a dict of them.
            images: uint8 array `(n, height, width, channels)`, or floats as the networks have them;
                of other kinds of samples what `fit` takes.
            batch_size: Integer >= 1, samples at a time.
            conditions: Dict from the names of what the network reads beside samples to an array
                with a row for each, or to one value for all; `None` where it reads nothing.

        Returns:
            Array, or a dict of arrays, with n rows.

        Raises:
            ValueError: Samples or conditions that the network does not take.
        """
        name = self.samples.name
        if not isinstance(images, (list, tuple)) and not hasattr(images, "shape"):
            raise ValueError(
                f"{method}() takes an array of {name}, and this is a {type(images).__name__}. Of a "
                "data set pass some, as by `dataset.sample(16)`; of files read them, as by "
                "`keras_gans.data.images`."
            )
        images = np.asarray(as_array(images, name))
        if images.shape != (0, *self.image_shape):
            self.samples.check(images, self.image_shape, name)
        rows = rows_of(self, method, self.conditions_of(network), conditions or {}, len(images))
        backend.before_inference(self)

        def read(chunk):
            # Under a strategy every replica reads the whole chunk, and Keras joins what they say.
            n = len(chunk[name])
            floats = ops.convert_to_numpy(self.samples.to_floats(chunk.pop(name)))
            outputs = network.predict_on_batch(structure_for(network, floats, chunk))
            return keras.tree.map_structure(lambda x: ops.convert_to_numpy(x)[:n], said(outputs))

        return in_chunks(read, {name: images, **rows}, batch_size)
