"""Selected samples are those of the data where the discriminator is the best one."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.latents import DiscriminatorRejectionSampling, MetropolisHastings
from keras_gans.latents.selection import logistic_line
from keras_gans.models import BEGAN, GAN, BiGAN, VariationalAutoencoder
from tests.harness import coders, dense_gan

MEAN, STD = 0.5, 0.8  # Of the data; the generator makes N(0, 1).


def best_logit(x):
    return 0.5 * ops.square(x) - 0.5 * ops.square((x - MEAN) / STD) - np.log(STD)


def gan(score=best_logit, **options):
    generator = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    generator.layers[0].kernel.assign([[1.0]])
    points = keras.Input((1,))
    return GAN(generator, keras.Model(points, score(points)), latent_dim=1, **options)


def data(n, seed=0):
    return np.random.default_rng(seed).normal(MEAN, STD, (n, 1)).astype("float32")


@pytest.mark.parametrize(
    "select",
    [MetropolisHastings(steps=40), DiscriminatorRejectionSampling(percentile=None)],
    ids=lambda select: type(select).__name__,
)
def test_samples_are_of_the_data_where_scores_are_the_best_logits(select):
    samples = gan().generate(2000, seed=1, select=select, batch_size=2**14)
    # Four deviations of each; the plain ones are ten and more away.
    assert samples.mean() == pytest.approx(MEAN, abs=4 * STD / np.sqrt(2000))
    assert samples.std() == pytest.approx(STD, abs=4 * STD / np.sqrt(4000))
    assert np.mean(samples > MEAN + STD) == pytest.approx(0.1587, abs=0.03)


@pytest.mark.parametrize(
    "select",
    [
        MetropolisHastings(steps=40, real=data(3000)),
        DiscriminatorRejectionSampling(percentile=None, real=data(3000)),
    ],
    ids=lambda select: type(select).__name__,
)
def test_real_samples_calibrate_scores_that_are_no_logits(select):
    model = gan(lambda x: 0.1 * best_logit(x) + 7.0)
    samples = model.generate(2000, seed=1, select=select, batch_size=2**14)
    assert samples.mean() == pytest.approx(MEAN, abs=0.09)
    assert samples.std() == pytest.approx(STD, abs=0.07)


def test_the_percentile_is_the_share_that_is_kept_less_than_half_of_the_time():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=5000)
    select = DiscriminatorRejectionSampling(percentile=80.0)
    probability = select.probability(logits, logits, logits.max())
    assert np.mean(probability < 0.5) == pytest.approx(0.8, abs=1e-3)
    assert (np.argsort(probability) == np.argsort(logits)).all()
    # Without gamma it is rejection sampling.
    exact = DiscriminatorRejectionSampling(percentile=None)
    probability = exact.probability(logits, logits, 4.0)
    np.testing.assert_allclose(probability, np.exp(logits - 4.0), rtol=1e-9)


def labelled_gan():
    latents, ids = keras.Input((1,), name="latents"), keras.Input((), dtype="int32", name="labels")
    shift = 20.0 * ops.cast(ids, "float32")[:, None]
    generator = keras.Model([latents, ids], latents + shift)
    points, ids = keras.Input((1,), name="points"), keras.Input((), dtype="int32", name="labels")
    shift = 20.0 * ops.cast(ids, "float32")[:, None]
    discriminator = keras.Model([points, ids], best_logit(points - shift))
    return GAN(generator, discriminator, latent_dim=1)


@pytest.mark.parametrize("kind", [MetropolisHastings, DiscriminatorRejectionSampling])
def test_each_sample_keeps_its_conditions(kind):
    labels = np.arange(90) % 3
    real = {"real": data(60) + 20.0 * labels[:60, None], "conditions": {"labels": labels[:60]}}
    few = {"steps": 10} if kind is MetropolisHastings else {"burn_in": 100}
    generate = labelled_gan().generate
    samples = generate(labels=labels, seed=3, select=kind(**few, **real))
    assert (np.round(samples[:, 0] / 20) == labels).all()
    assert np.mean(samples[:, 0] - 20 * labels) > 0.2
    with pytest.raises(ValueError, match="labels is missing"):
        generate(labels=labels, select=kind(**few, real=real["real"]))


@pytest.mark.parametrize(
    "select",
    [MetropolisHastings(steps=5), DiscriminatorRejectionSampling(burn_in=50)],
    ids=lambda select: type(select).__name__,
)
def test_a_seed_says_which_samples_whatever_the_batch_size(select):
    model = dense_gan(ema_decay=0.9)
    for weight in model.averaged_generator.weights:
        weight.assign(weight + 0.1)
    images = model.generate(6, seed=4, select=select)
    assert images.dtype == np.uint8 and images.shape == (6, 4, 4, 1)
    np.testing.assert_array_equal(images, model.generate(6, seed=4, select=select, batch_size=999))
    assert (images != model.generate(6, seed=5, select=select)).any()
    assert (images != model.generate(6, seed=4)).any()
    model.generator.set_weights([0 * weight for weight in model.generator.get_weights()])
    np.testing.assert_array_equal(images, model.generate(6, seed=4, select=select))
    assert len(model.generate(0, select=select)) == 0


def test_a_sample_that_is_never_kept_is_the_best_of_all_rounds():
    select = DiscriminatorRejectionSampling(percentile=100.0, burn_in=1, most=3)
    select.probability = lambda logits, *_: np.zeros_like(logits)
    samples = gan().generate(4, seed=0, select=select)
    # Of 768 draws for each, by the logit, whose largest value is at MEAN / (1 - STD^2).
    np.testing.assert_allclose(samples, MEAN / (1 - STD**2), atol=0.2)


def test_a_chain_that_never_leaves_a_real_sample_starts_again():
    select = MetropolisHastings(steps=3, real=data(50))
    model = gan(lambda x: -1e4 * ops.square(x - 9))  # No proposal is as real as 9.
    select.real = np.full((50, 1), 9.0, "float32")
    assert np.isfinite(model.generate(5, seed=0, select=select)).all()
    assert model.generate(5, seed=0, select=select).max() < 5


def test_the_line_from_scores_to_logits_is_where_the_likelihood_has_no_slope():
    rng = np.random.default_rng(0)
    real, fake = rng.normal(101, 1, 4000), rng.normal(99, 1, 1000)
    slope, constant = logistic_line(real, fake)
    # Two Gaussians of one deviation: the logit is 2 (x - 100).
    assert slope == pytest.approx(2, rel=0.1) and -constant / slope == pytest.approx(100, abs=0.1)
    p, q = (1 / (1 + np.exp(-(slope * x + constant))) for x in (real, fake))
    t, u = 4001 / 4002, 1 / 1002
    assert np.mean(t - p) == pytest.approx(np.mean(q - u), abs=1e-9)
    assert np.mean((t - p) * real) == pytest.approx(np.mean((q - u) * fake), abs=1e-7)
    assert np.isfinite(logistic_line(real + 100, fake)).all()  # All of one side above the other.
    assert logistic_line(np.ones(5), np.ones(5)) == pytest.approx((0, 0), abs=1e-9)


def test_what_cannot_select_is_told_in_a_sentence():
    select = MetropolisHastings(steps=2)
    with pytest.raises(ValueError, match="got all latents, and `select`"):
        gan().generate(latents=np.zeros((2, 1)), select=select)
    with pytest.raises(ValueError, match="scores are not finite"):
        gan(lambda x: x / 0.0).generate(2, select=select)
    flat = keras.Sequential([keras.Input((3,)), keras.layers.Dense(3)])
    with pytest.raises(TypeError, match="that of BEGAN does not say so by one score"):
        BEGAN(flat, keras.models.clone_model(flat), latent_dim=3).generate(2, select=select)
    autoencoder = VariationalAutoencoder(*coders(variational=True), 4, likelihood="squared_error")
    with pytest.raises(TypeError, match="VariationalAutoencoder has none"):
        autoencoder.generate(2, select=select)
    latents, images = keras.Input((3,), name="latents"), keras.Input((3,), name="points")
    pairs = keras.Model([images, latents], keras.layers.Dot(1)([images, latents]))
    encoder = keras.models.clone_model(flat)
    model = BiGAN(flat, encoder, pairs, latent_dim=3)
    assert model.generate(2, select=select).shape == (2, 3)
    with pytest.raises(ValueError, match="BiGAN reads latents beside samples"):
        model.generate(2, select=MetropolisHastings(real=np.zeros((2, 3), "float32")))
    for arguments in ({"percentile": 101}, {"burn_in": 0}, {"most": 0}):
        with pytest.raises(ValueError, match=f"{next(iter(arguments))} "):
            DiscriminatorRejectionSampling(**arguments)
    with pytest.raises(ValueError, match="steps is a whole number from 1 on"):
        MetropolisHastings(steps=0)
