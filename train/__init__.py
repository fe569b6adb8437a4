"""Training and measuring: the commands that need train/requirements.txt."""

import sys

OURS = {"digits", "model", "settings", "train"}


def tell(kind, error, trace):
    """Say what to do where a command ends for want of a package; else as Python does."""
    if issubclass(kind, ModuleNotFoundError) and error.name.partition(".")[0] not in OURS:
        print(
            f"This needs {error.name}, which is not installed: "
            "pip install -r train/requirements.txt",
            file=sys.stderr,
        )
    else:
        sys.__excepthook__(kind, error, trace)


sys.excepthook = tell
