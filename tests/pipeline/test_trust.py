"""With a list of trusted keys only signed models are loaded; refusals say what to do."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.artifact import load_model, load_scorer, save_model, sign_model, who_signed
from pipeline.champion import changing
from pipeline.errors import TamperedModelError, UntrustedModelError
from pipeline.manifest import MANIFEST, read_manifest
from pipeline.trust import SIGNATURE, TRUSTED_KEYS, TrustList
from training.signing import make_key, read_key

ANI, BUDI = "ani-2026", "budi-2026"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    for name in (ANI, BUDI):
        make_key(folder / name, name)
    return folder


@pytest.fixture
def trusted(keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list that trusts only ani, set in the environment."""
    file = tmp_path / "trusted-keys"
    file.write_text(f"# analysts\n\n{(keys / f'{ANI}.pub').read_text()}", encoding="utf-8")
    monkeypatch.setenv(TRUSTED_KEYS, str(file))
    return file


@pytest.fixture
def copy(model_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(model_folder, tmp_path / "copy"))


def test_a_model_that_a_trusted_key_signed_is_opened(copy: Path, keys: Path, trusted: Path) -> None:
    manifest = sign_model(copy, read_key(keys / ANI))
    assert load_scorer(copy)[1] == load_model(copy)[1] == manifest
    assert who_signed(copy, TrustList.read(trusted))[0] == ANI


