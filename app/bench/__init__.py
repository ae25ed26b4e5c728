"""Measurements on this machine, one module per part of the product."""
