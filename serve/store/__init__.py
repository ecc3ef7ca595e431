"""The record of the desk: complaints, suggestions, decisions, people."""
