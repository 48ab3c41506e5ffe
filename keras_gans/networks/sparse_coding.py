"""The networks of sparse coding and of predictive sparse decomposition."""

import math

import keras
from keras import layers


def dictionary(sample_shape, atoms):
    """Build a dictionary: samples are sums of its atoms, weighted by codes.

    Args:
        sample_shape: Tuple, the shape of one sample: `(d,)` of a flat patch, or that of an image.
        atoms: Integer. Training keeps the length of each at 1.

    Returns:
        `keras.Model` from codes `(n, atoms)` to float32 samples.

    Example:

    ```python
    dictionary((144,), atoms=196).count_params()  # 28224
    ```
    """
    size = math.prod(sample_shape)
    codes = keras.Input((atoms,), name="codes")
    x = layers.Dense(
        size,
        use_bias=False,
        kernel_initializer=keras.initializers.RandomNormal(0.0, size**-0.5),
        kernel_constraint=keras.constraints.UnitNorm(axis=1),
        name="atoms",
    )(codes)
    samples = layers.Reshape(sample_shape, dtype="float32", name="samples")(x)
    return keras.Model(codes, samples, name="dictionary")


def tanh_encoder(sample_shape, atoms):
    """Build the encoder of predictive sparse decomposition: G tanh(W x + b), with G diagonal.

    Args:
        sample_shape: Tuple, as for `dictionary`.
        atoms: Integer, as many as those of the dictionary.

    Returns:
        `keras.Model` from samples to float32 codes `(n, atoms)`.

    Example:

    ```python
    tanh_encoder((144,), atoms=196).count_params()  # 144 * 196 + 196 + 196
    ```

    References:
        Kavukcuoglu, Ranzato and LeCun 2010, arXiv:1010.3467, equation 3.
    """
    samples = keras.Input(sample_shape)
    x = layers.Dense(atoms, activation="tanh")(layers.Flatten()(samples))
    gains = layers.EinsumDense("na,a->na", atoms, kernel_initializer="ones", name="gains")(x)
    codes = layers.Activation("linear", dtype="float32", name="codes")(gains)
    return keras.Model(samples, codes, name="tanh_encoder")
