"""Terms of a loss that are computed now and then, or that look ahead of the opponent."""

import contextlib

from keras import ops

from keras_gans.engine.backend import backend
from keras_gans.engine.chunks import check_whole_number
from keras_gans.engine.keras_internals import random_states
from keras_gans.engine.optimizers import moves_made
from keras_gans.engine.players import as_terms, without_gaps
from keras_gans.engine.scope import RecordingScope, reading_as


class Terms:
    """What the function given to `minimize` may be written with: `every` and `unrolled`."""

    def every(self, n, player, fn):
        """A term of `player` that is computed before every n-th of its moves only, else zero.

        Lazy regularization: n times a penalty every n moves costs an n-th and weighs as much.
        The first move has it. The moves are those that the optimizer of `player` has counted,
        so a resumed run goes on where it was; a move that `when` or an infinite gradient
        prevented is not counted. The zeros are logged: the epoch mean of `n * penalty` is then
        that of the penalty. As in a penalty, what layers add as losses is not counted. The
        condition is in the compiled step; on PyTorch Python decides, and waits for the counter.
        No moves are counted in `test_step`: call `fn()` / n there, the mean that training logs.

        Args:
            n: Integer >= 1.
            player: Name of the player that moves down the term.
            fn: Function without arguments that returns a scalar. On several replicas of
                TensorFlow it cannot exchange anything with the others.

        Returns:
            A float32 scalar.

        Example:

        ```python
        penalty = lambda: 16 * r1(self.discriminator, real)
        self.minimize(
            "discriminator",
            lambda: {"adversarial": ..., "penalty": self.every(16, "discriminator", penalty)},
        )
        ```

        Source: Karras et al. 2020, arXiv:1912.04958, section 3.1.
        """
        check_whole_number("n", n, 1)
        assigned = []

        def term():
            with RecordingScope() as scope:
                value = ops.cast(fn(), "float32")
            assigned[:] = [variable for variable, _ in scope.updates()]
            return value, [value for _, value in scope.updates()]

        def no_term():  # Compiled after `term`: what that assigns stays as it is.
            return ops.zeros(()), [ops.convert_to_tensor(v) for v in assigned]

        due = ops.equal(moves_made(getattr(self.optimizer, player)) % n, 0)
        value, new_values = ops.cond(due, term, no_term)
        for variable, new_value in zip(assigned, new_values, strict=True):
            variable.assign(new_value)
        return value

    @contextlib.contextmanager
    def unrolled(self, player, loss_fn, steps, learning_rate):
        """In this block, `player` has taken steps that another player's gradient sees through.

        The variables of `player` read as they would after `steps` steps of plain gradient
        descent, and what is computed from them depends, second derivatives included, on all that
        `loss_fn` depends on. Outside they are what they were. Random states go on; whatever else
        the steps assign (statistics, logs) is dropped. Neither the optimizer of `player` nor
        regularizers and losses of its layers take part, nor is the loss scaled in float16.

        Args:
            player: Name of the player that looks ahead, not of the one that moves.
            loss_fn: Function without arguments that returns its loss, a scalar or a dict of
                terms; it is called at each step.
            steps: Integer >= 0.
            learning_rate: Float or scalar tensor.

        Example:

        ```python
        def generator_loss():
            fake = self.fake(batch)
            with self.unrolled("discriminator", lambda: self.terms(batch, fake), 5, 1e-2):
                return self.adversarial_loss.generator(self.discriminator(fake, training=True))


        self.minimize("generator", generator_loss)
        ```

        Source: Metz et al. 2017, arXiv:1611.02163, section 2.
        """
        check_whole_number("steps", steps, 0)
        variables = self.optimizer.moved_variables(player)

        def loss():
            return as_terms(player, loss_fn())[f"{player}_loss"] / backend.num_replicas(), None

        with RecordingScope() as ahead, backend.differentiating_twice():
            for _ in range(steps):
                _, grads = backend.gradients(loss, variables)
                grads = without_gaps(grads, variables, player)
                for variable, grad in zip(variables, grads, strict=True):
                    variable.assign(variable - learning_rate * backend.replica_sum(grad))
            values = [variable.value for variable in variables]
        drawn = {id(state) for state in random_states(self)}
        for variable, value in ahead.updates():
            if id(variable) in drawn:
                variable.assign(value)
        with reading_as(zip(variables, values, strict=True)):
            yield
