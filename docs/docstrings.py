"""From the docstrings' Markdown to what Sphinx reads."""

import re

SECTIONS = {"Args", "Returns", "Raises", "Yields", "References", "Attributes"}


def process(app, what, name, value, options, lines):
    lines[:] = converted(lines)


def converted(lines):
    """Fenced blocks and indented ones as code, `names` as such, and links to papers."""
    made, fence, literal = [], None, None
    for i, line in enumerate(lines):
        indent, text = depth(line), line.strip()
        if text.startswith("```"):
            if fence is None:
                fence = indent
                made += [" " * indent + ".. code-block:: " + (text[3:] or "text"), ""]
            else:
                fence = None
                made.append("")
        elif fence is not None:
            made.append("   " + line if text else "")
        elif literal is not None and (indent > literal or not text):
            made.append(line)
        elif text == "Example:":
            made.append(" " * indent + ".. rubric:: Example")
        elif opens_block(lines, i):
            literal = indent
            made += [inline(line) + ":"] if text.endswith(":") else [inline(line), "", "::"]
        else:
            literal = None
            if text.startswith("* ") and i and lines[i - 1].strip() and not in_list(lines, i):
                made.append("")
            made.append(inline(line))
    return made


def opens_block(lines, i):
    """Whether a paragraph ends here, and what follows lies deeper: an algorithm box."""
    if not lines[i].strip() or lines[i].strip()[:-1] in SECTIONS or lines[i + 1 : i + 2] != [""]:
        return False
    following = next((later for later in lines[i + 1 :] if later.strip()), "")
    return depth(following) >= depth(lines[i]) + 4


def in_list(lines, i):
    """Whether the line before the item is of the same list."""
    item, i = depth(lines[i]), i - 1
    while i and depth(lines[i]) > item:
        i -= 1
    return lines[i].strip().startswith("* ") and depth(lines[i]) == item


def depth(line):
    return len(line) - len(line.lstrip())


def inline(line):
    """A line of Markdown: `code` in double backticks, and what reStructuredText would misread."""
    parts = re.split(r"(`[^`]+`)", line)
    for i in range(1, len(parts), 2):
        parts[i] = f"`{parts[i]}`" + ("\\ " if re.match(r"\w", parts[i + 1]) else "")  # `Result`s
        parts[i - 1] = plain(parts[i - 1])
    return "".join([*parts[:-1], plain(parts[-1])])


def plain(text):
    text = text.replace("|", "\\|")
    text = re.sub(r"(?<=\w)_(?=\W|$)", r"\\_", text)
    return re.sub(
        r"arXiv:(\d{4}\.\d{5}|\d{4}\.\d{4})", r"`\g<0> <https://arxiv.org/abs/\1>`__", text
    )
