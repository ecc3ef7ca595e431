"""``disposisi signing …``: keys, signing models, and verifying signatures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.artifact import sign_model, who_signed
from pipeline.champion import resolve_model
from pipeline.cli.console import err, out, print_json
from pipeline.cli.options import JsonOption
from pipeline.trust import TRUSTED_KEYS, TrustList
from training.options import ModelArgument
from training.signing import make_key, read_key

signing_app = typer.Typer(help="Sign models and verify their signatures.", no_args_is_help=True)


def add_commands(app: typer.Typer) -> None:
    """Add ``signing``."""
    app.add_typer(signing_app, name="signing")


@signing_app.command()
def keygen(
    key: Annotated[Path, typer.Argument(metavar="KEY", help="File to write the private key to.")],
    *,
    name: Annotated[str, typer.Option(metavar="NAME", help="Name of the key's owner, such as analis-2026.")],
) -> None:
    """Generate a key pair for signing models; the public key is printed and written to KEY.pub."""
    line = make_key(key, name)
    err.print(
        f"Wrote the private key to {key}. Keep it only on the machine where models are made. Where models answer, add "
        f"this line (also in {key}.pub) to the list of trusted keys named by {TRUSTED_KEYS}:",
        markup=False,
        soft_wrap=True,
    )
    out.print(line, markup=False, soft_wrap=True)


@signing_app.command()
def sign(
    model: ModelArgument,
    *,
    key: Annotated[Path, typer.Option(metavar="KEY", help="Private key file.")],
) -> None:
    """Sign a model after checking that its files are unchanged since it was saved."""
    folder = resolve_model(model)
    manifest = sign_model(folder, read_key(key))
    out.print(f"Signed {manifest.name} in {folder}.", markup=False, soft_wrap=True)


@signing_app.command()
def verify(
    model: ModelArgument,
    *,
    trusted: Annotated[
        Path, typer.Option("--trusted", metavar="FILE", envvar=TRUSTED_KEYS, help="List of trusted keys.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Show which trusted key signed a model; fail if none did."""
    folder = resolve_model(model)
    signer, manifest = who_signed(folder, TrustList.read(trusted))
    if as_json:
        print_json({"model": manifest.name, "folder": folder, "signer": signer})
        return
    out.print(f"{folder} was signed by {signer}; all files match the signature.", markup=False, soft_wrap=True)
