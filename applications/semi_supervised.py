"""Train classifiers on images of which few have a label.

The program is `keras_gans_cli/semi_supervised.py`.
"""

import sys

from keras_gans_cli.semi_supervised import main

if __name__ == "__main__":
    sys.exit(main())
