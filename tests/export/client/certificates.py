"""Throw-away certificates: an authority of our own, and what it signs."""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


class Authority:
    """Signs certificates for `localhost`."""

    def __init__(self):
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("test authority")
        constraints = x509.BasicConstraints(ca=True, path_length=0)
        certificate = _certificate(self._name, self._name, self._key, self._key,
                                   constraints)  # fmt: skip
        self.pem = certificate.public_bytes(serialization.Encoding.PEM)

    def issue(self) -> tuple[bytes, bytes]:
        """A private key and its certificate, both PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        constraints = x509.BasicConstraints(ca=False, path_length=None)
        certificate = _certificate(_name("localhost"), self._name, key, self._key,
                                   constraints)  # fmt: skip
        encoded = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return encoded, certificate.public_bytes(serialization.Encoding.PEM)


def _name(text):
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def _certificate(subject, issuer, key, issuer_key, constraints):
    now, day = datetime.datetime.now(datetime.timezone.utc), datetime.timedelta(days=1)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(names, critical=False)
        .add_extension(constraints, critical=True)
        .sign(issuer_key, hashes.SHA256())
    )
