"""Features in variables: where replicas write, and what is beyond the room."""

import keras
import numpy as np
import pytest

from keras_gans.metrics.kept_features import KeptFeatures


class Keeper(keras.metrics.Metric):
    def __init__(self, capacity):
        super().__init__(name="keeper")
        self.capacity = capacity
        self.kept = KeptFeatures(self, "real", 2)

    def result(self):
        return 0.0


ROWS = np.arange(14, dtype="float32").reshape(7, 2)


def test_rows_are_kept_in_order():
    keeper = Keeper(8)
    keeper.kept.add(ROWS[:3])
    keeper.kept.add(ROWS[3:])
    np.testing.assert_array_equal(keeper.kept.read(), ROWS)


def test_rows_of_zeros_are_rows():
    keeper = Keeper(3)
    keeper.kept.add(np.zeros((2, 2), "float32"))
    assert keeper.kept.read().shape == (2, 2)


@pytest.mark.parametrize("last", [5, 7])
def test_rows_beyond_the_room_are_told(last):
    keeper = Keeper(5)
    keeper.kept.add(ROWS[:4])
    keeper.kept.add(ROWS[4:last])
    if last > 5:
        with pytest.warns(UserWarning, match=r"5 of 7 real images.*larger capacity"):
            kept = keeper.kept.read()
    else:
        kept = keeper.kept.read()
    np.testing.assert_array_equal(kept, ROWS[:5])


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="It alone has replicas.")
@pytest.mark.parametrize("capacity", [7, 4])
def test_replicas_with_unequal_shares_write_beside_each_other(capacity):
    import tensorflow as tf

    from tests.harness.devices import two_replicas

    strategy = two_replicas()
    with strategy.scope():
        keeper = Keeper(capacity)

    @tf.function
    def step(start):
        def on_replica():
            replica = tf.distribute.get_replica_context().replica_id_in_sync_group
            first = start + 2 * replica  # The first has 2 rows, the second 1, of three.
            keeper.kept.add(tf.constant(ROWS)[first : first + 2 - replica])

        strategy.run(on_replica)

    with strategy.scope():
        step(0)
        step(3)
    if capacity == 7:
        np.testing.assert_array_equal(sorted(keeper.kept.read().tolist()), ROWS[:6])
        return
    with pytest.warns(UserWarning, match="4 of 6 real images"):
        kept = keeper.kept.read()
    np.testing.assert_array_equal(sorted(kept.tolist()), ROWS[[0, 1, 2, 5]])
