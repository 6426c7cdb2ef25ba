"""The sample county: a fictional county that comes about as a real one would, by the acts of its officers."""

from exchange.sample.loading import Loaded, load_sample

__all__ = ["Loaded", "load_sample"]
