"""The Dask engine: the same work on many machines, or on a cluster of this one.

Every worker gets the model once, as a plugin: bytes whose sha256 must be those of the model that the run began with.
A worker that joins later, or comes back after it was killed, gets it too; the chunks it had are given to others.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.batch.answers import Answered, Answering, answer
from pipeline.batch.chunks import Chunk
from pipeline.errors import BatchError, DisposisiError, ModelError, TamperedModelError
from pipeline.manifest import MANIFEST, read_manifest
from pipeline.router import Router
from pipeline.trust import SIGNATURE

try:
    import distributed
except ModuleNotFoundError:
    raise BatchError("Dask is not installed.", mend="Install it: pip install 'disposisi[cluster]'.") from None

CHUNKS_PER_THREAD = 3  # one being answered, two queued
CONNECT_SECONDS = "30s"
_PLUGIN = "disposisi-model"


@dataclass(frozen=True, slots=True)
class DaskEngine:
    """Answers on the workers of a Dask cluster.

    Attributes
    ----------
    scheduler
        The scheduler's address, as ``tcp://10.0.0.5:8786``; ``None`` starts a cluster on this machine.
    workers
        Processes of that cluster.
    model
        The model's folder; its content goes to every worker.
    region
        A region's folder, which goes along, or the name of one that ships with Disposisi.
    """

    model: Path
    region: str | None
    answering: Answering
    scheduler: str | None
    workers: int

    def answers(self, chunks: Iterable[Chunk]) -> Iterator[Answered]:
        """Yield the answered chunks; see :class:`pipeline.batch.engines.Engine`."""
        chunks = iter(chunks)
        with self._client() as client:
            client.register_plugin(ModelPlugin.of(self.model, self.region, self.answering.day), name=_PLUGIN)
            running = distributed.as_completed(with_results=True, raise_errors=False)
            for _ in range(self._window(client)):
                if (chunk := next(chunks, None)) is None:
                    break
                running.add(client.submit(_answer, chunk, self.answering, pure=False))
            for future, result in running:
                # Not decided by the future's status: the result is here, even if the worker that had it has died since.
                if not isinstance(result, Answered):
                    raise _lost(result)
                future.release()
                yield result
                if (chunk := next(chunks, None)) is not None:
                    running.add(client.submit(_answer, chunk, self.answering, pure=False))

    def _window(self, client: Any) -> int:
        threads: int = sum(client.nthreads().values())
        return max(threads, self.workers, 1) * CHUNKS_PER_THREAD

    @contextmanager
    def _client(self) -> Iterator[Any]:
        if self.scheduler is None:
            with (
                distributed.LocalCluster(
                    n_workers=self.workers, threads_per_worker=1, dashboard_address=None, processes=True
                ) as cluster,
                distributed.Client(cluster) as client,
            ):
                yield client
            return
        try:
            client = distributed.Client(self.scheduler, timeout=CONNECT_SECONDS)
        except (OSError, TimeoutError, ValueError) as error:
            raise BatchError(
                f"No Dask scheduler answers at {self.scheduler}: {type(error).__name__}.",
                mend="Start one with dask scheduler, then workers with dask worker ADDRESS.",
            ) from None
        with client:
            yield client


class ModelPlugin(distributed.WorkerPlugin):
    """Brings the model to a worker and loads it there, verified."""

    def __init__(
        self,
        files: dict[str, bytes],
        manifest_digest: str,
        region: str | None,
        region_files: dict[str, bytes],
        day: dt.date,
    ):
        self.files = files
        self.manifest_digest = manifest_digest
        self.region = region
        self.region_files = region_files
        self.day = day

    @classmethod
    def of(cls, folder: Path, region: str | None, day: dt.date) -> ModelPlugin:
        """Pack a model's folder, and the region's folder unless it is a built-in region.

        Parameters
        ----------
        day
            The day whose agencies are suggested.
        """
        manifest = read_manifest(folder)
        # A worker may trust other keys than this machine, or none: it checks the signature again.
        signature = [SIGNATURE] if (folder / SIGNATURE).exists() else []
        files = {name: (folder / name).read_bytes() for name in (MANIFEST, *signature, *manifest.files)}
        given = region or manifest.region.folder
        region_files: dict[str, bytes] = {}
        if Path(given).is_dir():
            root = Path(given)
            region_files = {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}
        return cls(files, hashlib.sha256(files[MANIFEST]).hexdigest(), region, region_files, day)

    def setup(self, worker: Any) -> None:
        """Load the router; refuse a model that differs from the one sent."""
        if hashlib.sha256(self.files[MANIFEST]).hexdigest() != self.manifest_digest:
            raise TamperedModelError(
                "A worker did not receive the model as it was sent.", mend="Run the same command again."
            )
        place = Path(tempfile.mkdtemp(prefix="disposisi-", dir=worker.local_directory))
        try:
            _write(place / "model", self.files)
            region = self.region
            if self.region_files:
                _write(place / "region", self.region_files)
                region = str(place / "region")
            # Loading reads the whole region, so its files can be deleted afterwards.
            worker.disposisi_router = Router.load(place / "model", region, today=lambda: self.day)
        finally:
            shutil.rmtree(place, ignore_errors=True)


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _answer(chunk: Chunk, answering: Answering) -> Answered:
    router: Router | None = getattr(distributed.get_worker(), "disposisi_router", None)
    if router is None:
        raise ModelError(
            "A worker could not load the model.", mend="See its log; its package versions must match the client's."
        )
    return answer(router, chunk, answering)


def _lost(result: Any) -> DisposisiError:
    error = result[1] if isinstance(result, tuple) else result
    if isinstance(error, DisposisiError):
        return error
    return BatchError(
        f"The cluster gave up on a chunk: {type(error).__name__}.",
        mend="Check the workers' logs, for example for memory, then run the same command to resume.",
    )
