"""The skin: what is seen on it, in numbers that say how far they can be trusted. Nothing here decides on capsules."""
