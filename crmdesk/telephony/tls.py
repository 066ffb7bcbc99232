"""TLS to phone systems: who is trusted, and what its failures mean in words."""

from __future__ import annotations

import ssl

from crmdesk.telephony.trouble import LineError, LineRefusedError

# X509_V_ERR_* of OpenSSL (include/openssl/x509_vfy.h).
_NOT_YET_VALID = 9
_EXPIRED = 10
_WRONG_NAME = (62, 64)

_STOPPED = "No calls can be heard. CRMDesk stopped trying rather than trust it."


def client_context(ca_file: str) -> ssl.SSLContext:
    """A context that checks certificate and name.

    Args:
        ca_file: The only authority (or the server's own certificate) to trust; "" for the
            system's authorities.

    Raises:
        LineRefusedError: The file cannot be read.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise LineRefusedError(
            f"The certificate file {ca_file} cannot be used ({error}).",
            "The phone system cannot be checked, so no connection was made.",
            "Choose the CA file (PEM) again in the settings of this line.",
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        _accept_home_made(context)
    return context


def _accept_home_made(context: ssl.SSLContext) -> None:
    """What Asterisk's ast_tls_cert makes: a CN only, no key identifiers, or the leaf alone."""
    context.hostname_checks_common_name = True
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT


def explain_tls_error(error: ssl.SSLError, host: str, port: int) -> LineError:
    """The words for a failed handshake; refused where the certificate is the reason."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _explain_certificate(error, host)
    return LineError(
        f"{host}, port {port}, does not speak TLS.",
        "No encrypted connection can be made to this port.",
        "Use the TLS port of the phone system (usually 5039), or turn TLS off for this line "
        "if its network is trusted.",
    )


def _explain_certificate(error: ssl.SSLCertVerificationError, host: str) -> LineRefusedError:
    code = error.verify_code
    if code in _WRONG_NAME:
        return LineRefusedError(
            f"The certificate of the phone system is for another name than {host}.",
            _STOPPED,
            "Enter the host name that stands in the certificate, or have a new one made.",
        )
    if code in (_EXPIRED, _NOT_YET_VALID):
        when = "has expired" if code == _EXPIRED else "is not valid yet"
        return LineRefusedError(
            f"The certificate of the phone system {when}.",
            _STOPPED,
            "Have it renewed, and check that the date of this computer is right.",
        )
    return LineRefusedError(
        f"The certificate of the phone system is not trusted ({error.verify_message}).",
        _STOPPED,
        "Choose the CA file of the phone system (tlscafile) in the settings of this line.",
    )
