"""SemiSupervisedGAN: a classifier that learns from images without labels, by Salimans et al."""

from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans.data import ImageDataset
from keras_gans.engine.averages import shadow_of, update_average
from keras_gans.engine.backend import backend
from keras_gans.engine.batches import named
from keras_gans.engine.named_inputs import inputs_of, main_shape, structure_for
from keras_gans.models.classifies import Classifies, told
from keras_gans.models.latent_model import LatentModel
from keras_gans.specs import Spec


@keras.saving.register_keras_serializable(package="keras_gans")
class SemiSupervisedGAN(LatentModel, Classifies):
    """Improved techniques for training GANs, section 5, arXiv:1606.03498.

    The discriminator tells K classes by logits l_1, ..., l_K; that of the class "generated" is 0,
    since one of K + 1 may be fixed. So with Z(x) = sum_k exp l_k(x), an image is real with the
    probability D(x) = Z(x) / (Z(x) + 1). With f(x) the activations before the logits, for every
    training iteration:

        take images x of labels y, images u without, sample as many latents z
        update the classifier by the gradient of
            E[-l_y(x) + log Z(x)] + w / 2 (E[-log D(u)] + E[-log(1 - D(G(z)))])
        update the generator by the gradient of |E f(u) - E f(G(z))|, squared or absolute

    w is 1; both distances are means over the activations, as in the authors' programs. The first
    expectation is that of the labelled images of a batch, 0 where it has none, and those of u are
    over the others, or over all of a batch without any.

    An image without a label has the label -1. Of arrays and `keras_gans.data.images` of which fewer
    than half are labelled, `fit` draws about half of each batch from either kind, by a copy of the
    data set that repeats the labelled images more often. With `shuffle=False`, where the data set
    has weights of its own, and of any other data, batches are what they are. Two data sets, zipped,
    are `((images, labels), images)`.

    What `model(images)`, `predict` and `classify` run, and what `evaluate` scores, is the averaged
    classifier where there is an `ema_decay`, and the generator of `generate` is the averaged one.
    `accuracy` is the share of labelled images whose class is told: of `fit` by the classifier that
    trains, on its way; of `evaluate` and validation by that of `classify`.

    Args:
        generator: `keras.Model` from latents alone to images.
        classifier: Functional `keras.Model` from images to a dict: `logits`, a raw score of each
            class `(n, classes)`, and `features`, activations of any shape `(n, ...)`.
        latent_dim: Integer; or leave it out and give `latents`.
        matching: "squared", the paper's distance of features, or "absolute", that of the authors'
            programs for colour images.
        unlabelled_weight: Float w, factor of what images without labels add.
        **options: `latents`, `samples`, `ema_decay`, `augment`, `seed` and `name`, see
            `LatentModel`.

    Raises:
        ValueError: Networks that do not fit together, or another `matching`.

    Example:

    ```python
    labels[1000:] = -1  # int32 (n,)
    shape, classes = (28, 28, 1), 10
    networks = improved_gan_generator(shape), convolutional_classifier(shape, classes)
    model = SemiSupervisedGAN(*networks, latent_dim=100, samples=Images((0, 1)))
    model.compile()
    model.fit(images, labels, batch_size=128, epochs=10, validation_data=(others, their_labels))
    model.classify(others)  # int32 (n,)
    model.generate(16)
    ```
    """

    def __init__(
        self,
        generator: keras.Model,
        classifier: keras.Model,
        latent_dim: int | None = None,
        matching: str = "squared",
        unlabelled_weight: float = 1.0,
        **options: Any,
    ):
        super().__init__(generator, latent_dim, **options)
        self._check_networks(classifier)
        if matching not in DISTANCES:
            raise ValueError(f"matching is one of {', '.join(DISTANCES)}; it was {matching!r}.")
        self.classifier = classifier
        self.averaged_classifier = None if self.ema_decay is None else shadow_of(classifier)
        self.matching = matching
        self.unlabelled_weight = unlabelled_weight
        self.track("classifier_loss", "generator_loss", "supervised", "unsupervised", "accuracy")

    def _check_networks(self, classifier):
        if len(self.latents) < len(inputs_of(self.generator)):
            raise ValueError(
                "The generator of SemiSupervisedGAN reads latents alone, since most images have no "
                f"label; this one reads {', '.join(inputs_of(self.generator))}."
            )
        made = getattr(classifier, "output", None)
        made = made if isinstance(made, dict) else {}
        if made.keys() != {"logits", "features"} or len(made["logits"].shape) != 2:
            raise ValueError(
                "The classifier of SemiSupervisedGAN is a functional model whose outputs are a "
                'dict: keras.Model(images, {"logits": ..., "features": ...}), with logits (n, '
                f"classes). This one makes {', '.join(made) or 'no dict'}."
            )
        taken = main_shape(classifier, [self.samples.name], "classifier")
        if len(inputs_of(classifier)) > 1 or taken != self.image_shape:
            raise ValueError(
                f"The generator makes {self.image_shape}, the classifier takes "
                f"{', '.join(inputs_of(classifier))} of {taken}: it has to take what the generator "
                "makes, and nothing else."
            )

    @property
    def players(self):
        return {"classifier": [self.classifier], "generator": [self.generator]}

    @property
    def classes(self):
        """K, how many classes there are."""
        return self.classifier.output["logits"].shape[-1]

    @property
    def conditions(self):
        return {"labels": Spec("labels", (), "int32", -1, self.classes - 1, self.class_names or ())}

    @property
    def inference_classifier(self):
        """The averaged classifier where there is one, else the classifier."""
        return self.averaged_classifier or self.classifier

    def default_optimizer(self, player):
        # The authors' of SVHN and CIFAR-10; for MNIST they begin at 3e-3.
        return keras.optimizers.Adam(3e-4, beta_1=0.5, beta_2=0.999, epsilon=1e-8)

    # The train step.

    def train_step(self, data):
        batch = self.batch(data)
        fake = self.forward_once("generator", lambda: self.fake(batch))
        self.minimize("classifier", lambda: self.classifier_terms(batch, fake.output))
        self.minimize("generator", lambda fake: self.generator_loss(batch, fake), through=fake)
        self.end_step(batch)
        return self.logs()

    def fake(self, batch):
        """As many generated samples as there are real ones."""
        return self.run(self.generator, self.sample_latents(batch.samples), {}, training=True)

    def judge(self, samples, training):
        """What the classifier says: a dict of logits and features."""
        network = self.classifier if training else self.inference_classifier
        return network(self.augmented(samples, training), training=training)

    def classifier_terms(self, batch, fake, training=True):
        """What labels teach, and what images without them do."""
        labels = batch.conditions["labels"]
        labelled, real = self.roles(labels)
        logits = float32(self.judge(batch.samples, training)["logits"])
        fake_logits = float32(self.judge(ops.stop_gradient(fake), training)["logits"])
        likeliest = ops.cast(ops.argmax(logits, axis=-1), labels.dtype)
        right = ops.cast(likeliest == labels, "float32")
        self._trackers["accuracy"].update_state(right, sample_weight=labelled)
        log_z, fake_log_z = ops.logsumexp(logits, axis=-1), ops.logsumexp(fake_logits, axis=-1)
        self.adapt_augment(log_z, training)
        of_label = ops.sum(ops.one_hot(labels, self.classes) * logits, axis=-1)
        # D = s(log Z), with s the sigmoid: -log D = softplus(-log Z).
        unsupervised = mean_of(ops.softplus(-log_z), real) + ops.mean(ops.softplus(fake_log_z))
        return {
            "supervised": mean_of(log_z - of_label, labelled),
            "unsupervised": self.unlabelled_weight / 2 * unsupervised,
        }

    def generator_loss(self, batch, fake, training=True):
        """How far the mean features of generated samples are from those of real ones."""
        _, real = self.roles(batch.conditions["labels"])
        real_features = self.judge(batch.samples, training)["features"]
        features = self.judge(fake, training)["features"]
        wanted = ops.stop_gradient(mean_features(real_features, real))
        made = mean_features(features, ops.ones_like(real))
        return ops.mean(DISTANCES[self.matching](wanted - made))

    def roles(self, labels):
        """Which images are labelled, and which stand for all: 1 or 0 for each, in float32."""
        labelled = ops.cast(labels >= 0, "float32")
        others = 1.0 - labelled
        has_others = backend.replica_sum(ops.sum(others)) > 0
        return labelled, ops.where(has_others, others, ops.ones_like(others))

    def update_averages(self, decay):
        super().update_averages(decay)
        update_average(self.averaged_classifier, self.classifier, decay)

    def test_step(self, data):
        batch = self.batch(data)
        fake = self.imagined(batch)
        self.observe_losses(
            classifier=self.classifier_terms(batch, fake, training=False),
            generator=self.generator_loss(batch, fake, training=False),
        )
        self.update_scores(batch.samples, fake)
        return self.logs()

    # Data.

    def parts(self, data):
        """`(images, labels)`, also of two zipped data sets `((images, labels), images)`."""
        if not (isinstance(data, (tuple, list)) and isinstance(data[0], (tuple, list))):
            return super().parts(data)
        (images, beside), others = data[0], data[1] if len(data) > 1 else None
        if others is None:
            return super().parts(data[0])
        labels = named(beside, self.conditions).get("labels")
        if labels is None:
            raise ValueError(
                "Expected `((images, labels), images)`, but the first images have no labels."
            )
        if images.dtype != others.dtype or images.shape[1:] != others.shape[1:]:
            raise ValueError(
                f"Expected labelled and unlabelled images to be alike, but they are {images.dtype} "
                f"{tuple(images.shape)} and {others.dtype} {tuple(others.shape)}. Convert them."
            )
        of = np if isinstance(images, np.ndarray) else ops
        none = of.full(ops.shape(others)[:1], -1, dtype="int32")
        return of.concatenate([images, others]), of.concatenate([labels, none])

    def checked(self, x, y, batch_size, shuffle, name="x"):
        x, y = super().checked(x, y, batch_size, shuffle, name)
        if isinstance(x, ImageDataset) and (x.fields_drawn()[0]["labels"] < 0).all():
            raise ValueError(
                f"None of the {x.num_images} images in `{name}` has a label: all are -1. "
                "SemiSupervisedGAN needs a few of each class; label some."
            )
        return x, y

    def in_seeded_order(self, x, y, batch_size, shuffle):
        x, y = super().in_seeded_order(x, y, batch_size, shuffle)
        if (
            shuffle is not True
            or not isinstance(x, ImageDataset)
            or x.with_replacement
            or not x.shuffle
        ):
            return x, y
        labels = x.fields["labels"]
        labelled = np.count_nonzero(labels >= 0)
        if not 0 < labelled < len(labels) / 2:
            return x, y
        return x.weighted(np.where(labels < 0, 1.0, len(labels) / labelled - 1)), y

    # Inference.

    def call(self, inputs, training=False):
        """How likely each class is: float32 `(n, classes)`; inference only.

        Args:
            inputs: Images `(n, height, width, channels)`, floats as networks have them or uint8.
            training: Ignored.
        """
        images = self.samples.to_floats(inputs)
        return told(self.inference_classifier(images, training=False))["probabilities"]

    def symbolic_inputs(self):
        return keras.Input(self.image_shape, name=self.samples.name)

    def imagined(self, batch):
        latents = self.sample_latents(batch.samples, seed=self.evaluation_seed)
        return self.run(self.inference_generator, latents, {}, training=False)

    def predict_samples(self, inputs):
        generator, (latents, _) = self.inference_generator, self.read(inputs)
        return generator.predict_on_batch(structure_for(generator, latents, {}))

    def served_classifier(self, weights="averaged"):
        return self.classifier if weights == "raw" else self.inference_classifier

    def endpoints(self, weights="averaged"):
        return {**super().endpoints(weights), "classify": self.classify_endpoint(weights)}


DISTANCES = {"squared": ops.square, "absolute": ops.abs}


def float32(tensor):
    return ops.cast(tensor, "float32")


def mean_of(values, chosen):
    """The mean of those values `(n,)` of the whole batch that are chosen; 0 where none is."""
    number = backend.replica_sum(ops.sum(chosen))
    # The engine takes the mean over replicas of what each one returns.
    return backend.num_replicas() * ops.sum(values * chosen) / ops.maximum(number, 1.0)


def mean_features(features, chosen):
    """The mean activations `(d,)` of those images of the whole batch that are chosen."""
    flat = ops.reshape(float32(features), (ops.shape(features)[0], -1))
    number = backend.replica_sum(ops.sum(chosen))
    return backend.replica_sum(ops.sum(flat * chosen[:, None], axis=0)) / ops.maximum(number, 1.0)
