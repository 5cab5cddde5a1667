"""Tiny, randomly initialised checkpoints of real architectures, saved as a user's checkpoints are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

CORPUS = [
    "Which of the images does not match the others? Answer with one letter.",
    "A B C D E F G H. Answer: A Answer: B Answer: C Answer: D",
    "Is this a chest x-ray? yes no Yes No none of the above",
    "The image at row 1 column 2 shows a lung, a liver, a brain, a retina.",
    "USER: ASSISTANT: User: Assistant: system user assistant model",
]

LLAVA_TEMPLATE = (
    "{% for m in messages %}{{ m['role'].upper() + ': ' }}"
    "{% for c in m['content'] %}{% if c['type'] == 'image' %}{{ '<image>\n' }}{% endif %}{% endfor %}"
    "{% for c in m['content'] %}{% if c['type'] == 'text' %}{{ c['text'] + ' ' }}{% endif %}{% endfor %}{% endfor %}"
    "{% if add_generation_prompt %}{{ 'ASSISTANT:' }}{% endif %}"
)
QWEN_TEMPLATE = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' }}{% for c in m['content'] %}"
    "{% if c['type'] == 'image' %}{{ '<|vision_start|><|image_pad|><|vision_end|>' }}{% else %}{{ c['text'] }}"
    "{% endif %}{% endfor %}{{ '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
GEMMA_TEMPLATE = (  # has no system turn: refuses one
    "{{ bos_token }}{% for m in messages %}{% if m['role'] == 'system' %}"
    "{{ raise_exception('System role not supported') }}{% endif %}"
    "{{ '<start_of_turn>' + ('model' if m['role'] == 'assistant' else m['role']) + '\n' }}{% for c in m['content'] %}"
    "{% if c['type'] == 'image' %}{{ '<start_of_image>' }}{% else %}{{ c['text'] | trim }}{% endif %}{% endfor %}"
    "{{ '<end_of_turn>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}"
)
IDEFICS_TEMPLATE = (
    "<|im_start|>{% for m in messages %}{{ m['role'] | capitalize }}"
    "{% if m['content'][0]['type'] == 'image' %}{{ ':' }}{% else %}{{ ': ' }}{% endif %}{% for c in m['content'] %}"
    "{% if c['type'] == 'text' %}{{ c['text'] }}{% elif c['type'] == 'image' %}{{ '<image>' }}{% endif %}{% endfor %}"
    "<end_of_utterance>\n{% endfor %}{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}"
)


def _tokenizer(special: list[str], named: Mapping[str, str], *, length: int = 4096) -> Any:
    """A byte-level BPE tokenizer trained on a few lines; every text can be encoded and decoded without loss."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=420,
        special_tokens=["<pad>", "<s>", "</s>", *special],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        bos_token="<s>",
        eos_token="</s>",
        additional_special_tokens=[token for token in special if token not in named.values()],
        extra_special_tokens=dict(named),
        model_max_length=length,
    )


def _text(vocabulary: int, **more: Any) -> dict[str, Any]:
    return {
        "vocab_size": vocabulary,
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 4096,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "pad_token_id": 0,
        "tie_word_embeddings": False,
        "initializer_range": 0.5,
        **more,
    }


def _vision(size: int, patch: int, **more: Any) -> dict[str, Any]:
    return {
        "hidden_size": 16,
        "intermediate_size": 24,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "image_size": size,
        "patch_size": patch,
        **more,
    }


def _llava(folder: Path) -> Any:
    from transformers import CLIPImageProcessorPil

    images = CLIPImageProcessorPil(size={"shortest_edge": 28}, crop_size={"height": 28, "width": 28})
    vision = {"model_type": "clip_vision_model", **_vision(28, 14, projection_dim=16)}
    return _llava_with(folder, images, vision, "default", extra=1)


def _llava_full(folder: Path) -> Any:
    """The class token and two blocks' outputs are projected; more patches than above."""
    from transformers import CLIPImageProcessorPil

    images = CLIPImageProcessorPil(size={"shortest_edge": 56}, crop_size={"height": 56, "width": 56})
    vision = {"model_type": "clip_vision_model", **_vision(56, 14, projection_dim=16, num_hidden_layers=3)}
    return _llava_with(folder, images, vision, "full", extra=1, vision_feature_layer=[-3, -2])


def _llava_siglip(folder: Path) -> Any:
    """No class token, pictures padded to a square, and two rows of pixels that belong to no patch."""
    from transformers import LlavaImageProcessorPil

    size = {"height": 30, "width": 30}
    images = LlavaImageProcessorPil(do_pad=True, size=size, crop_size=size)
    vision = {"model_type": "siglip_vision_model", "vision_use_head": False, **_vision(30, 7)}
    return _llava_with(folder, images, vision, "full", extra=0)


