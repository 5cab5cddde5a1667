"""Whether a model can be asked a query at all."""

from __future__ import annotations

from audit.core.model import MasksTokens, Model, needed
from audit.core.query import Query


def able(model: Model, query: Query) -> bool:
    """Whether the model declares all that the query needs: how it is answered, and the layer and fill of the tokens
    that it hides. Only a query that hides tokens makes the model look at its own layers."""
    if not needed(query) <= model.capabilities:
        return False
    hidden = query.intervention
    if hidden is None:
        return True
    return isinstance(model, MasksTokens) and hidden.fill in model.token_layers.get(hidden.layer, ())
