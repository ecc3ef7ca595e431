"""The models folder as a registry: adding models, promoting, rolling back."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Literal

from pipeline.artifact import load_model
from pipeline.atomic_folders import replacing_folder
from pipeline.champion import CHAMPION, REPORT, Change, Standing, changing, read_standing, write_standing
from pipeline.errors import ModelError, ModelNotFoundError, PromotionError
from pipeline.manifest import Manifest, read_manifest
from training.comparison import Comparison, read_comparison

COMPARISONS = "comparisons"
_OF_EACH_REGION = "Keep the models of each region in a folder of their own: --models FOLDER."


def take_in(model: Path, models: Path) -> str:
    """Copy a verified model into ``models`` under its own name, and return the name.

    The next training overwrites ``models/default``; under its own name a model stays the one that was compared.

    Raises
    ------
    ModelError
        If the model cannot be used.
    """
    _, manifest = load_model(model)
    target = models / manifest.name
    if not target.exists():
        _copy(model, target, beside=models)
    if (model / REPORT).is_dir() and not (target / REPORT).exists():
        _copy(model / REPORT, target / REPORT, beside=models)
    load_model(target)
    return manifest.name


def _copy(folder: Path, target: Path, *, beside: Path) -> None:
    """Copy a folder, completely or not at all."""

    def copied(source: str, to: str) -> str:
        # With an OSError copytree would go on, and tell in the end the texts of all.
        try:
            return shutil.copy2(source, to)
        except OSError as error:
            raise ModelError(
                f"{source} cannot be copied to {beside}: {error.strerror}.",
                mend="Check its permissions and the free space, then do it again.",
            ) from error

    with replacing_folder(target, beside=beside) as copy:
        shutil.copytree(folder, copy, copy_function=copied, dirs_exist_ok=True)


def comparison_file(models: Path, champion: str, challenger: str) -> Path:
    """Return where the comparison of two models is kept."""
    return models / COMPARISONS / f"{champion}..{challenger}.json"


def promote(model: Path, models: Path, *, force: bool = False, reason: str = "") -> Standing:
    """Make ``model`` the champion.

    Parameters
    ----------
    model
        The challenger's folder, anywhere.
    models
        The folder of models.
    force
        Promote it even if it lost or was never compared.
    reason
        Why; kept in the history, and needed with ``force``.

    Raises
    ------
    PromotionError
        If it lost against the champion or was not compared with it, or ``force`` is given without a reason; even with
        ``force`` if it is for another region than the champion.
    ModelError
        If it cannot be used.
    """
    manifest = read_manifest(model)
    name = manifest.name
    with changing(models):
        standing = read_standing(models)
        if standing:
            _check_region(manifest, models / standing.champion)
        why, action = _may_be_champion(name, standing, models, force=force, reason=reason.strip())
        take_in(model, models)
        if standing is None:
            new = Standing(champion=name, history=(_change(action, name, why),))
        else:
            new = Standing(
                champion=name,
                challenger=_challenger_beside(name, standing),
                previous=(*standing.previous, standing.champion),
                history=(*standing.history, _change(action, name, why)),
            )
        write_standing(models, new)
    return new


def rollback(models: Path, reason: str = "") -> Standing:
    """Make the previous champion champion again.

    Raises
    ------
    PromotionError
        If there was none, or it is for another region than the present one.
    ModelError
        If it can no longer be used; the present champion stays.
    """
    with changing(models):
        standing = read_standing(models)
        if standing is None:
            raise PromotionError(f"{models} has no champion yet.", mend="Promote one: disposisi promote MODEL.")
        if not standing.previous:
            raise PromotionError(
                f"{models} has no champion before the current one, {standing.champion}.",
                mend="Promote another model: disposisi promote MODEL.",
            )
        name = standing.previous[-1]
        _, manifest = load_model(models / name)
        _check_region(
            manifest,
            models / standing.champion,
            f"Promote another model: disposisi promote MODEL. If {standing.champion} is here by mistake, move "
            f"{models / CHAMPION} away, and promote {name}.",
        )
        new = standing.model_copy(
            update={
                "champion": name,
                "challenger": _challenger_beside(name, standing),
                "previous": standing.previous[:-1],
                "history": (*standing.history, _change("rollback", name, reason)),
            }
        )
        write_standing(models, new)
    return new


def challenge(model: Path | None, models: Path) -> Standing:
    """Let ``model`` run in shadow beside the champion; ``None`` ends it.

    Raises
    ------
    ModelNotFoundError
        If there is no champion yet.
    PromotionError
        If it is the champion itself, or for another region.
    ModelError
        If the model cannot be used.
    """
    with changing(models):
        standing = read_standing(models)
        if standing is None:
            raise ModelNotFoundError(
                f"{models} has no champion yet.", mend="Promote one first: disposisi promote MODEL."
            )
        if model:
            manifest = read_manifest(model)
            if manifest.name == standing.champion:
                raise PromotionError(f"{standing.champion} is the champion itself.", mend="Name another model.")
            _check_region(manifest, models / standing.champion)
        if not model and not standing.challenger:
            return standing  # nothing to end, and nothing to record
        name = take_in(model, models) if model else None
        changes = (*standing.history, _change("challenge", name or "", "" if name else "ended"))
        new = standing.model_copy(update={"challenger": name, "history": changes})
        write_standing(models, new)
    return new


def _check_region(manifest: Manifest, champion: Path, mend: str = _OF_EACH_REGION) -> None:
    """Refuse a model of another region than the champion's: a running desk would switch region.

    A champion that cannot be read says nothing about its region, and must stay replaceable.
    """
    try:
        own = read_manifest(champion).region
    except ModelError:
        return
    if manifest.region.code != own.code:
        raise PromotionError(
            f"{manifest.name} is for {manifest.region.name} ({manifest.region.code}), but the champion {champion.name} "
            f"is for {own.name} ({own.code}).",
            mend=mend,
        )


def _challenger_beside(champion: str, standing: Standing) -> str | None:
    """Return the challenger to keep beside a new champion: none if it is that champion."""
    return None if standing.challenger == champion else standing.challenger


def _may_be_champion(
    name: str, standing: Standing | None, models: Path, *, force: bool, reason: str
) -> tuple[str, Literal["promote", "force"]]:
    """Return the reason of the change, or refuse."""
    if force and not reason:
        mend = 'Give one: --force --reason "the old one routes to a closed office".'
        raise PromotionError("--force needs a reason.", mend=mend)
    if standing is None:
        return reason or "the first champion", "force" if force else "promote"
    if standing.champion == name:
        raise PromotionError(f"{name} is already the champion.", mend="There is nothing to do.")
    refusal = _refusal(name, standing, models)
    if refusal is None:
        return reason or "won the comparison", "promote"
    if not force:
        raise refusal
    return reason, "force"


def _refusal(name: str, standing: Standing, models: Path) -> PromotionError | None:
    path = comparison_file(models, standing.champion, name)
    compared: Comparison | None = read_comparison(path)
    if compared is None:
        return PromotionError(
            f"{name} was not compared with the champion {standing.champion}.",
            mend=f"Run: disposisi compare {models / standing.champion} MODEL DATA.",
        )
    if compared.verdict.passed:
        return None
    failed = "; ".join(finding.text for finding in compared.verdict.findings if not finding.passed)
    return PromotionError(
        f"{name} did not prove to be as good as the champion {standing.champion}: {failed}.",
        mend="Keep the champion, or promote it anyway: --force --reason WHY.",
    )


def _change(action: Literal["promote", "force", "rollback", "challenge"], model: str, reason: str) -> Change:
    return Change(at=dt.datetime.now(dt.UTC), action=action, model=model, reason=reason)
