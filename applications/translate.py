"""Translate a folder of images.

The program is `keras_gans_cli/translate.py`.
"""

import sys

from keras_gans_cli.translate import main

if __name__ == "__main__":
    sys.exit(main())
