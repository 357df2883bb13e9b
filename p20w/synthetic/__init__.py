"""An invented Wisconsin and a server that answers like the official endpoints.

Reads nothing of the project (an honest counterpart), writes nothing, guarantees that the same
number of students and the same seed give the same state, bytes and answers. The truth behind the
state (`SyntheticState.truth`) is for tests alone and is never served.
"""
