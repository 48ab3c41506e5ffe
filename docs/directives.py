"""What the pages quote from the package, so that nothing of it is written twice."""

import inspect
import re
import textwrap

from docutils import nodes
from docutils.parsers.rst import Directive

import keras_gans


def box(cls):
    """The paper's algorithm box: the blocks of the docstring that lie deeper.

    Args:
        cls: A model.

    Returns:
        String; "" where the docstring has no box.
    """
    text = inspect.getdoc(cls).partition("\nArgs:")[0] + "\n"
    blocks = re.findall(r":\n\n((?:(?: {4}.*)?\n)+)", text)
    return "\n\n".join(textwrap.dedent(block).strip("\n") for block in blocks)


class Algorithm(Directive):
    """The algorithm box of a model beside its train step: ```{algorithm} GAN```."""

    required_arguments = 1

    def run(self):
        cls = getattr(keras_gans, self.arguments[0])
        code = textwrap.dedent(inspect.getsource(cls.train_step)).strip()
        both = nodes.container(classes=["beside"])
        both += nodes.literal_block(box(cls), box(cls), language="text")
        both += nodes.literal_block(code, code, language="python")
        return [both]


class Summary(Directive):
    """The first paragraph of the docstring of a public name, given from the package on."""

    required_arguments = 1

    def run(self):
        value = keras_gans
        for name in self.arguments[0].split("."):
            value = getattr(value, name)
        paragraph, messages = self.state.inline_text(
            inspect.getdoc(value).split("\n\n")[0].replace("\n", " "), self.lineno
        )
        return [nodes.paragraph("", "", *paragraph), *messages]


def write_entrance(app, failure):
    """Write the index.html that leads to that of docs/."""
    if failure is None and app.builder.name == "html":
        page = '<!doctype html><meta http-equiv="refresh" content="0; url=docs/index.html">\n'
        (app.outdir / "index.html").write_text(page)
