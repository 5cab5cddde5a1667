"""How the demo models are made: panels, questions, grids, tokenizer, architecture, training loop."""
