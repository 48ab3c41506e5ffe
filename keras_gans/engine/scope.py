"""A scope that records what a computation assigns instead of assigning it."""

import contextlib

import keras

from keras_gans.engine.keras_internals import layer_that_adds_a_loss


class RecordingScope(keras.StatelessScope):
    """Run code that assigns variables, keep the new values, touch nothing.

    Inside the scope a variable reads as the value last assigned in it, else as the value in
    `values`, else as it reads outside, where that may itself be a recording scope. The owner of
    the scope decides afterwards which of the `updates()` to carry out.

    Args:
        values: Pairs `(variable, tensor)`: what these variables read as inside.

    Attributes:
        layer_losses: Pairs `(layer, loss)` of what layers added as losses (`add_loss`, an
            `activity_regularizer`), in every call inside, but not inside an inner scope.
    """

    def __init__(self, values=()):
        super().__init__(values, collect_losses=True, initialize_variables=False)
        self._assigned = {}
        self.layer_losses = []

    def __enter__(self):
        super().__enter__()
        if self.original_scope is not None:
            self.state_mapping = {**self.original_scope.state_mapping, **self.state_mapping}
        return self

    def add_update(self, update):
        variable, _ = update
        self._assigned[id(variable)] = variable
        super().add_update(update)

    def add_loss(self, loss):
        # Not in `losses`, from which a network's next call removes those of its last.
        self.layer_losses.append((layer_that_adds_a_loss(), loss))

    def updates(self):
        """Pairs `(variable, tensor)` of what was assigned inside, in the order of first use."""
        return [(v, self.get_current_value(v)) for v in self._assigned.values()]


@contextlib.contextmanager
def reading_as(values):
    """In this block variables read as given; whatever else it assigns or adds as losses is kept.

    Args:
        values: Pairs `(variable, tensor)`.
    """
    with RecordingScope(values) as scope:
        yield
    for variable, value in scope.updates():
        variable.assign(value)
    for layer, loss in scope.layer_losses:
        layer.add_loss(loss)
