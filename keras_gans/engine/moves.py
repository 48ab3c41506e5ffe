"""The moves of a train step: one player's update, and a forward run that players share."""

import itertools

import keras
from keras import ops

from keras_gans.engine.backend import backend
from keras_gans.engine.chunks import check_whole_number
from keras_gans.engine.keras_internals import current_scope
from keras_gans.engine.players import as_terms, without_gaps
from keras_gans.engine.scope import RecordingScope
from keras_gans.engine.terms import Terms
from keras_gans.schedules import is_schedule


class Moves(Terms):
    """What a train step is written with: `minimize`, `forward_once` and `split`."""

    def split(self, batch, parts):
        """Cut a batch into `parts` that share no image, one for each discriminator step.

        A batch of fewer than `parts` images gives single images, some of them again.

        Args:
            batch: Tensor of shape `(n, ...)`, or a `Batch` of them.
            parts: Integer >= 1; or a schedule of it: then the batch stays whole, see `due`.

        Returns:
            List of `parts` such batches.
        """
        if is_schedule(parts):
            return [batch]
        check_whole_number("parts", parts, 1)
        if parts == 1:
            return [batch]
        n = ops.shape(keras.tree.flatten(batch)[0])[0]
        larger = max if isinstance(n, int) else ops.maximum
        starts = [i * n // parts for i in range(parts + 1)]

        def part(start, end):
            return keras.tree.map_structure(lambda x: x[start : larger(end, start + 1)], batch)

        return [part(start, end) for start, end in itertools.pairwise(starts)]

    def due(self, steps):
        """Whether the other player moves in this step, for `when=` of its `minimize`.

        Args:
            steps: As given to `split`.

        Returns:
            `None` where it is a number: the batch has been cut into so many. Of a schedule a
            boolean scalar, which holds in every k-th step.
        """
        if not is_schedule(steps):
            return None
        k = ops.cast(ops.round(self.value_of(steps)), "int32")
        return ops.equal((self.steps_seen + 1) % ops.maximum(k, 1), 0)

    def forward_once(self, player, network_fn):
        """Run the networks of `player` once, for the moves of all players.

        Args:
            player: Name of the player whose networks run.
            network_fn: Function without arguments that returns their output: a tensor, or a
                tuple, list or dict of tensors.

        Returns:
            A `Forward`: its `output` is a constant to every other player; given to `minimize`
            as `through=`, the gradient of `player` is pulled back through this same run.
        """

        structure = None

        def run():
            nonlocal structure
            output = network_fn()
            structure = keras.tree.map_structure(lambda _: 0, output)
            return [*keras.tree.flatten(output), *self.layer_losses(player)]

        with RecordingScope() as scope:
            outputs, pull_back = backend.forward(run, self.optimizer.moved_variables(player))
        for variable, value in scope.updates():
            variable.assign(value)
        return Forward(outputs, structure, pull_back)

    def layer_losses(self, player):
        """What layers of `player` have added as losses in this scope: float32 scalars."""
        own = self._compilation.layers[player]
        added = [loss for layer, loss in current_scope().layer_losses if id(layer) in own]
        return [ops.sum(ops.cast(loss, "float32")) for loss in added]

    def minimize(self, player, loss_fn, through=None, when=None):
        """Move `player` one step down the gradient of its loss, and nobody else.

        Only the variables of `player` that were trainable at `compile()` move. Statistics and
        other weights that `loss_fn` assigns in networks of another player keep their values.
        The loss is the sum of the terms, plus the weight regularizers of the player's layers,
        plus what its layers add as losses (`add_loss`, `activity_regularizer`) in each of their
        calls by `loss_fn` and by `through`. What a penalty calls is not counted, nor are layers
        of another player, whose losses count where that player moves.

        Args:
            player: Name of the player.
            loss_fn: Function that returns a scalar or a dict of named scalar terms; or a tuple of
                these and of tensors that the step goes on with. Called without arguments, or with
                `through.output`.
            through: A `Forward` of this player, through which the gradient is pulled back.
            when: Boolean scalar tensor: whether the player moves. Where it does not, its weights
                and all that its optimizer remembers (moments, counters, loss scale, accumulated
                gradients) stay as they are, bit for bit. Its loss is computed and logged all the
                same, and what the run of its networks has assigned is kept: statistics of batch
                normalization, random states. Of several replicas all move or none: they move
                where `when` holds on each of them.

        Returns:
            The tensors that `loss_fn` returned beside its terms, as constants.

        Raises:
            ValueError: A player of another name, a loss that depends on nothing that it moves, or
                a `when` that is not a scalar.

        Example:

        ```python
        self.minimize("discriminator", self.terms, when=self.accuracy <= 0.8)  # arXiv:1610.07584
        ```
        """
        if when is not None:
            when = ops.cast(when, "bool")
            if when.shape != ():
                raise ValueError(
                    f"`when` says by one boolean whether {player!r} moves; it was given a tensor "
                    f"of shape {tuple(when.shape)}. Reduce it, by `ops.mean` or `ops.all`."
                )
        variables = self.optimizer.moved_variables(player)
        optimizer = getattr(self.optimizer, player)

        def scaled(loss):
            return optimizer.scale_loss(loss / backend.num_replicas())

        def scaled_loss(*output):
            result = loss_fn(*output)
            losses, kept = result if isinstance(result, tuple) else (result, ())
            terms = as_terms(player, losses)
            terms[f"{player}_loss"] += sum(self.layer_losses(player))
            return scaled(terms[f"{player}_loss"]), (terms, kept)

        with RecordingScope() as scope:
            if through is None:
                (terms, kept), grads = backend.gradients(scaled_loss, variables)
            else:
                (terms, kept), cotangents = backend.gradient_at(
                    lambda *tensors: scaled_loss(through.packed(tensors)), through.tensors
                )
        for variable, value in scope.updates():
            if id(variable) not in self._compilation.foreign_weights[player]:
                variable.assign(value)
        if through is not None:
            terms[f"{player}_loss"] += sum(through.layer_losses)
            weights = [scaled(ops.ones(())) for _ in through.layer_losses]
            grads = [None] * len(variables)
            if any(c is not None for c in cotangents):
                pairs = zip(cotangents, through.tensors, strict=True)
                cotangents = [ops.zeros_like(x) if c is None else c for c, x in pairs]
                grads = through.pull_back([*cotangents, *weights])
        grads = without_gaps(grads, variables, player)

        if any(v.regularizer is not None for v in variables):

            def scaled_regularization():
                loss = sum(v.regularizer(v) for v in variables if v.regularizer is not None)
                return scaled(loss), loss

            regularization, more = backend.gradients(scaled_regularization, variables)
            terms[f"{player}_loss"] += regularization
            grads = [g if m is None else g + m for g, m in zip(grads, more, strict=True)]

        backend.apply_gradients(optimizer, grads, variables, when)
        self.observe(**terms)
        return keras.tree.map_structure(ops.stop_gradient, kept)


class Forward:
    """One run of networks: their `output`, the losses that layers added, and their gradient."""

    def __init__(self, outputs, structure, pull_back):
        self.structure = structure
        count = len(keras.tree.flatten(structure))
        self.tensors, self.layer_losses = outputs[:count], outputs[count:]
        self.pull_back = pull_back

    @property
    def output(self):
        return self.packed(self.tensors)

    def packed(self, tensors):
        """Tensors in the structure in which the run has returned them."""
        return keras.tree.pack_sequence_as(self.structure, tensors)
