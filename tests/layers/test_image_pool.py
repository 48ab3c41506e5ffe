"""The pool of CycleGAN against the paper's rule, image by image."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.layers import ImagePool

SHAPE = (2, 2, 1)


def numbered(first, n):
    """Images whose pixels all are their number."""
    numbers = np.arange(first, first + n, dtype="float32")
    return np.broadcast_to(numbers.reshape(-1, 1, 1, 1), (n, *SHAPE))


def numbers(images):
    return ops.convert_to_numpy(images)[:, 0, 0, 0].astype(int).tolist()


def show(pool, first, n):
    return numbers(pool(ops.convert_to_tensor(numbered(first, n))))


def test_it_fills_first_and_shows_what_comes():
    pool = ImagePool(5, SHAPE)
    assert show(pool, 1, 3) == [1, 2, 3]
    assert show(pool, 4, 2) == [4, 5]
    assert numbers(pool.images.value) == [1, 2, 3, 4, 5]
    assert int(pool.count) == 5


@pytest.mark.parametrize("batch_size", [1, 7])
def test_then_it_shows_and_stores_by_the_rule(batch_size):
    """Every image is shown, or is stored in the place of the one that is shown."""
    pool = ImagePool(4, SHAPE, seed=1)
    show(pool, 0, 4)
    stored = {0, 1, 2, 3}
    swaps = 0
    for first in range(4, 4 + 140, batch_size):
        arrived = range(first, first + batch_size)
        for new, shown in zip(arrived, show(pool, first, batch_size), strict=True):
            if shown != new:
                assert shown in stored
                stored = stored - {shown} | {new}
                swaps += 1
    assert stored == set(numbers(pool.images.value))
    assert 45 < swaps < 95  # Half of 140, within four standard deviations.


def test_every_place_is_swapped():
    pool = ImagePool(3, SHAPE, seed=2)
    show(pool, 0, 3)
    places = set()
    for first in range(3, 60):
        before = numbers(pool.images.value)
        show(pool, first, 1)
        after = numbers(pool.images.value)
        places |= {i for i in range(3) if before[i] != after[i]}
    assert places == {0, 1, 2}


def test_without_a_pool_images_pass():
    assert show(ImagePool(0, SHAPE), 1, 3) == [1, 2, 3]


def test_it_runs_compiled_for_any_batch_and_is_the_same():
    if keras.backend.backend() == "torch":
        pytest.skip("PyTorch runs layers as Python")
    plain, compiled = ImagePool(2, SHAPE, seed=5), ImagePool(2, SHAPE, seed=5)
    images = keras.Input(SHAPE)
    model = keras.Model(images, compiled(images))
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        run = tf.function(compiled, reduce_retracing=True)
        for first, n in ((0, 3), (3, 1), (4, 5)):
            assert numbers(run(tf.constant(numbered(first, n)))) == show(plain, first, n)
        # With XLA the draws are others.
        assert len(tf.function(compiled, jit_compile=True)(tf.constant(numbered(9, 2)))) == 2
    else:
        import jax

        def step(state, images):
            return model.stateless_call([], state, images, training=True)

        step = jax.jit(step)
        state = [v.value for v in model.non_trainable_variables]
        for first, n in ((0, 3), (3, 1), (4, 5)):
            shown, state = step(state, numbered(first, n))
            assert numbers(shown) == show(plain, first, n)


def test_its_configuration_makes_it_again():
    pool = ImagePool(3, SHAPE, seed=4, name="pool")
    again = ImagePool.from_config(pool.get_config())
    assert again.get_config() == pool.get_config()
    assert tuple(again.images.shape) == (3, *SHAPE)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="tf.distribute is TensorFlow's")
def test_every_replica_has_a_pool_of_its_own():
    import tensorflow as tf

    from tests.harness import two_replicas

    strategy = two_replicas()
    with strategy.scope():
        pool = ImagePool(2, SHAPE)
    images = strategy.experimental_distribute_values_from_function(
        lambda context: tf.constant(numbered(10 * context.replica_id_in_sync_group, 2))
    )
    strategy.run(pool, args=(images,))
    copies = strategy.experimental_local_results(pool.images.value)
    assert [numbers(copy) for copy in copies] == [[0, 1], [10, 11]]
