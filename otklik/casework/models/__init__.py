"""What casework remembers: incidents with their moves, answers and clocks. One file a noun."""

from otklik.casework.models.answer_rules import AnswerRule
from otklik.casework.models.answer_templates import AnswerTemplate, AnswerTemplateVersion
from otklik.casework.models.answers import MOST_ANSWER_PHOTOS, Answer
from otklik.casework.models.approvals import APPROVERS, ApprovalRule, Substitute
from otklik.casework.models.brought import (
    BroughtBefore,
    BroughtIncident,
    ExportPiece,
    IncidentExport,
    IncidentTable,
    IncidentTablePiece,
)
from otklik.casework.models.erasure import ErasureRequest, LegalHold
from otklik.casework.models.external import (
    MOST_PHOTOS,
    ExternalLink,
    ExternalOpening,
    ExternalPhoto,
    ExternalReply,
)
from otklik.casework.models.fakes import FakeLink, FakePublication, FakeReport
from otklik.casework.models.incidents import (
    OPEN_STATES,
    TICKING_STATES,
    Incident,
    IncidentQuerySet,
)
from otklik.casework.models.late import LateWarning
from otklik.casework.models.mass import MassMember, MassProblem, MassRound, MassStep
from otklik.casework.models.moderation import (
    ModerationAction,
    ModerationAppeal,
    ModerationEvidence,
    ModerationRule,
)
from otklik.casework.models.moves import AllowedMove, Move
from otklik.casework.models.notes import IncidentNote, NoteMention, NoteVersion
from otklik.casework.models.personal import PersonalRead
from otklik.casework.models.photos import AnswerPhoto
from otklik.casework.models.profiles import SlaProfile
from otklik.casework.models.retention import RetentionRule, RetentionRun
from otklik.casework.models.return_appeals import ReturnAppeal
from otklik.casework.models.reviews import Review, ReviewSample, SampledAnswer
from otklik.casework.models.satisfaction import Satisfaction
from otklik.casework.models.systemic import SystemicBasis, SystemicDecision

__all__ = [
    "APPROVERS",
    "MOST_ANSWER_PHOTOS",
    "MOST_PHOTOS",
    "OPEN_STATES",
    "TICKING_STATES",
    "AllowedMove",
    "Answer",
    "AnswerPhoto",
    "AnswerRule",
    "AnswerTemplate",
    "AnswerTemplateVersion",
    "ApprovalRule",
    "BroughtBefore",
    "BroughtIncident",
    "ErasureRequest",
    "ExportPiece",
    "ExternalLink",
    "ExternalOpening",
    "ExternalPhoto",
    "ExternalReply",
    "FakeLink",
    "FakePublication",
    "FakeReport",
    "Incident",
    "IncidentExport",
    "IncidentNote",
    "IncidentQuerySet",
    "IncidentTable",
    "IncidentTablePiece",
    "LateWarning",
    "LegalHold",
    "MassMember",
    "MassProblem",
    "MassRound",
    "MassStep",
    "ModerationAction",
    "ModerationAppeal",
    "ModerationEvidence",
    "ModerationRule",
    "Move",
    "NoteMention",
    "NoteVersion",
    "PersonalRead",
    "RetentionRule",
    "RetentionRun",
    "ReturnAppeal",
    "Review",
    "ReviewSample",
    "SampledAnswer",
    "Satisfaction",
    "SlaProfile",
    "Substitute",
    "SystemicBasis",
    "SystemicDecision",
]
