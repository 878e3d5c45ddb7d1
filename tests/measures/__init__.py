"""Measures, scores, fines and rewards."""
