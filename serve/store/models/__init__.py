"""ORM models of the tables, which are created by the migrations."""

from serve.store.models.accounts import ApiKey, LoginSession, User
from serve.store.models.base import LEVELS, Base
from serve.store.models.complaints import Claim, Complaint, Decision, Message, StoredSuggestion

__all__ = [
    "LEVELS",
    "ApiKey",
    "Base",
    "Claim",
    "Complaint",
    "Decision",
    "LoginSession",
    "Message",
    "StoredSuggestion",
    "User",
]
