"""Figures: what is measured, where it is stored, and what it is held against. Nothing here changes a model."""
