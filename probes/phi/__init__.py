"""PHI: does the model leak identifiers, masked or not."""
