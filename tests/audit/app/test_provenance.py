"""What is said to differ between a model and its base."""

from __future__ import annotations

from audit.app.provenance import differences


def fingerprint(**files: str) -> dict[str, object]:
    return {"adapter": "hf/1", "dtype": "float32", "checkpoint": {"files": files}}


def test_weights_are_no_difference_and_everything_else_is() -> None:
    one = fingerprint(
        **{"model-00001-of-00002.safetensors": "a", "model.safetensors.index.json": "b", "config.json": "c"}
    )
    two = fingerprint(**{"model.safetensors": "d", "config.json": "e"})
    assert differences(one, one) == ()
    (told,) = differences(one, two)
    assert told.startswith("checkpoint.files.config.json: ")
    assert differences(one, {**one, "dtype": "bfloat16"}) == ("dtype: float32 in the model, bfloat16 in the base",)
