"""Writes the public names, and what each is called with: `python -m tests.public_signatures`."""

import importlib
import inspect
import pkgutil
from pathlib import Path

import keras_gans

FILE = Path(__file__).with_suffix(".txt")
COMMAND = "python -m tests.public_signatures"
# What Keras calls, with Keras's arguments; and all that begins with `on_`.
HOOKS = {
    "build",
    "call",
    "compute_output_shape",
    "compute_output_spec",
    "from_config",
    "get_config",
    "test_step",
    "train_step",
}


def modules():
    """The package, its sub-packages, and modules that are public names of one."""
    found = [keras_gans]
    for module in pkgutil.walk_packages(keras_gans.__path__, "keras_gans."):
        if module.ispkg:
            found.append(importlib.import_module(module.name))
    for package in tuple(found):
        values = (getattr(package, name) for name in package.__all__)
        found += (value for value in values if inspect.ismodule(value) and value not in found)
    return sorted(found, key=lambda module: module.__name__)


def signatures():
    """Lines; of a name that is public in two places the outer one says where the inner one is."""
    objects = {
        f"{module.__name__}.{name}": getattr(module, name)
        for module in modules()
        for name in module.__all__
        if not inspect.ismodule(getattr(module, name))
    }
    homes = {}
    for name in sorted(objects, key=lambda name: (-name.count("."), name)):
        if callable(objects[name]):
            homes.setdefault(id(objects[name]), name)
    public = {value for value in objects.values() if inspect.isclass(value)}
    for name, value in sorted(objects.items()):
        if not callable(value):
            yield f"{name}: {type(value).__name__}"
        elif homes[id(value)] != name:
            yield f"{name} = {homes[id(value)]}"
        elif inspect.isclass(value):
            yield f"{name}{constructor(value)}"
            yield from (f"{name}.{line}" for line in members(value, public))
        else:
            yield f"{name}{arguments(value)}"


def constructor(cls):
    # Keras's classes and named tuples have a `__new__`, of which only the latter's says something.
    made_by = cls.__new__ if issubclass(cls, tuple) else cls.__init__
    inherited = not issubclass(cls, tuple) and not is_ours(made_by)
    return "(...)" if inherited else arguments(made_by, skip=1)


def is_ours(value):
    return (getattr(value, "__module__", None) or "").startswith("keras_gans")


def members(cls, public):
    """What a class has of this package's, beside what its public bases have already."""
    ours = [base for base in cls.__mro__ if is_ours(base)]
    told = [base for base in ours[1:] if base in public]
    names = {name for base in ours for name in vars(base) if not name.startswith("_")} - HOOKS
    for name in sorted(name for name in names if not name.startswith("on_")):
        value = inspect.getattr_static(cls, name)
        if any(inspect.getattr_static(base, name, None) is value for base in told):
            continue
        if isinstance(value, property):
            yield f"{name}: property"
        elif isinstance(value, staticmethod):
            yield f"{name}{arguments(value.__func__)}"
        elif isinstance(value, classmethod) or inspect.isfunction(value):
            yield f"{name}{arguments(getattr(value, '__func__', value), skip=1)}"


def arguments(function, skip=0):
    """`(images, seed=0)`: without hints, which name a type differently in each Python."""
    parameters = list(inspect.signature(function).parameters.values())[skip:]
    return str(inspect.Signature([plain(parameter) for parameter in parameters]))


class Told:
    """A default value, by its name where it has one: else it would say where it lies in memory."""

    def __init__(self, value):
        self.value = value

    def __repr__(self):
        return getattr(self.value, "__name__", None) or repr(self.value)


def plain(parameter):
    parameter = parameter.replace(annotation=parameter.empty)
    if parameter.default is parameter.empty:
        return parameter
    return parameter.replace(default=Told(parameter.default))


if __name__ == "__main__":
    FILE.write_text("".join(f"{line}\n" for line in signatures()))
