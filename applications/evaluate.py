"""Score images against others.

The program is `keras_gans_cli/evaluate.py`.
"""

import sys

from keras_gans_cli.evaluate import main

if __name__ == "__main__":
    sys.exit(main())