@pytest.mark.usefixtures("trusted")
def test_an_unsigned_model_is_not_opened(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pickle.loads", lambda _: pytest.fail("it was opened"))
    for load in (read_manifest, load_scorer, load_model):
        with pytest.raises(UntrustedModelError, match=r"copy is not signed.*disposisi signing sign"):
            load(copy)


@pytest.mark.usefixtures("trusted")
def test_a_signature_that_cannot_be_read_is_not_said_to_be_missing(copy: Path) -> None:
    (copy / SIGNATURE).mkdir()
    with pytest.raises(UntrustedModelError, match=r"manifest\.sig cannot be read \(IsADirectoryError\)"):
        load_scorer(copy)


@pytest.mark.usefixtures("trusted")
def test_a_model_that_another_key_signed_is_not_opened(copy: Path, keys: Path) -> None:
    sign_model(copy, read_key(keys / BUDI))
    with pytest.raises(UntrustedModelError, match=rf"none of the keys in .*trusted-keys \({ANI}\)"):
        load_scorer(copy)


def test_without_a_list_signed_and_unsigned_models_are_opened(copy: Path, keys: Path) -> None:
    load_scorer(copy)
    sign_model(copy, read_key(keys / BUDI))
    load_scorer(copy)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot lock a folder")
def test_a_model_saved_while_another_in_its_folder_is_signed_does_not_get_that_signature(
    copy: Path, keys: Path
) -> None:
    model, old = load_model(copy)
    later = copy.parent / "elsewhere" / "later"
    saved = save_model(later, model, region=old.region, data={}, params={}, metrics={}, card="later")
    sign = read_key(keys / ANI)

    def take_the_place() -> None:
        with changing(copy.parent):
            shutil.rmtree(copy)
            later.rename(copy)

    saving = threading.Thread(target=take_the_place)

    def sign_meanwhile(content: bytes) -> bytes:
        saving.start()
        saving.join(0.5)
        return sign(content)

    assert sign_model(copy, sign_meanwhile) == old
    saving.join()
    assert load_model(copy)[1] == saved
    assert not (copy / SIGNATURE).exists()


def test_keys_are_rotated_by_having_both_in_the_list_for_a_while(copy: Path, keys: Path, trusted: Path) -> None:
    sign_model(copy, read_key(keys / BUDI))
    trusted.write_text((keys / f"{ANI}.pub").read_text() + (keys / f"{BUDI}.pub").read_text(), encoding="utf-8")
    load_scorer(copy)
    assert who_signed(copy, TrustList.read(trusted))[0] == BUDI
    sign_model(copy, read_key(keys / ANI))
    assert who_signed(copy, TrustList.read(trusted))[0] == ANI
    trusted.write_text((keys / f"{BUDI}.pub").read_text(), encoding="utf-8")
    with pytest.raises(UntrustedModelError):
        load_scorer(copy)


@pytest.fixture(scope="module")
def signed(keys: Path, model_folder: Path) -> Path:
    """A folder with only a manifest and its signature, as nothing else is signed."""
    folder = keys / "model"
    folder.mkdir()
    manifest = (model_folder / MANIFEST).read_bytes()
    (folder / MANIFEST).write_bytes(manifest)
    (folder / SIGNATURE).write_bytes(read_key(keys / ANI)(manifest))
    assert TrustList.read(keys / f"{ANI}.pub").signer(folder / MANIFEST, manifest) == ANI
    return folder


@settings(max_examples=100)
@given(data=st.data())
def test_no_byte_of_manifest_or_signature_can_be_changed(data: st.DataObject, signed: Path) -> None:
    name = data.draw(st.sampled_from([MANIFEST, SIGNATURE]))
    content = bytearray((signed / name).read_bytes())
    change = data.draw(st.sampled_from(["replace", "remove", "insert"]))
    position = data.draw(st.integers(0, len(content) - 1))
    value = data.draw(st.integers(0, 255))
    if change == "replace":
        content[position] ^= value or 1
    elif change == "remove":
        del content[position]
    else:
        content.insert(position, value)
    changed = signed.parent / "changed"
    shutil.copytree(signed, changed, dirs_exist_ok=True)
    (changed / name).write_bytes(content)
    with pytest.raises(UntrustedModelError):
        TrustList.read(signed.parent / f"{ANI}.pub").signer(changed / MANIFEST, (changed / MANIFEST).read_bytes())


def test_a_changed_file_is_refused_though_the_manifest_is_signed(copy: Path, keys: Path, trusted: Path) -> None:
    sign_model(copy, read_key(keys / ANI))
    (copy / "scorer.json").write_bytes((copy / "scorer.json").read_bytes().replace(b"0", b"1", 1))
    with pytest.raises(TamperedModelError, match="sha256"):
        load_scorer(copy)
    with pytest.raises(TamperedModelError, match="sha256"):
        who_signed(copy, TrustList.read(trusted))


def test_a_model_with_a_changed_file_is_not_signed(copy: Path, keys: Path) -> None:
    (copy / "model.joblib").write_bytes(b"changed")
    with pytest.raises(TamperedModelError):
        sign_model(copy, read_key(keys / ANI))
    assert not (copy / SIGNATURE).exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "contains no key"),
        ("# nobody\n", "contains no key"),
        ("ssh-ed25519 AAAA ani\n", "line 1, is not an Ed25519 key"),
        ("{ani}\nani\n", "line 2, is not an Ed25519 key"),
        ("{ani-unnamed}\n", "line 1, is not an Ed25519 key with a name"),
        ("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7 ani\n", "line 1"),
        ("ssh-xmss@openssh.com AAAA ani\n", "line 1, is not an Ed25519 key"),
        (b"\xff\xfe", "cannot be read"),
        (None, "cannot be read"),
    ],
)
def test_a_list_that_cannot_be_used_opens_nothing(
    content: str | bytes | None, says: str, copy: Path, keys: Path, trusted: Path
) -> None:
    sign_model(copy, read_key(keys / ANI))
    line = (keys / f"{ANI}.pub").read_text().strip()
    if content is None:
        trusted.unlink()
    elif isinstance(content, bytes):
        trusted.write_bytes(content)
    else:
        trusted.write_text(content.replace("{ani}", line).replace("{ani-unnamed}", line.rsplit(" ", 1)[0]))
    with pytest.raises(UntrustedModelError, match=says) as error:
        load_scorer(copy)
    assert error.value.mend


def test_a_setting_that_names_nothing_opens_nothing(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TRUSTED_KEYS, "")
    with pytest.raises(UntrustedModelError, match="cannot be read"):
        load_scorer(copy)


@pytest.mark.slow  # runs another program
@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_agrees(copy: Path, keys: Path, tmp_path: Path) -> None:
    """The signature is standard Ed25519 over the file, so other programs can verify it."""
    sign_model(copy, read_key(keys / ANI))
    private = serialization.load_ssh_private_key((keys / ANI).read_bytes(), None)
    assert isinstance(private, Ed25519PrivateKey)
    (tmp_path / "public.pem").write_bytes(
        private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(tmp_path / "public.pem"), "-rawin"]
    files = ["-in", str(copy / MANIFEST), "-sigfile", str(copy / SIGNATURE)]
    told = subprocess.run([*command, *files], capture_output=True, text=True, check=True)
    assert "Verified Successfully" in told.stdout
