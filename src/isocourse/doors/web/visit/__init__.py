"""The visit: one flow that asks only what is unknown or due, and shows what each answer changes."""
