"""Configuration: frozen dataclasses at the boundary, plain arguments inside.

A `Config` is what a run is made from and what `RUN/config.json` holds. Each
fact has one home: input shapes stand with the encoder that reads them.
"""

import dataclasses
import json
import typing
from dataclasses import dataclass, field
from typing import Literal

from mmtf.errors import InputError
from mmtf.features import MODALITIES


@dataclass(frozen=True, kw_only=True)
class TextConfig:
    """Text input and encoder."""

    encoder: Literal["bert", "birnn"] = "bert"
    preset: str = ""
    """keras-hub preset or Hugging Face folder that gives tokenizer, sizes and
    weights (bert); empty: all is learned from the training split."""
    sequence_length: int = 64
    """Tokens per row, [CLS] and [SEP] included; longer texts are cut. What follows,
    but for dropout, is the preset's when there is one."""
    vocabulary_size: int = 4000
    """Most entries of a learned vocabulary, and rows of the embedding table."""
    lowercase: bool = True
    """Fold case in a learned vocabulary."""
    num_layers: int = 2
    num_heads: int = 4
    """Attention heads (bert)."""
    hidden_dim: int = 128
    intermediate_dim: int = 512
    """Width of the feed-forward part (bert)."""
    dropout: float = 0.1

    def __post_init__(self):
        _require_choices(self)
        _require_positive(
            self, "sequence_length", "vocabulary_size", "num_layers", "num_heads",
            "hidden_dim", "intermediate_dim",
        )  # fmt: skip
        if self.preset and self.encoder != "bert":
            raise InputError(
                "`preset` is for the bert encoder. Received: "
                f"encoder={self.encoder!r}, preset={self.preset!r}."
            )
        _require_rate(self, "dropout")
        if self.vocabulary_size < 6:
            raise InputError(
                "`vocabulary_size` must hold BERT's 5 special tokens and a piece. "
                f"Received: vocabulary_size={self.vocabulary_size}. Use 6 or more."
            )
        if self.sequence_length < 3:
            raise InputError(
                "`sequence_length` must hold [CLS], one token and [SEP]. Received: "
                f"sequence_length={self.sequence_length}. Use 3 or more."
            )
        if self.encoder == "bert" and self.hidden_dim % self.num_heads:
            raise InputError(
                "`num_heads` must divide `hidden_dim`. Received: "
                f"num_heads={self.num_heads}, hidden_dim={self.hidden_dim}."
            )


@dataclass(frozen=True, kw_only=True)
class ImageConfig:
    """Image input and encoder."""

    encoder: Literal["resnet50", "cnn"] = "resnet50"
    weights: str = ""
    """`imagenet`, or a .weights.h5 file (resnet50); empty: random."""
    size: int = 224
    """Height and width in pixels."""
    filters: tuple[int, ...] = (32, 64, 128, 256)
    """Width of each stage, which halves the resolution (cnn)."""

    def __post_init__(self):
        _require_choices(self)
        _require_positive(self, "size")
        _require_filters(self)
        if self.weights and self.encoder != "resnet50":
            raise InputError(
                "`weights` are for the resnet50 encoder. Received: "
                f"encoder={self.encoder!r}, weights={self.weights!r}."
            )
        least = 32 if self.encoder == "resnet50" else 2 ** len(self.filters)
        if self.size < least:
            raise InputError(
                f"`size` must be at least {least} for this encoder. Received: "
                f"size={self.size}, encoder={self.encoder!r}."
            )


