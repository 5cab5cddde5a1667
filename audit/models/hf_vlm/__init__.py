"""What stands behind `hf:` specs: prompts, processors, generation and scoring with transformers."""
