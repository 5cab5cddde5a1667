"""Classical image features of many small pictures at once: gradients and local binary patterns."""
