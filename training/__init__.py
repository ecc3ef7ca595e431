"""Labelled complaints in, a measured model out."""