def _llava_with(
    folder: Path, images: Any, vision: dict[str, Any], strategy: str, *, extra: int, **settings: Any
) -> Any:
    from transformers import LlavaConfig, LlavaForConditionalGeneration, LlavaProcessor

    tokenizer = _tokenizer(["<image>"], {"image_token": "<image>"})
    LlavaProcessor(
        image_processor=images,
        tokenizer=tokenizer,
        patch_size=vision["patch_size"],
        vision_feature_select_strategy=strategy,
        num_additional_image_tokens=extra,
        chat_template=LLAVA_TEMPLATE,
    ).save_pretrained(folder)
    return LlavaForConditionalGeneration(
        LlavaConfig(
            vision_config=vision,
            text_config={"model_type": "llama", **_text(len(tokenizer))},
            image_token_id=tokenizer.convert_tokens_to_ids("<image>"),
            vision_feature_select_strategy=strategy,
            **settings,
        )
    )


def _qwen2_5_vl(folder: Path, largest: int = 56 * 56) -> Any:
    from transformers import (
        Qwen2_5_VLConfig,
        Qwen2_5_VLForConditionalGeneration,
        Qwen2VLImageProcessorPil,
    )

    marks = ["<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>"]
    tokenizer = _tokenizer(marks, {"image_token": "<|image_pad|>", "video_token": "<|video_pad|>"})
    images = Qwen2VLImageProcessorPil(patch_size=14, min_pixels=28 * 28, max_pixels=largest)
    _save_parts(folder, "Qwen2_5_VLProcessor", images, tokenizer, QWEN_TEMPLATE)
    ids = tokenizer.convert_tokens_to_ids
    text = _text(
        len(tokenizer), rope_parameters={"rope_type": "default", "mrope_section": [1, 1, 2], "rope_theta": 1e4}
    )
    return Qwen2_5_VLForConditionalGeneration(
        Qwen2_5_VLConfig(
            text_config=text,
            vision_config={
                "depth": 2,
                "hidden_size": 32,
                "intermediate_size": 48,
                "num_heads": 2,
                "out_hidden_size": 32,
                "patch_size": 14,
                "window_size": 56,
                "fullatt_block_indexes": [1],
            },
            image_token_id=ids("<|image_pad|>"),
            video_token_id=ids("<|video_pad|>"),
            vision_start_token_id=ids("<|vision_start|>"),
            vision_end_token_id=ids("<|vision_end|>"),
            tie_word_embeddings=False,
        )
    )


def _qwen2_5_vl_large(folder: Path) -> Any:
    """Pictures of several attention windows."""
    return _qwen2_5_vl(folder, 168 * 168)


def _gemma3(folder: Path) -> Any:
    from transformers import Gemma3Config, Gemma3ForConditionalGeneration, Gemma3ImageProcessorPil, Gemma3Processor

    named = {
        "image_token": "<image_soft_token>",
        "boi_token": "<start_of_image>",
        "eoi_token": "<end_of_image>",
    }
    tokenizer = _tokenizer([*named.values(), "<start_of_turn>", "<end_of_turn>"], named)
    images = Gemma3ImageProcessorPil(size={"height": 28, "width": 28})
    Gemma3Processor(images, tokenizer, chat_template=GEMMA_TEMPLATE, image_seq_length=4).save_pretrained(folder)
    ids = tokenizer.convert_tokens_to_ids
    return Gemma3ForConditionalGeneration(
        Gemma3Config(
            text_config=_text(
                len(tokenizer),
                head_dim=8,
                sliding_window=16,
                query_pre_attn_scalar=8,
                layer_types=["sliding_attention", "full_attention"],
            ),
            vision_config={"model_type": "siglip_vision_model", **_vision(28, 7)},
            mm_tokens_per_image=4,
            boi_token_index=ids("<start_of_image>"),
            eoi_token_index=ids("<end_of_image>"),
            image_token_index=ids("<image_soft_token>"),
            tie_word_embeddings=False,
        )
    )


def _idefics3(folder: Path) -> Any:
    from transformers import (
        Idefics3Config,
        Idefics3ForConditionalGeneration,
        Idefics3ImageProcessorPil,
        Idefics3Processor,
    )

    tokenizer = _idefics_tokenizer()
    images = Idefics3ImageProcessorPil(size={"longest_edge": 56}, max_image_size={"longest_edge": 28})
    Idefics3Processor(images, tokenizer, image_seq_len=4, chat_template=IDEFICS_TEMPLATE).save_pretrained(folder)
    return Idefics3ForConditionalGeneration(
        Idefics3Config(
            vision_config=_vision(28, 7),
            text_config={"model_type": "llama", **_text(len(tokenizer))},
            image_token_id=tokenizer.convert_tokens_to_ids("<image>"),
            scale_factor=2,
            pad_token_id=0,
            tie_word_embeddings=False,
        )
    )


