"""Encoders: functions from a section of the config to a `keras.Model`.

Each takes the entries of a batch that it reads, by name, and returns features
(B, D). They are made of registered layers and hold no class of their own.
"""
