"""The documentation: `python -m sphinx -W -q -c docs . build/docs` writes build/docs/index.html.

Sphinx reads the whole checkout, so that pages link to benchmarks and programs as they lie there.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras_gans  # noqa: E402
from docs import api, directives, docstrings  # noqa: E402
from tests.public_signatures import HOOKS  # noqa: E402

project = "keras_gans"
release = version = keras_gans.__version__
copyright = "the authors of keras_gans, Apache-2.0"
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
]
root_doc = "docs/index"
include_patterns = ["docs/**.md", "benchmarks/*.md", "CONTRIBUTING.md", "CHANGELOG.md"]
exclude_patterns = [".*", "build", "dist", "runs", "tests", "keras_gans", "*.egg-info"]

myst_heading_anchors = 4
autodoc_typehints = "none"
autodoc_default_options = {"exclude-members": ",".join(sorted(HOOKS))}
python_display_short_literal_types = True
toc_object_entries_show_parents = "hide"
add_module_names = False

html_theme = "furo"
html_title = f"keras_gans {release}"
html_static_path = ["static"]
html_css_files = ["beside.css"]
html_copy_source = False
html_show_sphinx = False
pygments_style, pygments_dark_style = "friendly", "monokai"


def setup(app):
    api.write_pages(ROOT / "docs" / "api")
    app.add_directive("algorithm", directives.Algorithm)
    app.add_directive("summary", directives.Summary)
    # Before napoleon, whose priority is 500.
    app.connect("autodoc-process-docstring", docstrings.process, priority=400)
    app.connect("autodoc-process-signature", api.signature)
    app.connect("env-check-consistency", api.check_names)
    app.connect("build-finished", directives.write_entrance)
