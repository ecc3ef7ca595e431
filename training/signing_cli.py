"""``disposisi signing …``: keys, signatures of models, and whose they are."""

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

signing_app = typer.Typer(help="Sign models, and tell who signed one.", no_args_is_help=True)


def add_commands(app: typer.Typer) -> None:
    """Add ``signing``."""
    app.add_typer(signing_app, name="signing")


@signing_app.command()
def keygen(
    key: Annotated[Path, typer.Argument(metavar="KEY", help="The file to write the private key to.")],
    *,
    name: Annotated[str, typer.Option(metavar="NAME", help="Whose key it is, such as analis-2026.")],
) -> None:
    """Make a key that signs models; its public half is printed and written to KEY.pub."""
    line = make_key(key, name)
    err.print(
        f"The private key is in {key}: keep it where models are made, and nowhere else. This line, also in {key}.pub, "
        f"goes into the list of trusted keys that {TRUSTED_KEYS} names where models answer:",
        markup=False,
        soft_wrap=True,
    )
    out.print(line, markup=False, soft_wrap=True)


@signing_app.command()
def sign(
    model: ModelArgument,
    *,
    key: Annotated[Path, typer.Option(metavar="KEY", help="The file of the private key.")],
) -> None:
    """Sign a model whose files are those that were saved."""
    folder = resolve_model(model)
    manifest = sign_model(folder, read_key(key))
    out.print(f"Signed {manifest.name} in {folder}.", markup=False, soft_wrap=True)


@signing_app.command()
def verify(
    model: ModelArgument,
    *,
    trusted: Annotated[
        Path, typer.Option("--trusted", metavar="FILE", envvar=TRUSTED_KEYS, help="The list of trusted keys.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Tell whose key signed a model, or that none of the list did."""
    folder = resolve_model(model)
    signer, manifest = who_signed(folder, TrustList.read(trusted))
    if as_json:
        print_json({"model": manifest.name, "folder": folder, "signer": signer})
        return
    out.print(f"{folder} was signed by {signer}; every file is the one that was signed.", markup=False, soft_wrap=True)
