"""isocourse: a clinical rule engine for isotretinoin courses."""

__version__ = "0.1.0"
