"""Folders that cases work in and look at."""
import hashlib
import os
import tempfile


def in_scratch(test):
    """Runs TEST in a folder of its own, that goes at the end."""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            test()
        finally:
            os.chdir("/")


def tree(folder):
    """Every file of a catalogue with its SHA-256, but the lock, which holds nothing."""
    found = {}
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            with open(path, "rb") as data:
                found[os.path.relpath(path, folder)] = hashlib.sha256(data.read()).hexdigest()
    found.pop("lock", None)
    return found
