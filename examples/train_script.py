"""A script of your own around mmtf: build datasets and model, fit, save, load.

    python examples/train_script.py DATA OUT.keras

DATA is a folder written by `mmtf build`.
"""

import sys

import keras
import numpy as np

import mmtf
import pipelines


def main(data: str, out: str) -> None:
    config = mmtf.preset("tiny")
    labels = pipelines.read_info(data).labels
    tokenizer = pipelines.make_tokenizer(data, config)
    train = pipelines.train_dataset(data, config, tokenizer)
    test = pipelines.eval_dataset(data, config, tokenizer, split="test")

    model = mmtf.build_model(config.model, num_outputs=labels.num_outputs)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, metrics=["accuracy"])
    model.fit(train, validation_data=test, epochs=2, shuffle=False)

    model.save(out)
    restored = keras.saving.load_model(out)
    np.testing.assert_allclose(restored.predict(test), model.predict(test), atol=1e-5)
    print(f"{out} gives the same predictions; classes: {', '.join(labels.class_names)}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
