"""Persistence: complaints, suggestions, decisions, accounts and keys."""
