"""The pages of the reference: one for each public module, with every public name."""

import inspect

from tests.public_signatures import FILE, constructor, members, modules


def write_pages(folder):
    """Write a page for each public module, and one that lists them; what is the same stays."""
    folder.mkdir(exist_ok=True)
    texts = dict(pages())
    for stale in {path.name for path in folder.glob("*.md")} - {f"{name}.md" for name in texts}:
        (folder / stale).unlink()
    for name, text in texts.items():
        path = folder / f"{name}.md"
        if not path.exists() or path.read_text() != text:
            path.write_text(text)


def pages():
    """Names and texts of the pages."""
    found = modules()
    homes = homes_of(found)
    public = {value for value in homes if inspect.isclass(value)}
    yield "index", index(found)
    for module in found:
        yield module.__name__, page(module, homes, public)


def homes_of(found):
    """Where each public object is described: of several modules, in the innermost one."""
    homes = {}
    for module in sorted(found, key=lambda module: -module.__name__.count(".")):
        for name in module.__all__:
            value = getattr(module, name)
            if callable(value):
                homes.setdefault(value, f"{module.__name__}.{name}")
    return homes


def index(found):
    lines = ["# Reference", "", "All public names, by the module that they are imported from.", ""]
    lines += [f"* [`{m.__name__}`]({m.__name__}.md): {first_sentence(m)}" for m in found]
    toc = ["", "```{toctree}", ":hidden:", "", *(module.__name__ for module in found), "```", ""]
    return "\n".join(lines + toc)


def first_sentence(module):
    return (inspect.getdoc(module) or "").split("\n\n")[0].replace("\n", " ")


def page(module, homes, public):
    directives, elsewhere = [], []
    for name in sorted(module.__all__, key=str.lower):
        value, full = getattr(module, name), f"{module.__name__}.{name}"
        if inspect.ismodule(value):
            elsewhere.append(f"* [`{full}`]({value.__name__}.md)")
        elif not callable(value):
            directives += [f".. py:data:: {name}", f"   :type: {type(value).__name__}", ""]
        elif homes[value] != full:
            elsewhere.append(f"* {{py:obj}}`{full} <{homes[value]}>`")
        elif inspect.isclass(value):
            named = ", ".join(m.partition("(")[0].partition(":")[0] for m in members(value, public))
            shown = [f"   :members: {named}", "   :undoc-members:"] if named else []
            directives += [f".. autoclass:: {full}", "   :show-inheritance:", *shown, ""]
        else:
            directives += [f".. autofunction:: {full}", ""]
    told = ["```{eval-rst}", f".. py:module:: {module.__name__}", "", *directives, "```", ""]
    links = ["Described elsewhere:", "", *elsewhere, ""] if elsewhere else []
    heading = [f"# `{module.__name__}`", "", inspect.getdoc(module) or "", ""]
    return "\n".join(heading + links + told)


def check_names(app, env):
    """Warn, which ends the build, of public names that have come to no page."""
    from sphinx.util import logging

    told = {entry[0] for entry in env.domaindata["py"]["objects"].items()}
    for line in FILE.read_text().splitlines():
        name = line.partition("(")[0].partition(":")[0].partition(" = ")[0]
        if " = " not in line.partition("(")[0] and name not in told:
            logging.getLogger(__name__).warning("%s is on no page of the reference.", name)


def signature(app, what, name, value, options, arguments, returned):
    """What a class is called with: autodoc would show Keras's `__new__`."""
    if what == "class" and (told := constructor(value)) != "(...)":
        return told, returned
