"""The verb that asks a server: `predict`. It needs no TensorFlow."""

from mmtf.cli.console import JsonFlag, dumps, read_pairs
from mmtf.errors import InputError


def predict(
    text: str = "",
    image: str = "",
    audio: str = "",
    manifest: str = "",
    out: str = "",
    server: str = "localhost:8500",
    model: str = "demo",
    version: int | None = None,
    label: str | None = None,
    timeout_seconds: float = 60.0,
    retries: int = 4,
    rows_per_request: int = 16,
    requests_in_flight: int = 4,
    sample_rate_hz: int | None = None,
    tls: bool = False,
    tls_ca: str | None = None,
    tls_certificate: str | None = None,
    tls_key: str | None = None,
    metadata: tuple[str, ...] = (),
    as_json: JsonFlag = False,
) -> None:
    """Ask a server about one row, or about all rows of a manifest.

    Args:
        text: the text itself; what is left out of a row is absent.
        image: an image file.
        audio: an audio file.
        manifest: in place of a row, a CSV, JSONL or Parquet file of rows.
        out: the .csv or .jsonl file that receives the manifest's scores.
        server: HOST:PORT of `mmtf serve` or of TensorFlow Serving.
        model: the model's name on the server, which is its folder's.
        version: of the model; the server's choice when left out.
        label: that the server gave to a version.
        timeout_seconds: how long the answer to a request may take.
        retries: of a request that the server could not take, at most 4.
        rows_per_request: of a manifest.
        requests_in_flight: of a manifest, at one time.
        sample_rate_hz: resample audio here, for models that do not do it themselves.
        tls: speak TLS, with the authorities that this machine trusts.
        tls_ca: a PEM file with the authorities to trust instead.
        tls_certificate: a PEM file with a certificate of your own.
        tls_key: a PEM file with the key to it.
        metadata: KEY=VALUE, sent along with every request.
        as_json: print the answer as JSON.
    """
    _require_one_thing(bool(text or image or audio), bool(manifest), bool(out))
    from export import client

    options = {
        "server": server,
        "model": model,
        "version": version,
        "label": label,
        "timeout_seconds": timeout_seconds,
        "retries": retries,
        "rows_per_request": rows_per_request,
        "requests_in_flight": requests_in_flight,
        "sample_rate_hz": sample_rate_hz,
        "metadata": read_pairs("--metadata", metadata),
        "tls": None,
    }
    if tls or tls_ca or tls_certificate or tls_key:
        options["tls"] = client.Tls(ca=tls_ca, certificate=tls_certificate, key=tls_key)
    if manifest:
        print(client.predict_manifest(manifest, out, **options))
        return
    row = {"text": text, "image": image, "audio": audio}
    (answer,) = client.predict([row], **options)
    print(dumps(answer) if as_json else client.format_prediction(answer))


def _require_one_thing(has_row, has_manifest, has_out):
    if has_row and has_manifest:
        raise InputError(
            "A row and a manifest are asked about separately. Received: both. "
            "Leave one out."
        )
    if not (has_row or has_manifest):
        raise InputError(
            "A row must have a text, an image or an audio. Received: none. "
            "Give --text, --image or --audio, or --manifest with --out."
        )
    if has_manifest != has_out:
        raise InputError(
            "`--manifest` and `--out` go together. Received: one of them. Name the "
            "file of rows and the file for their scores."
        )
