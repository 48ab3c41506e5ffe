"""Model cards: what a service owner should know of an export."""

import importlib.metadata
import inspect
import json
import numbers
import platform

import keras

import keras_gans
from keras_gans.serving.signatures import described

CARD = "MODEL_CARD.md"


def model_card(model, endpoints, options, trained_on=None, scores=None):
    """A model card in Markdown.

    Args:
        model: The model.
        endpoints: Dict from names to its `Endpoint`s that are exported.
        options: Dict of the options of `export` that were asked for.
        trained_on: String: which images, and whose they are.
        scores: Dict from names of scores to `protocol()` of their metrics (the "score" and all
            that it depends on), or to plain numbers.

    Returns:
        String.

    Raises:
        TypeError: Scores of another form.
    """
    facts = {
        "what it makes": what_it_makes(endpoints),
        **classes_of(endpoints),
        "trained on": trained_on or "not stated",
        "train steps": train_steps(model),
        "seed": model.seed,
        "exported with": ", ".join(f"{name}={value!r}" for name, value in options.items()),
        "versions": versions(),
    }
    rows = "\n".join(f"| {name} | {one_line(value)} |" for name, value in facts.items())
    said, *_ = inspect.cleandoc(type(model).__doc__ or "").split("\n")
    return (
        f"# {type(model).__name__}\n\n{said}\n\n"
        f"| | |\n|---|---|\n{rows}\n\n## Scores\n\n{score_table(scores)}"
    )


def what_it_makes(endpoints):
    """Each endpoint with what it takes and gives."""

    def listed(specs):
        facts = ((name, described(name, spec)) for name, spec in specs.items())
        return ", ".join(
            f"{name} {fact['dtype']} {str(fact['shape']).replace('None', 'n', 1)}"
            for name, fact in facts
        ).replace("None", "any")

    return "; ".join(
        f"{name}: {listed(endpoint.outputs)} from {listed(endpoint.inputs)}"
        for name, endpoint in endpoints.items()
    )


def classes_of(endpoints):
    """Dict from each input of ids that stand for named classes to these names."""
    return {
        f"classes of {name}": ", ".join(f"{i} {known}" for i, known in enumerate(spec.names))
        for endpoint in endpoints.values()
        for name, spec in endpoint.inputs.items()
        if spec.names
    }


def train_steps(model):
    if not model.compiled:
        return "not known: the model is not compiled"
    counts = {name: model.steps_taken(name) for name in model.players}
    return ", ".join(f"{count} of the {name}" for name, count in counts.items())


def versions():
    return (
        f"keras_gans {keras_gans.__version__}, keras {keras.__version__}, "
        f"tensorflow {tensorflow_version()}, "
        f"Python {platform.python_version()}; the backend was {keras.backend.backend()}"
    )


def tensorflow_version():
    """That of the distribution which has TensorFlow: `tensorflow`, `tensorflow-cpu`, ..."""
    names = importlib.metadata.packages_distributions().get("tensorflow")
    if not names:
        raise ImportError(
            "Exports are written by TensorFlow, on every backend, and it is not installed: "
            "pip install tensorflow."
        )
    return importlib.metadata.version(sorted(names)[0])


def score_table(scores):
    if not scores:
        return "None were stated.\n"
    if not isinstance(scores, dict):
        raise TypeError(f"scores is a dict from names to scores; it was {scores!r}.")
    rows = ""
    for name, score in scores.items():
        protocol = dict(score) if isinstance(score, dict) else {"score": score}
        value = protocol.pop("score", None)
        if not isinstance(value, numbers.Real):
            raise TypeError(
                f"A score is a number, or what `protocol()` of its metric says; {name} was "
                f"{score!r}."
            )
        rows += f"| {name} | {value:.6g} | {json.dumps(protocol) if protocol else 'not stated'} |\n"
    return f"| score | value | protocol |\n|---|---|---|\n{rows}"


def one_line(value):
    return " ".join(str(value).replace("|", "\\|").split())
