"""Records of the cases package."""

from cases.models.application import ApplicantKind, Application, ApplicationState, IntakeMethod
from cases.models.case import Case, CaseOutcome
from cases.models.event import CaseEvent
from cases.models.look_up import LookUpAttempt

__all__ = [
    "ApplicantKind",
    "Application",
    "ApplicationState",
    "Case",
    "CaseEvent",
    "CaseOutcome",
    "IntakeMethod",
    "LookUpAttempt",
]
