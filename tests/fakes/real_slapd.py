"""A real slapd in a folder of its own, where Debian's is installed."""

from __future__ import annotations

import shutil
import subprocess
import warnings
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import ldap3

from tests.fakes.certificates import CertificateAuthority
from tests.fakes.real_server import free_port, running

SUFFIX = "dc=example,dc=com"
READER, LIMITED, PASSWORD = f"cn=reader,{SUFFIX}", f"cn=limited,{SUFFIX}", "pass wörd:1"
MANY = 450

WINDOWS = f"ou=windows,{SUFFIX}"
"""A part with the habits of Active Directory."""

_CONFIG = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl'
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.2.210 NAME 'proxyAddresses'
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
attributetype ( 1.2.840.113556.1.2.18 NAME 'otherTelephone'
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
objectclass ( 1.2.840.113556.1.3.30 NAME 'computer' SUP top AUXILIARY )
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/slapd.pid
argsfile {folder}/slapd.args
TLSCertificateFile {certificate}
TLSCertificateKeyFile {key}
sizelimit 100
database mdb
suffix "{suffix}"
rootdn "cn=admin,{suffix}"
rootpw admin
directory {folder}/data
maxsize 67108864
dbnosync
limits dn.exact="{reader}" size.soft=unlimited size.hard=unlimited size.prtotal=unlimited
access to attrs=userPassword by anonymous auth by * none
access to * by users read
"""


@dataclass(frozen=True)
class Slapd:
    """A running server."""

    plain_port: int
    tls_port: int
    ca_file: Path

    def change(self, *steps: Callable[[ldap3.Connection], bool]) -> None:
        """Changes the directory, as whoever runs it does."""
        server = ldap3.Server("127.0.0.1", self.plain_port, get_info=ldap3.NONE)
        with ldap3.Connection(server, f"cn=admin,{SUFFIX}", "admin") as admin:
            for step in steps:
                assert step(admin), admin.result


def program() -> str:
    """The path of slapd; skips the test where there is none."""
    found = shutil.which("slapd") or shutil.which("slapd", path="/usr/sbin:/usr/local/sbin")
    if found is None or not Path("/etc/ldap/schema").is_dir():
        pytest.skip("needs slapd (Debian: slapd), which is not installed here")
    return found


@contextmanager
def real_slapd(folder: Path) -> Iterator[Slapd]:
    """A server on the loopback with `MANY` people, over TLS and without."""
    slapd = program()
    authority = CertificateAuthority(folder)
    server = authority.issue("slapd", "127.0.0.1")
    (folder / "data").mkdir()
    config = folder / "slapd.conf"
    config.write_text(
        _CONFIG.format(
            folder=folder,
            certificate=server.certificate,
            key=server.key,
            suffix=SUFFIX,
            reader=READER,
        )
    )
    entries = folder / "entries.ldif"
    entries.write_text(_entries(), "ascii")
    subprocess.run(
        [slapd, "-T", "add", "-q", "-f", str(config), "-l", str(entries)],
        check=True,
        capture_output=True,
    )
    plain, tls = free_port(), free_port()
    where = f"ldap://127.0.0.1:{plain} ldaps://127.0.0.1:{tls}"
    with running([slapd, "-f", str(config), "-h", where, "-d", "0"], tls, folder / "slapd.log"):
        yield Slapd(plain, tls, authority.ca_file)


def _entry(name: str, **values: str | list[str]) -> str:
    lines = [f"dn:: {_packed(name)}"]
    for key, value in values.items():
        several = value if isinstance(value, list) else [value]
        lines += [f"{key}:: {_packed(one)}" for one in several]
    return "\n".join(lines) + "\n\n"


def _windows() -> list[str]:
    """A person, a person who left, and a computer: in Active Directory all three are persons."""
    person: dict[str, str | list[str]] = {
        "objectClass": ["inetOrgPerson", "extensibleObject"],
        "sn": "Doe",
        "userAccountControl": "512",
    }
    return [
        _entry(
            f"cn=Doe\\, Jane,{WINDOWS}",
            **person,
            cn="Doe, Jane",
            givenName="Jane",
            title="Head of Sales",
            otherTelephone=["+1 202 555 0102", "+1 202 555 0103"],
            telephoneNumber="+1 202 555 0101",
            proxyAddresses=["smtp:j@example.com", "x500:/o=x", "SMTP:jane@example.com"],
        ),
        _entry(f"cn=Gone,{WINDOWS}", **person | {"userAccountControl": "514"}, cn="Gone"),
        _entry(
            f"cn=PC 7,{WINDOWS}",
            **person | {"objectClass": ["inetOrgPerson", "extensibleObject", "computer"]},
            cn="PC 7",
        ),
    ]


def _packed(text: str) -> str:
    return b64encode(text.encode()).decode()


def _entries() -> str:
    people = f"ou=people,{SUFFIX}"
    made = [
        _entry(SUFFIX, objectClass=["dcObject", "organization"], dc="example", o="Example"),
        _entry(people, objectClass="organizationalUnit", ou="people"),
        _entry(WINDOWS, objectClass="organizationalUnit", ou="windows"),
        *_windows(),
        _entry(
            f"ou=elsewhere,{SUFFIX}",
            objectClass=["referral", "extensibleObject"],
            ou="elsewhere",
            ref="ldap://192.0.2.1/dc=example,dc=com",
        ),
        _entry(
            f"cn=Zoë Müller,{people}",
            objectClass="inetOrgPerson",
            cn=["Zoë Müller", "Zoë"],
            givenName="Zoë",
            sn="Müller",
            o="Example Ltd",
            title="Buyer",
            telephoneNumber=[f"+49 30 23125 10{n}" for n in range(5)],
            mobile="+49 171 39 20 001",
            mail=["zoe@example.com", "z.m@example.com"],
            postalCode="10115",
            l="Berlin",
        ),
    ]
    made += [
        _entry(dn, objectClass="person", cn=dn[3:].partition(",")[0], sn="x", userPassword=PASSWORD)
        for dn in (READER, LIMITED)
    ]
    made += [
        _entry(
            f"cn=Person {n},{people}",
            objectClass="inetOrgPerson",
            cn=f"Person {n}",
            sn=str(n),
            telephoneNumber=f"+1 202 555 01{n % 100:02}",
        )
        for n in range(MANY)
    ]
    return "".join(made)
