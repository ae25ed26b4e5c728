"""Plotly figures from plain numbers, in colours that can be told apart without colour vision."""
