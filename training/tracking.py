"""A model's run in MLflow: parameters, data, metrics with intervals, plots, the model itself, and its aliases.

MLflow only mirrors the model folders: a run is found by the model's name and can be created again from its folder.
No complaint's text is ever sent.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline.artifact import load_model
from pipeline.errors import DataError
from pipeline.manifest import Manifest

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from pipeline.champion import Standing

EXPERIMENT: Final = "disposisi"
REGISTERED: Final = "disposisi"
_DATABASE: Final = "mlflow.db"
_OWN: Final = f"sqlite:///{_DATABASE}"
_SETTINGS: Final = {
    # No telemetry: training on citizens' complaints is private, even the fact that it happens.
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    # Some 15 seconds; with MLflow's default of 7, commands would hang for minutes if the server is down.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "3",
}
_NAME_TAG: Final = "disposisi.model"
_EXAMPLE: Final = "lampu jalan depan pasar mati sudah seminggu"  # written for this purpose, not by a citizen
_LONGEST_PARAM: Final = 500  # MLflow's limit is 6,000; longer ones aren't worth reading


def track(model: Path, figures: Mapping[str, Any] | None = None, files: Path | None = None) -> str:
    """Log a model's run, or add to its existing run, and return the run's id.

    Parameters
    ----------
    model
        The model's folder.
    figures
        Metrics of an evaluation; ``{"top1": {"value": …, "low": …, "high": …}}`` becomes three metrics.
    files
        A folder of plots and reports.

    Raises
    ------
    DataError
        If MLflow isn't installed, or its server or database fails.
    ModelError
        If the model cannot be used.
    """
    mlflow = _mlflow()
    _, manifest = load_model(model)
    with _failing_in_one_line(mlflow):
        mlflow.set_experiment(EXPERIMENT)
        client = mlflow.MlflowClient()
        run = _run_of(client, manifest.name)
        with mlflow.start_run(run_id=run, run_name=None if run else manifest.name) as active:
            if run is None:
                _log_model(mlflow, model, manifest)
            mlflow.log_metrics(dict(flat_metrics(figures or {})))
            if files:
                mlflow.log_artifacts(str(files), "report")
            return str(active.info.run_id)


def point_aliases(standing: Standing) -> None:
    """Point MLflow's aliases ``champion`` and ``challenger`` at the same models as ``champion.json``.

    Nothing happens if MLflow isn't in use, and models that were never tracked have no version to point at.

    Raises
    ------
    DataError
        If MLflow's server or database fails.
    """
    if not in_use():
        return
    mlflow = _mlflow()
    with _failing_in_one_line(mlflow):
        client = mlflow.MlflowClient()
        for alias, name in (("champion", standing.champion), ("challenger", standing.challenger)):
            version = _version_of(client, name) if name else None
            if version:
                client.set_registered_model_alias(REGISTERED, alias, version)
            elif _is_registered(client):
                client.delete_registered_model_alias(REGISTERED, alias)


def in_use() -> bool:
    """Tell whether MLflow is installed, and a server is set or its database is in the working folder."""
    named = bool(os.environ.get("MLFLOW_TRACKING_URI")) or Path(_DATABASE).exists()
    return named and find_spec("mlflow") is not None


def check_installed() -> None:
    """Check that MLflow is installed, before minutes are spent on a model to track.

    Raises
    ------
    DataError
        If it isn't installed.
    """
    if find_spec("mlflow") is None:
        raise DataError(
            "MLflow isn't installed.", mend="In a checkout: make test; otherwise: pip install 'disposisi[train]'."
        )


def where_to_look() -> str:
    """Return how to view the runs, without the server's address, which may contain a password."""
    # MLflow itself sets this variable to what it was told to use.
    if (os.environ.get("MLFLOW_TRACKING_URI") or _OWN) != _OWN:
        return "See the server at MLFLOW_TRACKING_URI."
    return f"View it: mlflow ui --workers 1 --backend-store-uri {_OWN}"


