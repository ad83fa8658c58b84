"""Folders that cases work in and look at, and the files that they write there."""
import hashlib
import json
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


def write_text(folder, name, text):
    """NAME may be in a folder that is not there yet."""
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def write_json(folder, name, what):
    write_text(folder, name, json.dumps(what))


def write_lines(folder, name, records):
    """A record a line."""
    write_text(folder, name, "".join(json.dumps(one) + "\n" for one in records))


def contents(folder):
    """Names and bytes of all files of a folder, and of those in it."""
    found = {}
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            with open(path, "rb") as data:
                found[os.path.relpath(path, folder)] = data.read()
    return found


def digests(folder):
    return {name: hashlib.sha256(data).hexdigest() for name, data in contents(folder).items()}


def tree(folder):
    """Every file of a catalogue with its SHA-256, but the lock, which holds nothing."""
    return {name: digest for name, digest in digests(folder).items() if name != "lock"}
