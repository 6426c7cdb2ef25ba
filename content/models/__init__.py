"""Records of the content package; one review and version machinery serves both kinds of document."""

from content.models.attachment import Attachment
from content.models.channel import Channel, ChannelKind
from content.models.correction import Correction, CorrectionState
from content.models.disclosure import DisclosureEdition, DisclosureMode, Validity
from content.models.document import Document, DocumentKind, Edition, EditionState, OldAddress
from content.models.duty import Duty
from content.models.field_mapping import FieldMapping
from content.models.file_release import FileRelease
from content.models.file_search import FileSearch
from content.models.kept import KeptText
from content.models.link import DocumentLink, LinkKind
from content.models.numbering import CodingRule, NumberSeries
from content.models.parts import ItemQuestion, Law, LawRank, LegalBasis, Material, ServiceForm
from content.models.question import Question, QuestionState
from content.models.review_chain import ChainStep, ReviewChain
from content.models.review_step import ReviewStep, StepKind, StepState
from content.models.service import (
    HandlingType,
    ItemCategory,
    LimitUnit,
    OperationStage,
    ServiceEdition,
    SubjectNature,
)
from content.models.staged_import import StagedImport
from content.models.task import TaskAnswer, TaskRow, TaskSheet, TaskVerdict

__all__ = [
    "Attachment",
    "ChainStep",
    "Channel",
    "ChannelKind",
    "CodingRule",
    "Correction",
    "CorrectionState",
    "DisclosureEdition",
    "DisclosureMode",
    "Document",
    "DocumentKind",
    "DocumentLink",
    "Duty",
    "Edition",
    "EditionState",
    "FieldMapping",
    "FileRelease",
    "FileSearch",
    "HandlingType",
    "ItemCategory",
    "ItemQuestion",
    "KeptText",
    "Law",
    "LawRank",
    "LegalBasis",
    "LimitUnit",
    "LinkKind",
    "Material",
    "NumberSeries",
    "OldAddress",
    "OperationStage",
    "Question",
    "QuestionState",
    "ReviewChain",
    "ReviewStep",
    "ServiceEdition",
    "ServiceForm",
    "StagedImport",
    "StepKind",
    "StepState",
    "SubjectNature",
    "TaskAnswer",
    "TaskRow",
    "TaskSheet",
    "TaskVerdict",
    "Validity",
]
