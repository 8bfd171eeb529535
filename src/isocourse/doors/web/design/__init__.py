"""The design system on a page of its own: tokens and components as they are."""
