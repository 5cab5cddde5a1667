"""Taking a spurious region cluster out of a contrastive model: the region-aware fine-tuning loss."""
