"""Linear models of each modality, asked about rows they did not train on.

They cost seconds and know little, which is the point: a label that they are sure
to be wrong is worth a look. Legend: N rows, C classes, K folds.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from mmtf.features import AUDIO, IMAGE, TEXT
from pipelines.inspection.text_facts import TOKEN

NUM_FOLDS = 5
MIN_ROWS = 50
"""A modality that fewer rows have is left out."""
_MAX_WORDS = 2**16
_MAX_COMPONENTS = 50


@dataclass(frozen=True)
class Samples:
    """What the models see of the rows."""

    text: list[str]
    """Empty where absent."""
    image: np.ndarray
    """(N, features), NaN where absent."""
    audio: np.ndarray
    """(N, features), NaN where absent."""

    def modalities(self) -> dict[str, tuple[object, np.ndarray]]:
        """Features of the rows that have the modality, and which those are."""
        has_text = np.flatnonzero([bool(text) for text in self.text])
        found = {}
        if len(has_text) >= MIN_ROWS:
            found[TEXT] = _text_features([self.text[i] for i in has_text]), has_text
        for modality, values in ((IMAGE, self.image), (AUDIO, self.audio)):
            has = np.flatnonzero(~np.isnan(values).any(axis=1))
            if len(has) >= MIN_ROWS:
                found[modality] = _components(values[has].astype("float32")), has
        return found


def deal_folds(groups: np.ndarray, labels: np.ndarray, seed: int) -> np.ndarray:
    """The fold of each row, int (N,): copies share one, and of each class about as
    many rows are in each.

    Args:
        groups: int (N,), equal for copies.
        labels: (N,) indices of classes, of each `NUM_FOLDS` groups or more, or
            numbers.
        seed: same seed, same folds.
    """
    # StratifiedGroupKFold does it too, but takes seconds for 20,000 groups.
    _, first, group = np.unique(groups, return_index=True, return_inverse=True)
    classes = labels.dtype.kind == "i"
    deal = (StratifiedKFold if classes else KFold)(
        NUM_FOLDS, shuffle=True, random_state=seed
    )
    fold_of_group = np.empty(len(first), int)
    for fold, (_, held_out) in enumerate(deal.split(first, labels[first])):
        fold_of_group[held_out] = fold
    return fold_of_group[group]


def class_evidence(
    samples: Samples, labels: np.ndarray, folds: np.ndarray
) -> dict[str, np.ndarray]:
    """How each modality speaks for each class.

    Args:
        samples: the rows.
        labels: int (N,), from 0 to C - 1, all of which occur.
        folds: see `deal_folds`.

    Returns:
        By modality (N, C): log score less the log share of the class in training;
        zeros where the row does not have the modality.
    """
    num_classes = int(labels.max()) + 1

    def evidence(model, held_out, train_labels):
        shares = np.bincount(train_labels, minlength=num_classes) / len(train_labels)
        result = np.zeros((held_out.shape[0], num_classes))
        seen = model.classes_
        result[:, seen] = model.predict_log_proba(held_out) - np.log(shares[seen])
        return result

    return _of_each_modality(samples, labels, folds, evidence, _classifier)


def number_evidence(
    samples: Samples, numbers: np.ndarray, folds: np.ndarray
) -> dict[str, np.ndarray]:
    """How far above the mean each modality guesses: by modality (N, 1); zeros where
    the row does not have it. Arguments as `class_evidence`."""

    def evidence(model, held_out, train_numbers):
        return model.predict(held_out)[:, np.newaxis] - train_numbers.mean()

    return _of_each_modality(samples, numbers, folds, evidence, _regressor)


def _of_each_modality(samples, labels, folds, evidence, make_model):
    return {
        modality: _out_of_fold(
            features, rows, labels, folds, evidence, make_model(modality)
        )
        for modality, (features, rows) in samples.modalities().items()
    }


def _out_of_fold(features, rows, labels, folds, evidence: Callable, model):
    parts = {}
    for fold in range(NUM_FOLDS):
        held_out = folds[rows] == fold
        train_labels = labels[rows[~held_out]]
        if not held_out.any() or len(np.unique(train_labels)) < 2:
            continue
        # On matrices this small threads cost more than they bring.
        with threadpool_limits(1), warnings.catch_warnings():
            # A model that has not quite converged is as good here.
            warnings.simplefilter("ignore")
            model.fit(features[~held_out], train_labels)
            parts[fold] = evidence(model, features[held_out], train_labels)
    width = next(iter(parts.values())).shape[1] if parts else 1
    result = np.zeros((len(labels), width))
    for fold, part in parts.items():
        result[rows[folds[rows] == fold]] = part
    return result


def _text_features(texts):
    vectorizer = TfidfVectorizer(
        token_pattern=rf"(?:{TOKEN})|[^\w\s]",
        ngram_range=(1, 2),
        sublinear_tf=True,
        max_features=_MAX_WORDS,
        dtype=np.float32,
    )
    return vectorizer.fit_transform(texts)


def _components(values):
    # No label is used, so all rows may take part, and once is enough.
    number = min(_MAX_COMPONENTS, len(values) // 2, values.shape[1])
    principal = PCA(number, whiten=True, svd_solver="covariance_eigh")
    return principal.fit_transform(StandardScaler().fit_transform(values))


def _classifier(modality):
    return LogisticRegression(C=3.0 if modality == TEXT else 0.05, max_iter=200)


def _regressor(modality):
    return Ridge(alpha=1.0 if modality == TEXT else 100.0, solver="lsqr")
