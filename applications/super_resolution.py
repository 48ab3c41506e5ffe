"""Train super-resolution on photographs, and enlarge photographs.

The program is `keras_gans_cli/super_resolution.py`.
"""

import sys

from keras_gans_cli.super_resolution import main

if __name__ == "__main__":
    sys.exit(main())
