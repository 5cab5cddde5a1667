"""Whether an identifier stands in what a model said, however it is written there."""

from probes.phi.leak.found import STATES, State, found, words_found

__all__ = ["STATES", "State", "found", "words_found"]
