"""Coverage-guided fuzzing of all that parses untrusted input: ``python -m tests.fuzz text --seconds 300``."""
