"""The HTTP API and the dispatch desk."""
