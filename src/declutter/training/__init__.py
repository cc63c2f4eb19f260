"""Fit, evaluate and report; prediction never imports this."""