def flat_metrics(figures: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, float]]:
    """Yield every number of nested figures under a name that MLflow allows; lists and words are left out.

    Examples
    --------
    >>> dict(flat_metrics({"top1": {"value": 0.8, "low": 0.78}, "confused": [("a", "b", 3)]}))
    {'top1': 0.8, 'top1.low': 0.78}
    """
    for name, value in figures.items():
        full = prefix if name == "value" else f"{prefix}.{name}" if prefix else name
        if isinstance(value, Mapping):
            # Class names may be office names in any script; only our own names become metrics.
            if all(str(key).isidentifier() for key in value):
                yield from flat_metrics(value, full)
        elif isinstance(value, int | float) and not isinstance(value, bool) and value == value:  # noqa: PLR0124 (NaN)
            yield full, float(value)


def _mlflow() -> Any:
    check_installed()
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    import mlflow  # noqa: PLC0415 (it takes seconds to import, and only tracking needs it)

    logging.getLogger("mlflow").setLevel(logging.ERROR)
    logging.getLogger("alembic").setLevel(logging.ERROR)
    # Set every time: MLflow remembers the setting of an earlier call in the same process.
    mlflow.set_tracking_uri(os.environ.get("MLFLOW_TRACKING_URI") or _OWN)
    return mlflow


@contextmanager
def _failing_in_one_line(mlflow: Any) -> Iterator[None]:
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 (MLflow has imported it)

    try:
        yield
    except (mlflow.exceptions.MlflowException, SQLAlchemyError) as error:
        # Only the error's type: the message contains the server's address, perhaps with a password.
        raise DataError(
            f"MLflow failed ({type(error).__name__}).",
            mend="Check that its server answers and that MLFLOW_TRACKING_URI is right. disposisi track MODEL logs a "
            "model that already exists.",
        ) from error


def _log_model(mlflow: Any, model: Path, manifest: Manifest) -> None:
    import pandas as pd  # noqa: PLC0415 (MLflow brings it)

    from pipeline.router import Router  # noqa: PLC0415

    mlflow.set_tag("region", manifest.region.code)
    mlflow.log_params({f"data.{name}": value for name, value in manifest.data.items() if _short(value)})
    mlflow.log_params(dict(_flat_params(manifest.params)))
    mlflow.log_metrics({f"held_out.{name}": value for name, value in flat_metrics(manifest.metrics)})
    mlflow.log_artifact(str(model / "README.md"))
    example = pd.DataFrame({"text": [_EXAMPLE]})
    first = Router.load(model).suggest(_EXAMPLE)
    answer = pd.DataFrame(
        {
            "agency": [first.agencies[0].code],
            "probability": [float(first.agencies[0].probability)],
            "urgency": [str(first.urgency.level)],
            "decision": [str(first.decision)],
            "model": [first.model],
        }
    )
    mlflow.pyfunc.log_model(
        name="model",
        python_model=str(Path(__file__).with_name("pyfunc_model.py")),
        artifacts={"model": str(model)},
        signature=mlflow.models.infer_signature(example, answer),
        input_example=example,
        pip_requirements=["disposisi"],
        registered_model_name=REGISTERED,
        tags={_NAME_TAG: manifest.name},
    )
    # Last, since the run is found by this tag: an incomplete run must not be found.
    mlflow.set_tag(_NAME_TAG, manifest.name)


def _short(value: object) -> bool:
    return isinstance(value, str | int | float) and len(str(value)) <= _LONGEST_PARAM


def _flat_params(params: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, value in params.items():
        if isinstance(value, Mapping):
            yield from _flat_params(value, f"{prefix}{name}.")
        elif _short(value):
            yield f"{prefix}{name}", value


def _run_of(client: MlflowClient, name: str) -> str | None:
    experiment = client.get_experiment_by_name(EXPERIMENT)
    found = client.search_runs([experiment.experiment_id], f"tags.`{_NAME_TAG}` = '{name}'") if experiment else []
    return str(found[0].info.run_id) if found else None


def _is_registered(client: MlflowClient) -> bool:
    return bool(client.search_registered_models(f"name = '{REGISTERED}'"))


def _version_of(client: MlflowClient, name: str) -> str | None:
    run = _run_of(client, name)
    found = client.search_model_versions(f"name = '{REGISTERED}' and run_id = '{run}'") if run else []
    return str(found[0].version) if found else None
