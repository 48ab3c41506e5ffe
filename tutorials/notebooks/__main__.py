"""Write the tutorials as notebooks: `python -m tutorials.notebooks OUT`.

What a script tells in strings of its own becomes text, and the lines between them cells. Three
lines differ: options are those of the notebook and not of the program that runs it, and figures
are left open, so that they are shown below their cells. They are saved as well.
"""

import argparse
import ast
from pathlib import Path

import nbformat
from nbformat import v4

TUTORIALS = sorted(Path(__file__).parents[1].glob("*.py"))
PARSED = "options = parser.parse_args()\n"
LEFT_OUT = ('plt.switch_backend("Agg")', "plt.close(figure)")


def notebook_of(source, arguments=()):
    """A narrated script as a notebook.

    Args:
        source: String, the script.
        arguments: List of strings, what the script is to find behind its name.
    """
    quick = ", ".join(f'"{argument}"' for argument in arguments)
    parsed = f'options = parser.parse_args([{quick}])  # ["--quick"] for a look in a minute.\n'
    lines = source.splitlines(keepends=True)
    cells, begin = [], 0
    for node in ast.parse(source).body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            cells += code_cell(lines[begin : node.lineno - 1], parsed)
            cells += [v4.new_markdown_cell(node.value.value.strip())]
            begin = node.end_lineno
    cells += code_cell(lines[begin:], parsed)
    for i, cell in enumerate(cells):
        cell.id = f"cell-{i}"  # Random ones would make a new file of each conversion.
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def code_cell(lines, parsed):
    """A list of one cell of those lines of a script, or of none where they are blank."""
    code = "".join(line for line in lines if line.strip() not in LEFT_OUT)
    code = code.replace(PARSED, parsed).strip()
    return [v4.new_code_cell(code)] if code else []


def main(arguments=None):
    parser = argparse.ArgumentParser(
        prog="python -m tutorials.notebooks", description="Write the tutorials as notebooks."
    )
    parser.add_argument("output", type=Path, help="folder to write them to")
    parser.add_argument("--quick", action="store_true", help="those of the scripts with --quick")
    options = parser.parse_args(arguments)
    options.output.mkdir(parents=True, exist_ok=True)
    for path in TUTORIALS:
        notebook = notebook_of(path.read_text(), ["--quick"] * options.quick)
        nbformat.write(notebook, options.output / f"{path.stem}.ipynb")
    print(f"{len(TUTORIALS)} notebooks are in {options.output}.")


if __name__ == "__main__":
    main()