@dataclass(frozen=True, kw_only=True)
class AudioConfig:
    """Audio input and encoder; letters in brackets are Conv-TasNet's own names."""

    encoder: Literal["conv_tasnet", "crnn"] = "conv_tasnet"
    sample_rate_hz: int = 16000
    seconds: float = 4.0
    """Longest waveform; longer ones are cut, shorter ones padded."""
    num_filters: int = 512
    """Filters of the learned front end [N]; features are twice as wide."""
    kernel_size: int = 16
    """Length of a front-end filter in samples [L]; the stride is half of it."""
    bottleneck_dim: int = 128
    """Width between the blocks, and of the skip path [B, Sc]."""
    hidden_dim: int = 512
    """Width inside a block [H] (conv_tasnet), of the GRU (crnn)."""
    block_kernel_size: int = 3
    """Taps of the depthwise convolutions [P]."""
    num_blocks: int = 8
    """Blocks in a repeat, dilated by 1, 2, 4, ... [X]."""
    num_repeats: int = 3
    """Repeats [R]."""
    rematerialize: bool = False
    """In training, keep of each block its input alone and compute the rest again: a
    fraction of the memory for more time (conv_tasnet)."""
    num_mel_bins: int = 64
    """Bands of the log-mel front end (crnn)."""
    filters: tuple[int, ...] = (32, 64)
    """Width of each convolution over the log-mel picture (crnn)."""

    def __post_init__(self):
        _require_choices(self)
        _require_positive(
            self, "sample_rate_hz", "seconds", "num_filters", "kernel_size",
            "bottleneck_dim", "hidden_dim", "block_kernel_size", "num_blocks",
            "num_repeats", "num_mel_bins",
        )  # fmt: skip
        _require_filters(self)
        if self.kernel_size % 2:
            raise InputError(
                "`kernel_size` must be even, since the stride is half of it. "
                f"Received: kernel_size={self.kernel_size}."
            )
        if self.num_samples < self.kernel_size:
            raise InputError(
                "`seconds` must give a waveform of at least `kernel_size` samples. "
                f"Received: seconds={self.seconds}, kernel_size={self.kernel_size}."
            )
        if self.rematerialize and self.encoder != "conv_tasnet":
            raise InputError(
                "`rematerialize` is for the conv_tasnet encoder. Received: "
                f"encoder={self.encoder!r}, rematerialize=True."
            )
        if self.encoder == "crnn" and self.sample_rate_hz < 1000:
            raise InputError(
                "`sample_rate_hz` must be at least 1000 for a log-mel picture. "
                f"Received: sample_rate_hz={self.sample_rate_hz}."
            )

    @property
    def num_samples(self) -> int:
        """Samples of a padded waveform."""
        return round(self.sample_rate_hz * self.seconds)


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """The network: an encoder for each modality, their fusion and the head."""

    modalities: tuple[Literal["text", "image", "audio"], ...] = MODALITIES
    """Those that the model is built with. It has no encoder for another, and
    answers as if every row lacked it."""
    freeze: tuple[Literal["text", "image", "audio"], ...] = ()
    """Those whose encoders stay as they are first built, or loaded: they compute no
    gradients, drop nothing out, and normalise batches by what they know already."""
    text: TextConfig = field(default_factory=TextConfig)
    image: ImageConfig = field(default_factory=ImageConfig)
    audio: AudioConfig = field(default_factory=AudioConfig)
    fusion: Literal["concat", "gated", "attention"] = "attention"
    fusion_dim: int = 256
    """Width of the fused vector."""
    fusion_layers: int = 1
    """Self-attention layers over the modalities (attention)."""
    fusion_heads: int = 4
    """Heads of those layers (attention)."""
    dropout: float = 0.1
    """Dropout on the fused vector and inside attention fusion."""
    modality_dropout: float = 0.2
    """Chance, in training, that a row loses a modality it has; it keeps one."""

    def __post_init__(self):
        _require_modalities(self)
        _require_frozen(self)
        _require_choices(self)
        _require_positive(self, "fusion_dim", "fusion_layers", "fusion_heads")
        _require_rate(self, "dropout", "modality_dropout")
        if self.fusion == "attention" and self.fusion_dim % self.fusion_heads:
            raise InputError(
                "`fusion_heads` must divide `fusion_dim`. Received: "
                f"fusion_heads={self.fusion_heads}, fusion_dim={self.fusion_dim}."
            )


@dataclass(frozen=True, kw_only=True)
class DataConfig:
    """The input pipeline."""

    augment: bool = True
    """Random changes to training rows (never to evaluated ones)."""
    cache_features: bool = False
    """Compute what frozen encoders (`--model.freeze`) say of each row once, and keep it
    in DATA/features for later epochs and runs. Rows of these modalities are not
    augmented then; the others still are."""
    shuffle_rows: int = 4096
    """Rows held for shuffling; what bounds the pipeline's memory."""

    def __post_init__(self):
        _require_positive(self, "shuffle_rows")


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """The training run."""

    epochs: int = 10
    batch_size: int = 32
    """Rows per step over all devices together; a multiple of their number weighs
    every row alike."""
    optimizer: Literal["adam", "adamw"] = "adamw"
    learning_rate: float = 1e-3
    """Peak rate, after warm-up and before the cosine decay to zero."""
    warmup_fraction: float = 0.1
    """Share of all steps over which the rate rises from zero."""
    weight_decay: float = 0.01
    """Decoupled decay of kernels, not of biases and norms (adamw)."""
    precision: Literal["float32", "mixed_bfloat16", "mixed_float16"] = "float32"
    """What layers compute in. Weights, logits and the loss are float32 in any case,
    and so is all of the trained model when it is evaluated, explained or served."""
    clip_norm: float = 1.0
    """Largest global norm of the gradients; 0 leaves them as they are."""
    class_weights: bool = False
    """Weigh classes by the inverse of their frequency in the training split."""
    patience: int = 5
    """Epochs without a better validation loss before training stops."""
    strategy: Literal["mirrored", "one"] = "mirrored"
    """MirroredStrategy over every device of its kind, or one device."""
    virtual_devices: int = 1
    """Split the CPU in so many devices, to rehearse several replicas."""
    seed: int = 0
    """Of all that is random: first weights, order of the rows, their changes."""
    seeds: tuple[int, ...] = ()
    """Train once for each of these instead of `seed`, as RUN/seeds/SEED; RUN becomes
    a copy of the one with the lowest validation loss. A seed that is trained already
    is kept, and more may be added."""

    def __post_init__(self):
        _require_choices(self)
        _require_positive(
            self, "epochs", "batch_size", "learning_rate", "patience", "virtual_devices"
        )
        _require_rate(self, "warmup_fraction")
        for name in ("clip_norm", "weight_decay"):
            if not getattr(self, name) >= 0:
                raise InputError(
                    f"`{name}` must be at least 0. Received: "
                    f"{name}={getattr(self, name)}."
                )
        _require_seeds(self)
        if self.strategy == "one" and self.virtual_devices > 1:
            raise InputError(
                "`virtual_devices` are for the mirrored strategy. Received: "
                f"virtual_devices={self.virtual_devices}, strategy='one'."
            )
        if self.batch_size < self.virtual_devices:
            raise InputError(
                "`batch_size` must give every device a row. Received: "
                f"batch_size={self.batch_size}, "
                f"virtual_devices={self.virtual_devices}."
            )


