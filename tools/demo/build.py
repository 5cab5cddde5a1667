"""An untrained demo model in the standard LLaVA layout: SigLIP tower, Llama decoder, own tokenizer and template."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

SIZE, PATCH, WIDTH, LAYERS, HEADS = 112, 14, 160, 4, 4
IMAGE_TOKENS = (SIZE // PATCH) ** 2
SPECIAL = ("<|pad|>", "<|end|>", "<image>", "<|system|>", "<|user|>", "<|assistant|>")

# Images of a message come before its text, whatever the order they were given in.
TEMPLATE = """\
{%- for message in messages -%}
{{ '<|' + message['role'] + '|>' }}
{%- if message['content'] is string -%}{{ message['content'] }}
{%- else -%}
{%- for part in message['content'] if part['type'] == 'image' -%}<image>{%- endfor -%}
{%- for part in message['content'] if part['type'] == 'text' -%}
{{ ('' if loop.first else '\\n') + part['text'] }}
{%- endfor -%}
{%- endif -%}
{%- if not (loop.last and continue_final_message is defined and continue_final_message) -%}<|end|>{%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}<|assistant|>{%- endif -%}"""


def build_tokenizer(texts: Iterable[str], vocabulary: int = 1024) -> Any:
    """A byte-level BPE tokenizer trained on `texts`; every text survives a round trip."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, special_tokens=list(SPECIAL), initial_alphabet=sorted(alphabet), show_progress=False
    )
    tokenizer.train_from_iterator(sorted(set(texts)), trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<|pad|>",
        eos_token="<|end|>",
        padding_side="left",
        model_max_length=2048,
        clean_up_tokenization_spaces=False,
        model_input_names=["input_ids", "attention_mask"],
        extra_special_tokens={"image_token": "<image>"},
    )
    fast.chat_template = TEMPLATE
    return fast


def build_processor(tokenizer: Any) -> Any:
    """Resize to 112 px (bicubic), scale to [-1, 1], one token per patch."""
    from transformers import LlavaProcessor, SiglipImageProcessorPil

    images = SiglipImageProcessorPil(size={"height": SIZE, "width": SIZE}, resample=3)
    return LlavaProcessor(
        image_processor=images,
        tokenizer=tokenizer,
        patch_size=PATCH,
        vision_feature_select_strategy="full",
        image_token="<image>",
        num_additional_image_tokens=0,
        chat_template=TEMPLATE,
    )


def build_model(tokenizer: Any, seed: int) -> Any:
    """About 2.6 million parameters with seeded random weights (float32)."""
    import torch
    from transformers import (
        GenerationConfig,
        LlamaConfig,
        LlavaConfig,
        LlavaForConditionalGeneration,
        SiglipVisionConfig,
    )

    vision = SiglipVisionConfig(
        hidden_size=WIDTH, intermediate_size=3 * WIDTH, num_hidden_layers=LAYERS, num_attention_heads=HEADS,
        image_size=SIZE, patch_size=PATCH, vision_use_head=False,
    )  # fmt: skip
    ids = {name: tokenizer.convert_tokens_to_ids(token) for name, token in
           (("pad", "<|pad|>"), ("eos", "<|end|>"), ("image", "<image>"), ("bos", "<|user|>"))}  # fmt: skip
    text = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=WIDTH, intermediate_size=416, num_hidden_layers=LAYERS,
        num_attention_heads=HEADS, num_key_value_heads=HEADS, max_position_embeddings=2048, tie_word_embeddings=True,
        pad_token_id=ids["pad"], eos_token_id=ids["eos"], bos_token_id=ids["bos"],
    )  # fmt: skip
    config = LlavaConfig(
        vision_config=vision, text_config=text, image_token_index=ids["image"], image_token_id=ids["image"],
        image_seq_length=IMAGE_TOKENS, vision_feature_layer=-1, vision_feature_select_strategy="full",
        tie_word_embeddings=True, pad_token_id=ids["pad"], eos_token_id=ids["eos"], bos_token_id=ids["bos"],
    )  # fmt: skip
    torch.manual_seed(seed)
    model = LlavaForConditionalGeneration(config)
    model.generation_config = GenerationConfig(
        do_sample=False, pad_token_id=ids["pad"], eos_token_id=ids["eos"], bos_token_id=ids["bos"]
    )
    return model
