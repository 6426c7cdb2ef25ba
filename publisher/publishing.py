"""What a publisher does, step by step. The caller holds the lock of the site and commits between the steps:

finish        what a publisher that died left prepared
prepare       work out what changes, stage it, write the publication      -> commit: now it is certain
carry_out     change the live tree, mark the publication live             -> commit
tidy          give back what is needed no more
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy.orm import aliased

from database import db
from publisher import journal
from publisher.building import prepare_build
from publisher.compressing import compress, lacks_twins
from publisher.draft import Draft, draft_of, wanted_files
from publisher.errors import LostError, PublishError
from publisher.journal import Staging
from publisher.manifest import file_changes, live_files
from publisher.models import Publication, PublicationFile, PublicationKind, PublicationState
from publisher.page import GONE
from publisher.processes import Progress
from publisher.records import (
    Prepared,
    check_size,
    enter,
    fingerprint,
    new_publication,
    newest_publication,
    remember,
    report,
    trees_in_use,
)
from publisher.report import Report, Stopwatch
from publisher.touching import Changes
from publisher.trees import Place, drop_leftovers, kept_file, live_tree, shown_publication

MANY = 1000  # records; with more, rendering everything in all processes is done sooner
NO_SITE = "网站还没有生成，请先运行 flask site build。"
Keep = Callable[[str, bytes], None]


def finish(place: Place, *, at: datetime) -> Publication | None:
    """Carry out what a publisher that died had prepared, and remove what it had only begun; the caller commits.

    What cannot be carried out stays as it is: nothing but a full build goes live upon it.
    """
    newest = newest_publication()
    if newest is None:
        drop_leftovers(place.site_folder, trees=(), staged=())
        return None
    drop_leftovers(place.site_folder, trees=trees_in_use(), staged=(newest.name, newest.tree))
    finished = (
        newest if newest.state is PublicationState.PREPARED and _finished(place, newest, at=at) else None
    )
    tree = place.site_folder / "releases" / newest.tree
    if newest.state is PublicationState.LIVE:
        if _is_untidy(place, newest):
            _forget_old_bytes(place)
        if lacks_twins(tree):
            compress(tree, None)
        drop_leftovers(place.site_folder, trees=trees_in_use(), staged=())
    return finished


def _finished(place: Place, prepared: Publication, *, at: datetime) -> bool:
    if not journal.may_be_finished(place.site_folder, prepared):
        return False
    try:
        _bring_live(place, prepared, at=at)
    except LostError:
        return False
    return True


def goes_through_all(place: Place, changes: Changes) -> bool:
    """Whether these changes are published by building the whole site: the first one, an upgrade, the end of a rollback.

    A tree that does not show the newest publication is none of these: publishing into it is refused.
    """
    before, tree = newest_publication(), live_tree(place.site_folder)
    if before is None or tree is None or not tree.is_dir():
        return True
    if not journal.is_in_step(place.site_folder, before):
        return False
    many = len(changes.documents) + len(changes.questions) + len(changes.cases) > MANY
    return many or changes.everything or before.is_held or before.fingerprint != fingerprint(place.public_url)


def prepare(
    place: Place,
    changes: Changes,
    *,
    at: datetime,
    accept_fewer: bool = False,
    progress: Progress | None = None,
) -> Prepared | None:
    """Prepare a publication of these changes: into the live tree, or into a new one; None when nothing has to change.

    Raises: PublishError; OSError of the disk. The live site is then as it was.
    """
    watch, before, tree = Stopwatch(), newest_publication(), live_tree(place.site_folder)
    if before is None and (shown := shown_publication(place.site_folder)):
        raise LostError(shown)  # another database's site stands here
    if before is None or tree is None or goes_through_all(place, changes):
        return prepare_build(place, at=at, accept_fewer=accept_fewer, progress=progress)
    if not journal.is_in_step(place.site_folder, before):
        raise LostError(before.name)
    if not changes:
        return None
    publication = new_publication(PublicationKind.PUBLISH, before, at=at, public_url=place.public_url)
    hashes = _Hashes()
    staging = Staging(place.site_folder, publication.name, hashes)
    try:
        draft = draft_of(place, changes, staging.keep, progress=progress, watch=watch, announce=hashes.expect)
        wanted = wanted_files(draft)
        live = live_files(wanted)
        rows = file_changes(wanted, live)
        for row in rows:
            if row.path in draft.attached:
                staging.link(row.path, place.upload_folder / row.path.removeprefix("files/"))
            elif row.path.endswith(f"/{GONE}") and row.new_sha256:
                staging.keep(row.path, b"")
        staging.make_room(tree, rows)
        staging.sync()
        watch.stage("write")
        return _entered(Prepared(publication, rows, watch), draft, live, before, accept_fewer=accept_fewer)
    except BaseException:
        staging.discard()
        raise


class _Hashes(dict[str, str]):
    """Hashes of live files by path, read when they are asked for, together if announced."""

    def expect(self, paths: Iterable[str]) -> None:
        """Read these together."""
        wanted = list(paths)
        self.update(dict.fromkeys(wanted, ""))
        self.update({path: sha256 for path, (sha256, _) in live_files(wanted).items()})

    def get(self, path: str, default: str | None = None) -> str | None:  # type: ignore[override]
        if path not in self:
            self.expect([path])
        return super().get(path, default)


def _entered(
    prepared: Prepared,
    draft: Draft,
    live: dict[str, tuple[str, int]],
    before: Publication,
    *,
    accept_fewer: bool,
) -> Prepared | None:
    enter(prepared.publication, prepared.files, live)
    check_size(prepared.publication, before, accept_fewer=accept_fewer)
    remember(prepared.publication, draft, prepared.files)
    prepared.watch.stage("record")
    return prepared


def carry_out(place: Place, prepared: Prepared, *, at: datetime) -> Report:
    """Change the live tree to what was prepared, and mark that; the caller commits."""
    _bring_live(place, prepared.publication, at=at)
    prepared.watch.stage("switch")
    return report(prepared.publication, prepared.files, prepared.watch)


def _bring_live(place: Place, publication: Publication, *, at: datetime) -> None:
    journal.carry_out(place.site_folder, publication)
    publication.state, publication.live_at = PublicationState.LIVE, at


def unchanged() -> Report:
    """The report of a publication that had nothing to do."""
    newest = newest_publication()
    if newest is None:
        raise PublishError(NO_SITE)
    return report(newest, (), Stopwatch())


def tidy(place: Place) -> None:
    """Give back staged files, old bytes, and trees in which no reader can be any more; a new tree is still to get its twins."""
    newest = newest_publication()
    _forget_old_bytes(place)
    # The staged files go last: as long as they are there, whoever comes next knows that this was interrupted.
    drop_leftovers(place.site_folder, trees=trees_in_use(), staged=(newest.tree,) if newest else ())


def _is_untidy(place: Place, newest: Publication) -> bool:
    staging = place.site_folder / "staging"
    return (staging / newest.name).is_dir() or (staging / newest.tree).is_dir()


def _forget_old_bytes(place: Place) -> None:
    """Give back bytes that only the oldest publication replaced that cannot be taken back any more."""
    older = db.select(Publication.id).order_by(Publication.id.desc()).offset(place.keep).limit(1)
    number = db.session.scalar(older)
    if number is None:
        return
    row, later = PublicationFile, aliased(PublicationFile)
    again = db.exists().where(later.old_sha256 == row.old_sha256, later.publication_id > number)
    replaced = db.select(row.old_sha256).where(
        row.publication_id == number, row.old_sha256.is_not(None), ~again
    )
    for sha256 in db.session.scalars(replaced.distinct()):
        kept_file(place.site_folder, str(sha256)).unlink(missing_ok=True)
