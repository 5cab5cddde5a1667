"""Discovery of region clusters that hang together with errors (RaVL), its error rates and its baselines."""
