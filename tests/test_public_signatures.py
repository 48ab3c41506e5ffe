"""No public name comes, goes or takes other arguments unnoticed."""

from tests.backends import shown_on_tensorflow
from tests.public_signatures import COMMAND, FILE, arguments, members, signatures


def changes(before, now):
    """What differs between two lists of lines, in a sentence for each."""
    said = [f"- {line}" for line in before if line not in now]
    return said + [f"+ {line}" for line in now if line not in before]


@shown_on_tensorflow("names and arguments are the same on every backend")
def test_public_names_and_their_arguments_are_those_of_the_list():
    changed = changes(FILE.read_text().splitlines(), list(signatures()))
    assert not changed, "\n".join(
        (
            "Public names are not as tests/public_signatures.txt has them:",
            *changed,
            f"Where that is meant: {COMMAND}, and a line in CHANGELOG.md.",
        )
    )


def test_the_difference_names_what_went_and_what_came():
    before, now = ["a.f(x)", "a.g()"], ["a.f(x, y=1)", "a.g()"]
    assert changes(before, now) == ["- a.f(x)", "+ a.f(x, y=1)"]


def test_hints_and_places_in_memory_are_left_out():
    def function(x: "int | None", reader=len, *, scale: float = 0.5): ...

    assert arguments(function) == "(x, reader=len, *, scale=0.5)"


def test_a_class_has_its_own_methods_and_those_of_bases_that_are_not_public():
    class Hidden:
        __module__ = "keras_gans.somewhere"

        def told(self, seed=None): ...

        def build(self, shape): ...

    class Public(Hidden):
        __module__ = "keras_gans.somewhere"

        @property
        def size(self): ...

        @staticmethod
        def made(n): ...

        def _hidden(self): ...

    class Derived(Public):
        __module__ = "keras_gans.somewhere"

        def made(self, n, m): ...

    everything = {Public, Derived}
    assert list(members(Public, everything)) == ["made(n)", "size: property", "told(seed=None)"]
    assert list(members(Derived, everything)) == ["made(n, m)"]