@dataclass(frozen=True, kw_only=True)
class Labels:
    """What the label column holds; read from the data, never typed by hand."""

    task: Literal["classification", "regression"] = "classification"
    class_names: tuple[str, ...] = ()
    """Sorted names of the classes; empty for regression."""

    @property
    def num_outputs(self) -> int:
        """Width of the model's logits."""
        return len(self.class_names) if self.task == "classification" else 1


@dataclass(frozen=True, kw_only=True)
class Config:
    """All of a run's configuration."""

    data: DataConfig = field(default_factory=DataConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    train: TrainConfig = field(default_factory=TrainConfig)
    labels: Labels = field(default_factory=Labels)

    def __post_init__(self):
        if self.data.cache_features and not self.model.freeze:
            raise InputError(
                "`cache_features` must go with encoders that do not change. Received: "
                "cache_features=True, freeze=(). Name some: --model.freeze text."
            )

    def to_json(self) -> str:
        """JSON text that `from_json` reads back to an equal config."""
        return json.dumps(dataclasses.asdict(self), indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Config":
        """Reads what `to_json` wrote, also before an option was added: a field that
        is missing has its default.

        Raises:
            InputError: it is no JSON, or fields are unknown.
        """
        try:
            return _from_dict(cls, json.loads(text))
        except json.JSONDecodeError as error:
            raise InputError(
                f"A configuration must be JSON. Received: text that is not ({error})."
            ) from error


def _from_dict(cls, values: dict):
    hints = typing.get_type_hints(cls)
    unknown = sorted(set(values) - set(hints))
    if unknown:
        raise InputError(
            f"{cls.__name__} must have no fields but {sorted(hints)}. "
            f"Received: {unknown}."
        )
    return cls(**{name: _restore(hints[name], values[name]) for name in values})


def _restore(hint, value):
    if dataclasses.is_dataclass(hint):
        return _from_dict(hint, value)
    return tuple(value) if typing.get_origin(hint) is tuple else value


def _require_choices(config):
    for name, hint in typing.get_type_hints(type(config)).items():
        choices = typing.get_args(hint)
        value = getattr(config, name)
        if typing.get_origin(hint) is Literal and value not in choices:
            raise InputError(
                f"`{name}` must be one of {', '.join(choices)}. "
                f"Received: {name}={value!r}."
            )


def _require_modalities(config):
    names = config.modalities
    if not names or len(set(names)) < len(names) or not set(names) <= set(MODALITIES):
        raise InputError(
            f"`modalities` must be one or more of {', '.join(MODALITIES)}, each once. "
            f"Received: modalities={names!r}."
        )
    object.__setattr__(config, "modalities", _in_order(names))


def _require_frozen(config):
    names = config.freeze
    if len(set(names)) < len(names) or not set(names) <= set(config.modalities):
        raise InputError(
            "`freeze` must be of the model's modalities, "
            f"{', '.join(config.modalities)}, each once. Received: freeze={names!r}."
        )
    object.__setattr__(config, "freeze", _in_order(names))


def _in_order(names):
    # One order, so that configs of the same model are equal.
    return tuple(name for name in MODALITIES if name in names)


def _require_seeds(config):
    for seed in (config.seed, *config.seeds):
        if not 0 <= seed < 2**32:
            raise InputError(
                f"A seed must be from 0 to 2**32 - 1. Received: seed={seed}."
            )
    if len(set(config.seeds)) < len(config.seeds):
        raise InputError(
            f"`seeds` must differ from each other. Received: seeds={config.seeds}."
        )
    if config.seeds and config.seed:
        raise InputError(
            "`seed` and `seeds` must not be given together. Received: "
            f"seed={config.seed}, seeds={config.seeds}. Name them all in `seeds`."
        )


def _require_filters(config):
    if not config.filters or min(config.filters) < 1:
        raise InputError(
            "`filters` must be one or more widths greater than 0. "
            f"Received: filters={config.filters}."
        )


def _require_positive(config, *names):
    for name in names:
        if not getattr(config, name) > 0:
            raise InputError(
                f"`{name}` must be greater than 0. "
                f"Received: {name}={getattr(config, name)}."
            )


def _require_rate(config, *names):
    for name in names:
        if not 0 <= getattr(config, name) < 1:
            raise InputError(
                f"`{name}` must be at least 0 and less than 1. "
                f"Received: {name}={getattr(config, name)}."
            )
