"""Metrics per modality subset, how sure they are, and how they are shown."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "ablation_table": ["format_ablation"],
        "calibration": ["ReliabilityBin", "fit_temperature", "reliability_bins"],
        "evaluate": ["evaluate"],
        "noise": ["noise_curves"],
        "predictions": ["Predictions", "SubsetPredictor", "predict_subsets"],
        "robustness": ["dropped_curves"],
        "robustness_table": ["format_robustness"],
        "seeds": ["summarise_seeds"],
        "shapley": ["shapley_values"],
        "table": ["format_seeds", "format_table"],
    },
)
