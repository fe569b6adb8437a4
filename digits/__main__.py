"""python -m digits: see digits/table.py."""

import sys

from digits.table import main

if __name__ == "__main__":
    sys.exit(main())
