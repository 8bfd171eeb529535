"""`isocourse skincare`: skin care during a course. Nothing is kept."""

from __future__ import annotations

import typer

skincare_app = typer.Typer(no_args_is_help=True, help="Skin care: the routine of a person.")
