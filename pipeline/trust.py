"""Whose models are opened here: a list of public keys, one of which must have signed a model's manifest (Ed25519).

The list is a text file of keys as OpenSSH writes them, one a line, each with a name; ``#`` begins a remark::

    # who may make models for this desk
    ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEewpmqNF1bSauLbFs3HwBpgJCAqgLceOw+NBpOin1iz analis-2026

The environment variable ``DISPOSISI_TRUSTED_KEYS`` names it. It is read where a manifest is read instead of being
passed down by callers, who could forget the check. Without the variable, any model is opened whose files match its
manifest.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.errors import UntrustedModelError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SIGNATURE: Final = "manifest.sig"  # the 64 bytes of the signature over manifest.json, as openssl pkeyutl reads them
TRUSTED_KEYS: Final = "DISPOSISI_TRUSTED_KEYS"
_SIGN = "Ask whoever made it to sign it: disposisi signing sign MODEL --key KEY."

Sign = Callable[[bytes], bytes]
"""Returns the signature of a manifest's bytes."""


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A public key and the name that the list gives it."""

    name: str
    key: Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class TrustList:
    """The keys whose models are opened.

    Attributes
    ----------
    file
        Where they were read.
    """

    file: Path
    keys: tuple[TrustedKey, ...]

    @classmethod
    def read(cls, file: Path) -> TrustList:
        """Read a list of trusted keys.

        Raises
        ------
        UntrustedModelError
            If it cannot be read to the end, or names no key: then no model can be trusted.
        """
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise UntrustedModelError(
                f"The list of trusted keys {file} cannot be read ({type(error).__name__}).",
                mend=f"Restore it, or unset {TRUSTED_KEYS} to open models from anyone.",
            ) from None
        keys = tuple(_keys(file, lines))
        if not keys:
            raise UntrustedModelError(
                f"{file} contains no key.", mend="Add the line that disposisi signing keygen printed, or KEY.pub."
            )
        return cls(file, keys)

    def signer(self, manifest: Path, content: bytes) -> str:
        """Return the name of the trusted key that signed a manifest.

        Parameters
        ----------
        manifest
            The manifest's file; the signature lies beside it.
        content
            The bytes that were read from it.

        Raises
        ------
        UntrustedModelError
            If there is no signature, it cannot be read, or no key of the list made it for these bytes.
        """
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 (only where a list is kept)

        path = manifest.with_name(SIGNATURE)
        try:
            signature = path.read_bytes()
        except FileNotFoundError:
            unsigned = f"{manifest.parent} is not signed: there is no {SIGNATURE}."
            raise UntrustedModelError(unsigned, mend=_SIGN) from None
        except OSError as error:
            unread = f"{path} cannot be read ({type(error).__name__})."
            raise UntrustedModelError(unread, mend=f"Grant this account read access. Or: {_SIGN}") from None
        for trusted in self.keys:
            try:
                trusted.key.verify(signature, content)
            except InvalidSignature:
                continue
            return trusted.name
        raise UntrustedModelError(
            f"{path} was made by none of the keys in {self.file} ({', '.join(trusted.name for trusted in self.keys)}), "
            f"or {manifest.name} was changed after it was signed.",
            mend=f"{_SIGN} Or add the signer's public key to the list.",
        )


def configured_trust() -> TrustList | None:
    """Return the list that ``DISPOSISI_TRUSTED_KEYS`` names; ``None`` where it isn't set.

    Raises
    ------
    UntrustedModelError
        See :meth:`TrustList.read`; also if the variable is set to nothing, which may have been meant to protect.
    """
    file = os.environ.get(TRUSTED_KEYS)
    return None if file is None else TrustList.read(Path(file))


def _keys(file: Path, lines: list[str]) -> Iterator[TrustedKey]:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_ssh_public_key  # noqa: PLC0415

    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        kind, _, rest = line.strip().partition(" ")
        key, _, name = rest.strip().partition(" ")
        try:
            found = load_ssh_public_key(f"{kind} {key}".encode())
        except (ValueError, UnsupportedAlgorithm):
            found = None
        if not isinstance(found, Ed25519PublicKey) or not name.strip():
            raise UntrustedModelError(
                f"{file}, line {number}, is not an Ed25519 key with a name.",
                mend="Write it as in KEY.pub: ssh-ed25519 AAAA… NAME.",
            )
        yield TrustedKey(name.strip(), found)
