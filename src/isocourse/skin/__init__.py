"""The skin: what is seen on it, in numbers that say how far they can be trusted. Nothing here decides on capsules.

Pure: bytes and arrays in, observations out; no clock, no dice, no state.
"""
