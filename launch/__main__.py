"""`python -m launch` is the program `otklik`, also where it is not installed."""

import sys

from launch.main import main

if __name__ == "__main__":
    sys.exit(main())
