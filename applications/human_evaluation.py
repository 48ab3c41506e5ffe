"""Ask people.

The program is `keras_gans_cli/human_evaluation.py`.
"""

import sys

from keras_gans_cli.human_evaluation import main

if __name__ == "__main__":
    sys.exit(main())
