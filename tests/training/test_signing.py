"""Keys are private and never overwritten; the commands sign, verify, and report errors in one line."""

from __future__ import annotations

import errno
import json
import shutil
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from typer.testing import CliRunner, Result

from pipeline.cli.main import assemble
from pipeline.errors import SigningKeyError, UntrustedModelError
from pipeline.trust import SIGNATURE, TRUSTED_KEYS, TrustList
from training.signing import make_key, read_key


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(assemble(), [*map(str, arguments)], catch_exceptions=False)


def test_only_its_owner_may_read_a_new_key(tmp_path: Path) -> None:
    line = make_key(tmp_path / "key", "ani-2026")
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert (tmp_path / "key.pub").read_text(encoding="utf-8") == f"{line}\n"
    assert TrustList.read(tmp_path / "key.pub").keys[0].name == "ani-2026"


@pytest.mark.parametrize("there", ["key", "key.pub"])
def test_no_key_is_overwritten(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("precious")
    with pytest.raises(SigningKeyError, match=f"{there} already exists"):
        make_key(tmp_path / "key", "ani")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(there, "precious")]


def test_no_private_key_stays_whose_public_half_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(SigningKeyError, match="No space left"):
        make_key(tmp_path / "key", "ani")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", " ", "ani\nssh-ed25519 AAAA"])
def test_a_name_is_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(SigningKeyError, match="one line"):
        make_key(tmp_path / "key", name)
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_others_may_read_does_not_sign(tmp_path: Path) -> None:
    make_key(tmp_path / "key", "ani")
    (tmp_path / "key").chmod(0o640)
    with pytest.raises(SigningKeyError, match="chmod 600"):
        read_key(tmp_path / "key")


@pytest.mark.parametrize(
    "content", [b"", b"x", b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"]
)
def test_what_is_no_key_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").touch(0o600)
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(SigningKeyError, match="not an Ed25519 private key"):
        read_key(tmp_path / "key")


def test_a_key_of_another_kind_is_told(tmp_path: Path) -> None:
    other = generate_private_key(SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    (tmp_path / "key").touch(0o600)
    (tmp_path / "key").write_bytes(other)
    with pytest.raises(SigningKeyError, match="not an Ed25519 private key"):
        read_key(tmp_path / "key")


def test_no_key_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SigningKeyError, match="signing keygen"):
        read_key(tmp_path / "key")
    with pytest.raises(SigningKeyError, match="cannot be written"):
        make_key(tmp_path / "nowhere" / "key", "ani")


def test_a_model_is_signed_verified_and_listed_by_the_commands(
    model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = tmp_path / "models"
    model = Path(shutil.copytree(model_folder, models / "m"))
    key, trusted = tmp_path / "ani", tmp_path / "ani.pub"
    made = run("signing", "keygen", key, "--name", "ani-2026")
    assert made.stdout == trusted.read_text(encoding="utf-8")
    with pytest.raises(UntrustedModelError, match="is not signed"):
        run("signing", "verify", model, "--trusted", trusted)
    monkeypatch.setenv(TRUSTED_KEYS, str(trusted))
    assert "manifest.sig" in run("models", models).stdout
    assert "Signed" in run("signing", "sign", model, "--key", key).stdout
    assert "was signed by ani-2026" in run("signing", "verify", model).stdout
    assert json.loads(run("signing", "verify", model, "--json").stdout)["signer"] == "ani-2026"
    assert "manifest.sig" not in run("models", models).stdout
    make_key(tmp_path / "budi", "budi-2026")
    run("signing", "sign", model, "--key", tmp_path / "budi")
    told = run("signing", "verify", model, "--trusted", tmp_path / "budi.pub", "--json").stdout
    assert json.loads(told)["signer"] == "budi-2026", "by the given list, not that of the environment"
    assert sorted(path.name for path in model.iterdir() if path.name.startswith(".")) == []
    assert len((model / SIGNATURE).read_bytes()) == 64