def _smolvlm(folder: Path) -> Any:
    from transformers import SmolVLMConfig, SmolVLMForConditionalGeneration, SmolVLMImageProcessorPil

    tokenizer = _idefics_tokenizer()
    images = SmolVLMImageProcessorPil(size={"longest_edge": 56}, max_image_size={"longest_edge": 28})
    _save_parts(folder, "SmolVLMProcessor", images, tokenizer, IDEFICS_TEMPLATE, image_seq_len=4)
    return SmolVLMForConditionalGeneration(
        SmolVLMConfig(
            vision_config=_vision(28, 7),
            text_config={"model_type": "llama", **_text(len(tokenizer))},
            image_token_id=tokenizer.convert_tokens_to_ids("<image>"),
            scale_factor=2,
            pad_token_id=0,
            tie_word_embeddings=False,
        )
    )


def _idefics_tokenizer() -> Any:
    cells = [f"<row_{row}_col_{column}>" for row in range(1, 5) for column in range(1, 5)]
    marks = ["<fake_token_around_image>", "<image>", "<end_of_utterance>", "<global-img>", "<|im_start|>", *cells]
    named = {
        "image_token": "<image>",
        "fake_image_token": "<fake_token_around_image>",
        "end_of_utterance_token": "<end_of_utterance>",
        "global_image_token": "<global-img>",
    }
    return _tokenizer(marks, named)


def _save_parts(folder: Path, name: str, images: Any, tokenizer: Any, template: str, **settings: Any) -> None:
    """Save a processor whose class cannot be made without torchvision: part by part, with its configuration."""
    import json

    images.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    (folder / "chat_template.jinja").write_text(template, encoding="utf-8")
    (folder / "processor_config.json").write_text(json.dumps({"processor_class": name, **settings}), encoding="utf-8")


def _clip(folder: Path) -> Any:
    from transformers import CLIPConfig, CLIPImageProcessorPil, CLIPModel, CLIPProcessor

    tokenizer = _tokenizer([], {}, length=64)
    images = CLIPImageProcessorPil(size={"shortest_edge": 28}, crop_size={"height": 28, "width": 28})
    CLIPProcessor(images, tokenizer).save_pretrained(folder)
    return CLIPModel(
        CLIPConfig(
            text_config={**_two_tower(len(tokenizer)), "projection_dim": 16},
            vision_config=_vision(28, 14, projection_dim=16),
            projection_dim=16,
        )
    )


def _siglip(folder: Path) -> Any:
    from transformers import SiglipConfig, SiglipImageProcessorPil, SiglipModel, SiglipProcessor

    tokenizer = _tokenizer([], {}, length=64)
    SiglipProcessor(SiglipImageProcessorPil(size={"height": 28, "width": 28}), tokenizer).save_pretrained(folder)
    return SiglipModel(
        SiglipConfig(text_config={**_two_tower(len(tokenizer)), "projection_size": 16}, vision_config=_vision(28, 14))
    )


def _two_tower(vocabulary: int) -> dict[str, Any]:
    return {
        "vocab_size": vocabulary,
        "hidden_size": 16,
        "intermediate_size": 24,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "max_position_embeddings": 64,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "pad_token_id": 0,
    }


BUILDERS: Mapping[str, Callable[[Path], Any]] = {
    "llava": _llava,
    "llava_full": _llava_full,
    "llava_siglip": _llava_siglip,
    "qwen2_5_vl": _qwen2_5_vl,
    "qwen2_5_vl_large": _qwen2_5_vl_large,
    "gemma3": _gemma3,
    "idefics3": _idefics3,
    "smolvlm": _smolvlm,
    "clip": _clip,
    "siglip": _siglip,
}
VLMS = ("llava", "qwen2_5_vl", "gemma3", "idefics3", "smolvlm")


def build(kind: str, folder: Path, seed: int = 0) -> Path:
    """Save a random checkpoint of `kind` (a key of `BUILDERS`) in `folder`, which is made; equal seeds give equal
    weights."""
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = BUILDERS[kind](folder).eval()
        for weight in model.parameters():
            # Some projections start at zero, so that images would not matter.
            if weight.ndim > 1 and not weight.any():
                torch.nn.init.normal_(weight, std=0.5)
        model.save_pretrained(folder)
    return folder
