"""The whole sites that are crawled: the sample county, and what the real files become."""

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import exchange
import publisher
from app import create_app
from config import Settings
from county.keys import Keyring
from database import db
from exchange.run import ImportOptions
from exchange.sample import load_sample
from tests.beginnings import once_a_run
from tests.columns.crawler import Tree
from tests.conftest import COMPILED
from tests.people import NOON, settle_in

SAMPLE = Path(__file__).parents[2] / "sample_county"
REAL = {
    "laws_falv": "disclosures",
    "laws_xingzhengfagui": "disclosures",
    "laws_bumenguizhang": "disclosures",
    "laws_difangxingfagui_henan": "disclosures",
    "disclosure_records": "disclosures",
    "disclosure_catalogue": "duties",
    "service_items": "services",
    "power_items_liaoning": "services",
    "service_directory_guangan": "services",
    "faq": "questions",
}


@pytest.fixture(scope="session")
def crawled(
    template_database: Path, template_keys: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Tree]:
    """The site of this name as it is published; made once for all processes of the run."""
    fill = {"sample": sample_county, "real": real_files}
    found: dict[str, Tree] = {}

    def site(name: str) -> Tree:
        if name not in found:
            base = tmp_path_factory.getbasetemp()
            shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"site-{name}"
            found[name] = Tree(
                once_a_run(shared, lambda home: publish(home, fill[name], template_database, template_keys))
                / "tree"
            )
        return found[name]

    return site


def publish(home: Path, fill: Callable[[Settings], None], database: Path, keys: Path) -> None:
    """An installation of its own with what `fill` puts into it, and its site as a folder."""
    shutil.copy(database, home / "zhuanlan.db")
    shutil.copytree(keys, home / "keys")
    settings = Settings(home=home, public_url="http://localhost")
    app = create_app((), settings)
    app.jinja_env.bytecode_cache = COMPILED
    with app.app_context():
        fill(settings)
        db.session.commit()
        place = publisher.Place(settings.site_folder, settings.upload_folder, settings.public_url, keep=5)
        report = publisher.build_into(home / "tree", place, name="tree")
        assert report.blocked == ()
        db.session.remove()
        db.engine.dispose()


def sample_county(settings: Settings) -> None:
    keyring = Keyring.from_directory(settings.key_folder)
    load_sample(SAMPLE, anchor=date(2026, 11, 20), now=NOON, keyring=keyring, uploads=settings.upload_folder)


def real_files(settings: Settings) -> None:
    people = settle_in()
    people.site.domain, people.site.identity_code = "www.qingya.example", "9901230001"
    options = ImportOptions(
        at=NOON,
        organ_id=people.organ.id,
        uploads=settings.upload_folder,
        create_missing=True,
        state="published",
    )
    for name, kind in REAL.items():
        file = Path(os.environ["ZHUANLAN_REAL_DATA"], f"{name}.jsonl")
        exchange.import_path(kind, file, options, after_batch=db.session.commit)
