"""Keys that sign models: Ed25519, in OpenSSH's files, which ``ssh-keygen`` makes and shows too."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pipeline.errors import SigningKeyError
from pipeline.trust import Sign

_PRIVATE_MODE: Final = 0o600


def make_key(file: Path, name: str) -> str:
    """Write a new private key, readable by its owner only, and the public one beside it as ``FILE.pub``.

    Returns
    -------
    str
        The public key as a line of a list of trusted keys.

    Raises
    ------
    SigningKeyError
        If one of the files is there already, cannot be written, or the name isn't one line.
    """
    if not name.strip() or not name.isprintable():
        raise SigningKeyError(
            "A key needs a name on one line.", mend="Say who signs and since when: --name analis-2026."
        )
    public_file = file.with_name(f"{file.name}.pub")
    if public_file.exists():
        raise SigningKeyError(f"{public_file} already exists.", mend="Choose another name; keys are never overwritten.")
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    line = f"{public.decode()} {name.strip()}"
    try:
        # Created with its final permissions, and only if it doesn't exist, so that others can never read it.
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_MODE)
        try:
            with os.fdopen(opened, "wb") as handle:
                handle.write(private)
            public_file.write_text(f"{line}\n", encoding="utf-8")
        except BaseException:  # half a pair is useless, and would prevent the next attempt
            file.unlink(missing_ok=True)
            public_file.unlink(missing_ok=True)
            raise
    except FileExistsError:
        raise SigningKeyError(
            f"{file} already exists.", mend="Choose another name; keys are never overwritten."
        ) from None
    except OSError as error:
        raise SigningKeyError(
            f"{file} cannot be written: {error.strerror}.", mend="Name a file in a folder you can write to."
        ) from None
    return line


def read_key(file: Path) -> Sign:
    """Return a function that signs with the private key in ``file``.

    Raises
    ------
    SigningKeyError
        If it cannot be read, others may read it too, or it isn't an Ed25519 key without a passphrase.
    """
    try:
        content, mode = file.read_bytes(), file.stat().st_mode
    except OSError as error:
        raise SigningKeyError(
            f"The key {file} cannot be read: {error.strerror}.",
            mend="Create one: disposisi signing keygen KEY --name NAME.",
        ) from None
    if stat.S_IMODE(mode) & 0o077:
        raise SigningKeyError(
            f"Other users can read the key {file}.", mend=f"Restrict it: chmod 600 {file}; or create a new one."
        )
    try:
        key = serialization.load_ssh_private_key(content, password=None)
    except Exception:  # errors of many kinds, such as a passphrase that needs another package
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyError(
            f"{file} is not an Ed25519 private key without a passphrase.",
            mend="Create one: disposisi signing keygen KEY --name NAME; or remove its passphrase: ssh-keygen -p.",
        )
    return key.sign
