"""Which of the samples that a model can make are kept, by what its discriminator says of them."""

import keras
import numpy as np
from keras import ops

from keras_gans.engine.chunks import check_whole_number, in_chunks
from keras_gans.engine.named_inputs import inputs_of
from keras_gans.latents.sources import only_or_all

AT_ONCE = 1024  # Candidates at least, where more than one is drawn for each sample.


class DiscriminatorRejectionSampling:
    """Keep a sample with a probability that grows with the discriminator's score: for `generate`.

    With D(x) the logit of a discriminator that is the best for its generator, p_data / p_generator
    is exp(D(x)), and a sample that is kept with the probability exp(D(x) - max D) is one of the
    data. So few would be kept that the paper takes instead

        sigmoid(F(x) - gamma),   F(x) = D(x) - max D - log(1 - exp(D(x) - max D - epsilon)),

    where max D is the largest logit so far, first that of `burn_in` samples, and gamma is a
    percentile of the F of these. A sample that is asked for is drawn anew until one is kept.
    Where the model reads conditions, each sample keeps its own.

    The logit is the discriminator's score, which it is for the losses "non_saturating" and
    "minimax". With `real` samples, which training has not seen, a line from scores to logits is
    fitted to them and to as many generated ones by logistic regression: for all other losses, and
    for discriminators that are too sure.

    Args:
        percentile: Float from 0 to 100: of the samples of the burn-in, this share would be kept
            with a probability below one half. `None` for gamma = 0.
        burn_in: Integer >= 1, samples.
        most: Integer >= 1: after as many rounds a sample that was never kept is the one with the
            largest logit.
        real: Array of real samples as `fit` takes them, or `None`.
        conditions: Dict of what the networks read of the real samples, such as
            `{"labels": labels}`.

    Raises:
        ValueError: A number out of its range.

    Example:

    ```python
    select = keras_gans.latents.DiscriminatorRejectionSampling(real=images[-2000:])
    model.generate(64, seed=7, select=select)
    ```

    References:
        Azadi et al. 2019, arXiv:1810.06758, section 3.2.
    """

    def __init__(self, percentile=95.0, burn_in=10_000, most=1000, real=None, conditions=None):
        if percentile is not None and not 0 <= percentile <= 100:
            raise ValueError(f"percentile lies from 0 to 100, or is None; it was {percentile!r}.")
        check_whole_number("burn_in", burn_in, 1)
        check_whole_number("most", most, 1)
        self.percentile = percentile
        self.burn_in = burn_in
        self.most = most
        self.real = real
        self.conditions = conditions

    def __call__(self, candidates):
        """Rows of inputs that are kept, one for each sample that is asked for."""
        n, rng = candidates.number, candidates.rng
        _, burnt_in = candidates.draw(np.arange(self.burn_in) % n)
        largest = burnt_in.max()
        kept, best, left = candidates.rows(), np.full(n, -np.inf), np.arange(n)
        for _ in range(self.most):
            times = max(1, AT_ONCE // len(left))
            inputs, logits = candidates.draw(np.repeat(left, times))
            largest = max(largest, logits.max())
            accepted = rng.random(len(logits)) < self.probability(logits, burnt_in, largest)
            accepted, logits = accepted.reshape(-1, times), logits.reshape(-1, times)
            found = accepted.any(axis=1)
            # The first that is accepted; until then the best.
            chosen = np.where(found, accepted.argmax(axis=1), logits.argmax(axis=1))
            of_chosen = np.take_along_axis(logits, chosen[:, None], 1)[:, 0]
            better = found | (of_chosen > best[left])
            best[left] = np.maximum(best[left], of_chosen)
            chosen += np.arange(len(left)) * times
            put(kept, left[better], inputs, chosen[better])
            left = left[~found]
            if not len(left):
                break
        return kept

    def probability(self, logits, burnt_in, largest):
        """With what probability samples of these logits are kept: array `(n,)`."""

        def f(logits):
            below = logits - largest
            # 1e-14, the authors' epsilon, keeps the logarithm finite at the largest.
            return below - np.log(-np.expm1(below - 1e-14))

        gamma = 0.0 if self.percentile is None else np.percentile(f(burnt_in), self.percentile)
        return 0.5 + 0.5 * np.tanh((f(logits) - gamma) / 2)


class MetropolisHastings:
    """Take the last sample of a Markov chain whose proposals the generator makes: for `generate`.

    Each sample that is asked for has a chain of its own. At each step the generator proposes x',
    and the chain moves there from x with the probability

        min(1, (1 / D(x) - 1) / (1 / D(x') - 1)) = min(1, exp(logit of x' - logit of x)),

    whose stationary distribution is that of the data where D is the best discriminator for the
    generator. All chains run side by side. With `real` samples, which training has not seen, chains
    start from these, and need no burn-in; one that never moves starts again from a generated
    sample. They calibrate the discriminator, too: see `DiscriminatorRejectionSampling`, which is
    also how conditions are kept. Without them, chains start from generated samples.

    Args:
        steps: Integer >= 1, proposals for each sample: as many times what plain generation takes.
        real: Array of real samples as `fit` takes them, or `None`.
        conditions: Dict of what the networks read of the real samples, such as
            `{"labels": labels}`.

    Raises:
        ValueError: A number of steps out of its range.

    Example:

    ```python
    select = keras_gans.latents.MetropolisHastings(steps=200, real=images[-2000:])
    model.generate(64, seed=7, select=select)
    ```

    References:
        Turner et al. 2019, "Metropolis-Hastings Generative Adversarial Networks",
        arXiv:1811.11357, algorithm 1; there the calibration is isotonic, here a line.
    """

    def __init__(self, steps=640, real=None, conditions=None):
        check_whole_number("steps", steps, 1)
        self.steps = steps
        self.real = real
        self.conditions = conditions

    def __call__(self, candidates):
        """Rows of inputs that are kept, one for each sample that is asked for."""
        kept, left = candidates.rows(), np.arange(candidates.number)
        if candidates.real_logits is not None:
            start = candidates.rng.choice(candidates.real_logits, len(left))
            left = left[~self._run(candidates, kept, left, start)]
        if len(left):
            inputs, start = candidates.draw(left)
            put(kept, left, inputs, np.arange(len(left)))
            self._run(candidates, kept, left, start)
        return kept

    def _run(self, candidates, kept, rows, current):
        """Which of the chains have moved; where to is written to the rows of `kept`."""
        moved = np.zeros(len(rows), bool)
        many = max(1, AT_ONCE // len(rows))
        for step in range(0, self.steps, many):
            times = min(many, self.steps - step)
            inputs, logits = candidates.draw(np.repeat(rows, times))
            thresholds = np.log1p(-candidates.rng.random((len(rows), times)))  # Of (0, 1].
            last = np.full(len(rows), -1)
            for i, proposed in enumerate(logits.reshape(-1, times).T):
                accepted = thresholds[:, i] <= proposed - current
                current = np.where(accepted, proposed, current)
                last[accepted] = i
            now = last >= 0
            put(kept, rows[now], inputs, (last + np.arange(len(rows)) * times)[now])
            moved |= now
        return moved


class Candidates:
    """What a selection chooses from: samples of the asked conditions, and what they are scored.

    Args:
        model: A `LatentModel` that has a `discriminator`.
        inputs: Dict of arrays, what `call` takes for the samples that are asked for.
        drawn: Names of the latents in it that may be drawn anew.
        seed: As of `generate`.
        batch_size: Likewise.
        select: What has `real` and `conditions`.
    """

    def __init__(self, model, inputs, drawn, seed, batch_size, select):
        self.model, self.inputs, self.drawn = model, inputs, drawn
        self.batch_size = batch_size
        self.number = len(next(iter(inputs.values())))
        self.rng = np.random.default_rng(seed)
        self.real_logits = None
        self.line = 1.0, 0.0
        if select.real is not None:
            check_scores_samples_alone(model)
            real, conditions = np.asarray(select.real), select.conditions or {}
            named = self._named(model.inputs_for(len(real), self._seed(), None, conditions))
            scores = scores_of_real(model, real, named, batch_size)
            self.line = logistic_line(scores, scores_of_generated(model, named, batch_size))
            self.real_logits = self.line[0] * scores + self.line[1]

    def _named(self, inputs):
        return inputs if isinstance(inputs, dict) else self.model.latents_by_name(inputs)

    def _seed(self):
        return int(self.rng.integers(2**31))

    def rows(self):
        """A copy of the inputs, to write rows into."""
        return {name: np.array(array) for name, array in self.inputs.items()}

    def draw(self, rows):
        """A candidate for each of `rows`, indices of the samples that are asked for.

        Returns:
            Dict of inputs, and float64 logits `(len(rows),)`.
        """
        new = self._named(self.model.draw_latents(len(rows), self._seed()))
        inputs = {n: new[n] if n in self.drawn else x[rows] for n, x in self.inputs.items()}
        slope, constant = self.line
        return inputs, slope * scores_of_generated(self.model, inputs, self.batch_size) + constant


def selected(model, select, num_images, seed, latents, conditions, batch_size):
    """What `call` takes for samples that were selected: as `inputs_for`, of a `LatentModel`."""
    asked = model.inputs_for(num_images, seed, latents, conditions)
    inputs = asked if isinstance(asked, dict) else model.latents_by_name(asked)
    told = {} if latents is None else model.latents_by_name(latents)
    told = {*told, *(name for name, value in conditions.items() if value is not None)}
    drawn = [name for name in model.latents if name not in told]
    if not drawn:
        raise ValueError(
            "generate() got all latents, and `select`, which draws latents to select from: leave "
            "one of the two out."
        )
    check_has_scores(model)
    if not len(next(iter(inputs.values()))):
        return asked
    return only_or_all(select(Candidates(model, inputs, drawn, seed, batch_size, select)))


def check_has_scores(model):
    """Raise a sentence unless the discriminator says of samples how real they are."""
    if getattr(model, "discriminator", None) is None:
        raise TypeError(
            f"`select` asks a discriminator how real samples are; {type(model).__name__} has none."
        )


def check_scores_samples_alone(model):
    """Raise a sentence where scores are of pairs, whose latents real samples do not have."""
    named = inputs_of(model.discriminator)
    if len(named) > 1 and (read := [name for name in model.latents if name in named]):
        raise ValueError(
            f"The discriminator of {type(model).__name__} reads {', '.join(read)} beside samples, "
            "which real ones do not have: leave out `real`."
        )


def scores_of_generated(model, inputs, batch_size):
    """Raw scores of what `call` makes of inputs, a dict of arrays: float64 array `(n,)`."""

    def scored(chunk):
        n = len(next(iter(chunk.values())))
        return scores(model, model.predict_samples(only_or_all(chunk))[:n], chunk)

    return in_chunks(scored, inputs, batch_size)


def scores_of_real(model, samples, inputs, batch_size):
    """Raw scores of real samples, with what the networks read of them: float64 array `(n,)`."""

    def scored(chunk):
        samples, inputs = chunk
        return scores(model, model.samples.to_floats(samples), inputs)

    return in_chunks(scored, (samples, inputs), batch_size)


def scores(model, samples, inputs):
    """How real the discriminator says that samples are: float64 array `(n,)`.

    Args:
        model: A `LatentModel` that has a `discriminator`.
        samples: Samples as the networks have them.
        inputs: Dict of the latents and conditions that belong to them.
    """
    latents, conditions = model.read(inputs)
    beside = {**model.latents_by_name(latents), **conditions}
    samples, beside = keras.tree.map_structure(ops.convert_to_tensor, (samples, beside))
    made = model.run(model.discriminator, samples, beside, training=False)
    if isinstance(made, dict):
        made = made.get("scores")
    if made is None or made.shape[0] != len(samples) or made.shape[1:] == samples.shape[1:] != (1,):
        raise TypeError(
            f"`select` asks the discriminator how real each sample is; that of "
            f"{type(model).__name__} does not say so by one score, or one map of scores, of each."
        )
    made = np.reshape(ops.convert_to_numpy(ops.cast(made, "float32")), (len(samples), -1))
    if not np.isfinite(made).all():
        raise ValueError(
            "The discriminator's scores are not finite, so nothing can be selected by them: has "
            "the training diverged?"
        )
    return made.mean(axis=1, dtype="float64")


def logistic_line(real, fake):
    """The line from scores to logits by logistic regression, Platt's.

    Args:
        real: Array `(n,)` of scores.
        fake: Array `(m,)`.

    Returns:
        `(slope, constant)`; the logit is that of equally many real and generated samples.

    References:
        Platt 1999, "Probabilistic Outputs for Support Vector Machines", whose targets short of 0
        and 1 keep the slope finite where all scores of one side are above those of the other.
    """
    x = np.concatenate([real, fake])
    middle, unit = x.mean(), x.std() or 1.0
    rows = np.stack([(x - middle) / unit, np.ones_like(x)])
    n, m = len(real), len(fake)
    target = np.repeat([(n + 1) / (n + 2), 1 / (m + 2)], [n, m])
    weights = np.repeat([1 / n, 1 / m], [n, m])
    line = np.zeros(2)
    for _ in range(100):  # Newton's method.
        p = 0.5 + 0.5 * np.tanh(line @ rows / 2)
        curvature = (rows * (weights * p * (1 - p))) @ rows.T + 1e-12 * np.eye(2)
        step = np.linalg.solve(curvature, rows @ (weights * (target - p)))
        line += step / max(1.0, np.abs(step).max())
        if np.abs(step).max() < 1e-10:
            break
    return line[0] / unit, line[1] - line[0] * middle / unit


def put(kept, rows, inputs, chosen):
    """Write chosen rows of one dict of arrays to rows of another."""
    for name, array in kept.items():
        array[rows] = inputs[name][chosen]
