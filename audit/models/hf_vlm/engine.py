"""The engine: a loaded model and processor, from prompts to log-probabilities. All scores are float32."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from typing import TYPE_CHECKING, Any

from audit.models.hf_vlm.masking.architecture import Architecture, unwrapped
from audit.models.hf_vlm.masking.plan import shown
from audit.models.hf_vlm.masking.table import declared
from audit.models.hf_vlm.pictures import picture
from audit.models.hf_vlm.prompts import Conversation, Prompt, Template

if TYPE_CHECKING:
    from torch import Tensor

# Some templates print today's date unless they are given one; answers must not depend on the day.
_DATE = "26 Jul 2024"


class Engine:
    """A model ready to be asked. `template` replaces the processor's own where it is given."""

    def __init__(self, model: Any, processor: Any, template: str | None, max_pixels: int | None) -> None:
        self.model, self.processor = model, processor
        self.tokenizer = processor.tokenizer
        self.max_pixels = max_pixels
        if self.tokenizer.pad_token_id is None:
            self.tokenizer.pad_token = self.tokenizer.eos_token
        self._source = template if template is not None else _own_template(processor)
        self.template = Template(self._render, getattr(processor, "image_token", None) or "")
        base = unwrapped(model)
        self.keeps_logits = "logits_to_keep" in inspect.signature(base.forward).parameters
        text = base.config.get_text_config()
        self._room: int | None = getattr(text, "max_position_embeddings", None)

    def _render(self, conversation: Conversation) -> str:
        text = self.tokenizer.apply_chat_template(
            conversation,
            chat_template=self._source,
            add_generation_prompt=True,
            tokenize=False,
            image_token=getattr(self.processor, "image_token", ""),
            date_string=_DATE,
        )
        return str(text)

    def encode(self, text: str) -> list[int]:
        """Token ids of a text with image placeholders as they stand, without any added special token."""
        ids: list[int] = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        return ids

    def inputs(self, prompts: Sequence[Prompt], side: str) -> Any:
        """What the model is called with, on its device: prompts with equal numbers of images, padded on `side`."""
        begins = self.tokenizer.bos_token
        pictures = [[picture(image, self.max_pixels) for image in prompt.images] for prompt in prompts]
        try:
            found = self.processor(
                text=[prompt.text for prompt in prompts],
                images=pictures if pictures[0] else None,
                padding=True,
                padding_side=side,
                add_special_tokens=not (begins and prompts[0].text.startswith(begins)),
                return_tensors="pt",
            )
        except AttributeError as error:  # what some processors raise for a number of images they do not expect
            raise ValueError(f"the processor cannot take {len(pictures[0])} images: {error}") from error
        length = found["input_ids"].shape[1]
        if self._room is not None and length > self._room:
            raise ValueError(f"the prompt has {length} tokens, more than the {self._room} that the model can take")
        return found.to(self.model.device, dtype=self.model.dtype)

    def hiding(self, prompts: Sequence[Prompt], inputs: Any) -> AbstractContextManager[None]:
        """A context in which the model is run with the prompts' interventions, if there are any; `inputs` are what
        `inputs` made of the prompts. Raises `ValueError` for an intervention that the model cannot carry out."""
        if all(prompt.intervention is None for prompt in prompts):
            return nullcontext()
        from audit.models.hf_vlm.masking.hooks import hiding

        several = {id(prompt): prompt for prompt in prompts}  # a prompt may be asked several times in a batch
        read = {key: shown(prompt.images, prompt.intervention, self.max_pixels) for key, prompt in several.items()}
        batch = [read[id(prompt)] for prompt in prompts]
        return hiding(self.model, self._architecture, batch, inputs["input_ids"])

    @cached_property
    def _architecture(self) -> Architecture:
        return declared(unwrapped(self.model).config, self.processor.image_processor)

    def next_logprobs(self, prompts: Sequence[Prompt], drops: Sequence[int]) -> tuple[Tensor, list[int]]:
        """Log-probabilities of the next token after each prompt without its last `drop` tokens, shape (prompts,
        vocabulary), on the CPU; and the numbers of prompt tokens. Prompts are padded at their end, which no position
        before can see."""
        import torch

        inputs = self.inputs(prompts, "right")
        lengths = inputs["attention_mask"].sum(dim=1)
        places = lengths - 1 - torch.tensor(list(drops), device=lengths.device)
        kept = torch.unique(places)
        more = {"logits_to_keep": kept} if self.keeps_logits else {}
        with torch.inference_mode(), self.hiding(prompts, inputs):
            logits = self.model(**inputs, use_cache=False, **more).logits
        columns = torch.searchsorted(kept, places) if self.keeps_logits else places
        rows = logits[torch.arange(len(prompts), device=logits.device), columns.to(logits.device)]
        return torch.log_softmax(rows.float(), dim=-1).cpu(), lengths.tolist()


def _own_template(processor: Any) -> str:
    for owner in (processor, processor.tokenizer):
        found = getattr(owner, "chat_template", None)
        if isinstance(found, dict):
            found = found.get("default") or next(iter(found.values()), None)
        if found:
            return str(found)
    raise ValueError("the checkpoint has no chat template; add ?template=NAME_OR_FILE")
