"""Whether a model can be asked a query at all."""

from __future__ import annotations

from audit.core.model import LimitsImages, MasksTokens, Model, needed
from audit.core.query import Query


def able(model: Model, query: Query) -> bool:
    """Whether the model declares all that the query needs: how it is answered, room for its images, and the layer and
    fill of the tokens that it hides. Only a query that hides tokens makes the model look at its own layers."""
    if not needed(query) <= model.capabilities or not has_room(model, query):
        return False
    hidden = query.intervention
    if hidden is None:
        return True
    return isinstance(model, MasksTokens) and hidden.fill in model.token_layers.get(hidden.layer, ())


def has_room(model: Model, query: Query) -> bool:
    """Whether the model takes as many images as the query holds."""
    most = model.most_images if isinstance(model, LimitsImages) else None
    return most is None or len(query.images) <= most
