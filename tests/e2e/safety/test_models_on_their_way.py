"""If a champion is incomplete or unsigned, or its region lacks a file, the previous one answers until that is fixed."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.artifact import sign_model
from pipeline.champion import Standing, write_standing
from pipeline.manifest import MANIFEST
from pipeline.region.load import find_region
from pipeline.trust import TRUSTED_KEYS
from serve.champion import POLL_SECONDS, RETRY_SECONDS
from tests.e2e.safety.server import Server, serving
from tests.waiting import wait_until
from training.signing import make_key, read_key

pytestmark = [pytest.mark.slow, pytest.mark.faults]
SOON = 10 * (POLL_SECONDS + RETRY_SECONDS)


class Service:
    """A server that watches a folder of signed models, with a region that can be edited."""

    def __init__(self, folder: Path, model: Path) -> None:
        self.folder, self._model = folder, model
        self.models, self.region = folder / "models", folder / "region"
        self.models.mkdir()
        shutil.copytree(find_region("kab_bekasi"), self.region)
        make_key(folder / "key", "ani")
        self.sign(self.make("first"))
        self.promote("first")
        self.server: Server

    def make(self, name: str, into: Path | None = None) -> Path:
        """Create an unsigned model with this name."""
        made = Path(shutil.copytree(self._model, (into or self.models) / name))
        manifest = json.loads((made / MANIFEST).read_text())
        (made / MANIFEST).write_text(json.dumps(manifest | {"name": name}))
        return made

    def sign(self, model: Path) -> None:
        sign_model(model, read_key(self.folder / "key"))

    def promote(self, name: str) -> None:
        """Set the champion without checking the model, as if edited by hand or another program."""
        write_standing(self.models, Standing(champion=name))

    def answers(self) -> str:
        """Return the name of the model that answers."""
        told = self.server.ask("POST", "/v1/suggestions", {"text": "lampu jalan mati"})
        assert told.status == 200, told.body
        return str(told.json()["model"])

    def failed(self) -> bool:
        return b"disposisi_champion_failed 1.0" in self.server.ask("GET", "/metrics").body

    def told(self) -> str:
        return self.server.log.read_text(encoding="utf-8")

    @contextmanager
    def refusing(self, name: str, because: str) -> Iterator[None]:
        """Promote a model; check that the old one answers while it is refused, and the new one once it is fixed."""
        before = self.answers()
        self.promote(name)
        wait_until(self.failed, SOON)
        wait_until(lambda: f"{name} cannot answer" in self.told(), SOON)
        assert because in self.told()
        assert self.answers() == before
        with _asked_all_the_time(self):
            yield
            wait_until(lambda: self.answers() == name, SOON)
        assert not self.failed()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, model_folder: Path) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("service")
    made = Service(folder, model_folder)
    settings = {TRUSTED_KEYS: str(folder / "key.pub"), "DISPOSISI_REGION": str(made.region)}
    with serving(made.models, f"sqlite:///{folder / 'store.sqlite3'}", folder / "server.log", **settings) as server:
        made.server = server
        yield made


def test_a_folder_that_is_still_being_copied(service: Service) -> None:
    complete = service.make("copied", into=service.folder)
    service.sign(complete)
    arrays = sorted(path.name for path in complete.glob("*.npy"))
    arrived = Path(shutil.copytree(complete, service.models / "copied", ignore=lambda *_: arrays[::2]))
    cut = arrived / "model.joblib"
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    with service.refusing("copied", "bytes"):
        for name in (cut.name, *arrays[::2]):
            shutil.copy(complete / name, arrived)


def test_a_region_that_lacks_a_file(service: Service) -> None:
    service.sign(service.make("elsewhere"))
    agencies = service.region / "agencies.csv"
    aside = agencies.rename(service.folder / "agencies.csv")
    with service.refusing("elsewhere", "agencies.csv"):
        aside.rename(agencies)


def test_a_model_that_nobody_signed(service: Service) -> None:
    model = service.make("unsigned")
    with service.refusing("unsigned", "is not signed"):
        service.sign(model)


@contextmanager
def _asked_all_the_time(service: Service) -> Iterator[None]:
    """Send requests nonstop in another thread; all must succeed."""
    ended, failures = threading.Event(), []

    def ask() -> None:
        while not ended.is_set():
            try:
                service.answers()
            except Exception as error:
                failures.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
    assert failures == []
