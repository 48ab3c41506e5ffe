"""Learn what patches of photographs are made of.

The program is `keras_gans_cli/sparse_coding.py`.
"""

import sys

from keras_gans_cli.sparse_coding import main

if __name__ == "__main__":
    sys.exit(main())
