"""Look around in a trained model.

The program is `keras_gans_cli/explore.py`.
"""

import sys

from keras_gans_cli.explore import main

if __name__ == "__main__":
    sys.exit(main())
