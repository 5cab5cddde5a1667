"""`medaudit mitigate`: fine-tuning a contrastive model so that it no longer leans on a region cluster."""
