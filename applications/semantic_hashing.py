"""Find similar images by binary codes.

The program is `keras_gans_cli/semantic_hashing.py`.
"""

import sys

from keras_gans_cli.semantic_hashing import main

if __name__ == "__main__":
    sys.exit(main())
