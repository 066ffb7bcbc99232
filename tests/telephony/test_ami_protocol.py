"""AMI framing and parsing: real recordings cut anywhere, and everything hostile."""

from __future__ import annotations

import random
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdesk.telephony.asterisk import actions
from crmdesk.telephony.asterisk.blocks import MAX_LINE, MAX_LINES, parse_block
from crmdesk.telephony.asterisk.login import AmiLogin, LoginState, challenge_key
from crmdesk.telephony.asterisk.messages import Message, MessageKind
from crmdesk.telephony.asterisk.names import clean_name, unescape_c
from crmdesk.telephony.asterisk.protocol import MAX_BLOCK, AmiProtocol
from crmdesk.telephony.trouble import (
    LineRefusedError,
    LocalProtocolError,
    RemoteProtocolError,
)

DATA = Path(__file__).parents[1] / "data" / "asterisk"
RECORDINGS = sorted(DATA.rglob("*.ami"))
SHORT = 9_000
"""Recordings up to this size are split at every byte."""
RANDOM_SPLITS = 5
DAMAGES = 5


def parse(*pieces: bytes) -> list[Message]:
    protocol = AmiProtocol()
    messages: list[Message] = []
    for piece in pieces:
        protocol.receive_data(piece)
        messages += protocol.messages()
    return messages


def one(block: bytes) -> Message:
    (message,) = parse(block)
    return message


# --- recordings -----------------------------------------------------------------------------------


def test_all_recordings_are_here() -> None:
    assert len(RECORDINGS) >= 29


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_recording_is_understood_whole(path: Path) -> None:
    protocol = AmiProtocol(ignored=frozenset())
    protocol.receive_data(path.read_bytes())
    messages = protocol.messages()
    kinds = [message.kind for message in messages]
    assert kinds[0] is MessageKind.BANNER
    assert MessageKind.UNKNOWN not in kinds
    assert kinds.count(MessageKind.BANNER) == path.read_bytes().count(b"Asterisk Call Manager/")
    assert len(messages) == kinds.count(MessageKind.BANNER) + path.read_bytes().count(b"\r\n\r\n")
    assert protocol.counts.dropped == 0
    assert protocol.buffered == 0


@pytest.mark.parametrize(
    "path", [p for p in RECORDINGS if p.stat().st_size < SHORT], ids=lambda path: path.stem
)
def test_split_at_every_byte_changes_nothing(path: Path) -> None:
    data = path.read_bytes()
    whole = parse(data)
    for at in range(1, len(data)):
        assert parse(data[:at], data[at:]) == whole, at


@pytest.mark.parametrize("path", RECORDINGS[::3], ids=lambda path: path.stem)
def test_byte_by_byte_changes_nothing(path: Path) -> None:
    data = path.read_bytes()
    assert parse(*(data[i : i + 1] for i in range(len(data)))) == parse(data)


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_many_random_splits_change_nothing(path: Path) -> None:
    data = path.read_bytes()
    whole = parse(data)
    dice = random.Random(path.name)
    for _ in range(RANDOM_SPLITS):
        cuts = sorted(dice.randrange(len(data)) for _ in range(dice.randrange(1, 40)))
        pieces = [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]
        assert parse(*pieces) == whole


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_damaged_recordings_never_raise_and_keep_nothing(path: Path) -> None:
    data = bytearray(path.read_bytes())
    dice = random.Random(path.name)
    for _ in range(DAMAGES):
        damaged = bytearray(data)
        for _ in range(dice.randrange(1, 60)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        del damaged[dice.randrange(len(damaged)) :]
        protocol = AmiProtocol()
        protocol.receive_data(bytes(damaged))
        protocol.messages()
        protocol.receive_eof()
        assert protocol.buffered == 0


def test_second_connection_in_one_stream_begins_with_a_banner() -> None:
    data = (DATA / "20-restart-mid-call.ami").read_bytes()
    banners = [message for message in parse(data) if message.kind is MessageKind.BANNER]
    assert [banner.name for banner in banners] == ["Asterisk Call Manager/11.0.0"] * 2


def test_banner_after_a_cut_block_is_found_and_the_half_block_dropped() -> None:
    protocol = AmiProtocol()
    protocol.receive_data(
        b"Event: Hangup\r\nUniqueid: 1.1\r\nAsterisk Call Manager/11.0.0\r\n"
        b"Response: Success\r\nMessage: Authentication accepted\r\n\r\n"
    )
    banner, answer = protocol.messages()
    assert (banner.kind, answer.kind) == (MessageKind.BANNER, MessageKind.RESPONSE)
    assert protocol.counts.dropped == 1


def test_a_caller_cannot_forge_a_banner_with_a_name() -> None:
    message = one(b"Event: Hangup\r\nCallerIDName: Asterisk Call Manager/11.0.0\r\n\r\n")
    assert message.kind is MessageKind.EVENT
    assert message.get("CallerIDName") == "Asterisk Call Manager/11.0.0"


def test_banner_is_told_before_any_block_ends() -> None:
    assert one(b"Asterisk Call Manager/11.0.0\r\n").kind is MessageKind.BANNER
    assert parse(b"Asterisk Call Manager/11.0.0\r") == []


def test_half_a_message_at_the_end_is_dropped_and_a_new_stream_may_follow() -> None:
    protocol = AmiProtocol()
    protocol.receive_data(b"Event: Hangup\r\nUniqueid: 1")
    protocol.receive_eof()
    protocol.receive_data(b"Asterisk Call Manager/11.0.0\r\n")
    (banner,) = protocol.messages()
    assert banner.kind is MessageKind.BANNER


# --- fields ---------------------------------------------------------------------------------------


def test_first_of_a_repeated_key_stands_and_variables_have_their_own_maps() -> None:
    message = one(
        b"Event: DialBegin\r\nChannel: first\r\nChannel: second\r\n"
        b"ChanVariable: ACCOUNT_ID=482913\r\nChanVariable: CALLERID(pres)=prohib_not_screened\r\n"
        b"ChanVariable: ACCOUNT_ID=1\r\nDestChanVariable: FROM_DID=+493023125101\r\n"
        b"Exten: \r\nBare:\r\n\r\n"
    )
    assert message.fields == {"Event": "DialBegin", "Channel": "first", "Exten": "", "Bare": ""}
    assert message.variables == {
        "ACCOUNT_ID": "482913",
        "CALLERID(pres)": "prohib_not_screened",
    }
    assert message.dest_variables == {"FROM_DID": "+493023125101"}


def test_unknown_is_no_value() -> None:
    message = one(b"Event: Newchannel\r\nCallerIDNum: <unknown>\r\n\r\n")
    assert message.get("CallerIDNum") == ""
    assert message.get("Missing") == ""


def test_event_with_a_response_field_is_an_event() -> None:
    message = one(b"Event: OriginateResponse\r\nResponse: Failure\r\nReason: 0\r\n\r\n")
    assert (message.kind, message.name) == (MessageKind.EVENT, "OriginateResponse")
    assert message.get("Response") == "Failure"


def test_what_is_no_message_is_unknown() -> None:
    message = one(b"HTTP/1.1 400 Bad Request\r\nServer: web\r\n\r\n")
    assert (message.kind, message.name) == (MessageKind.UNKNOWN, "HTTP/1.1 400 Bad Request")


def test_bulk_events_are_dropped_unread() -> None:
    protocol = AmiProtocol()
    protocol.receive_data(b"Event: QueueMemberStatus\r\nQueue: a\r\n\r\nEvent: Hangup\r\n\r\n")
    (message,) = protocol.messages()
    assert message.name == "Hangup"
    assert (protocol.counts.ignored, protocol.counts.dropped) == (1, 0)


@pytest.mark.parametrize(
    ("wire", "shown"),
    [
        ("J\u00f6rg M\u00fcller", "J\u00f6rg M\u00fcller"),
        (r"A&B \\\"Tom\\\" C:\\\\x", r"A&B \"Tom\" C:\\x"),
        (r"=\?UTF-8\?Q\?J=C3=B6rg\?=", "=?UTF-8?Q?J=C3=B6rg?="),
        (r"tab\tand\nline", "tab and line"),
        (r"C:\users", r"C:\users"),
        ("<b>x</b>", "<b>x</b>"),
        ("+49 30 \u202e4321", "+49 30 4321"),
        ("zero\x00\x07width\u200b", "zerowidth"),
        ("A" * 1000, "A" * 256),
        ("\u0645\u0631\u064a\u0645", "\u0645\u0631\u064a\u0645"),
    ],
)
def test_names_are_unescaped_and_made_harmless(wire: str, shown: str) -> None:
    block = f"Event: Newchannel\r\nCallerIDName: {wire}\r\nDestConnectedLineName: {wire}\r\n\r\n"
    message = one(block.encode())
    assert message.get("CallerIDName") == shown
    assert message.get("DestConnectedLineName") == shown
    assert clean_name(wire) == shown


def test_unescaping_is_the_inverse_of_asterisks_escaping() -> None:
    table = {"\a": "a", "\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t", "\v": "v"}
    table |= {char: char for char in "\\'\"?"}
    for char, letter in table.items():
        assert unescape_c(f"x\\{letter}y") == f"x{char}y"
    assert unescape_c(r"\\t") == r"\t"


def test_names_that_asterisk_does_not_escape_keep_their_backslashes() -> None:
    message = one(b"Event: QueueEntry\r\nCallerIDName: C:\\table\r\n\r\n")
    assert message.get("CallerIDName") == r"C:\table"


def test_invalid_utf8_is_replaced_after_framing() -> None:
    message = one(b'Event: Cdr\r\nCallerID: "\xc3\r\nSource: J\xf6rg\r\n\r\n')
    assert message.get("CallerID") == '"\ufffd'
    assert message.get("Source") == "J\ufffdrg"


def test_bare_line_feed_never_ends_a_line() -> None:
    message = one(b"Event: Newchannel\r\nCallerIDName: x\nEvent: Hangup\nUniqueid: 1\r\n\r\n")
    assert message.name == "Newchannel"
    assert "Uniqueid" not in message.fields


# --- threat model, row 6 --------------------------------------------------------------------------


def test_second_event_in_one_message_drops_it_and_counts() -> None:
    protocol = AmiProtocol()
    for key in (b"Event", b"event", b"EVENT"):
        protocol.receive_data(
            b"Event: Newchannel\r\nCallerIDName: x\r\n" + key + b": Hangup\r\n\r\n"
        )
    protocol.receive_data(b"Response: Success\r\nMessage: x\r\nEvent: Hangup\r\n\r\n")
    assert protocol.messages() == []
    assert protocol.counts.dropped == 4


def test_line_over_4_kib_drops_the_message_only() -> None:
    fits = b"Event: A\r\nX: " + b"a" * (MAX_LINE - 3) + b"\r\n\r\n"
    over = b"Event: B\r\nX: " + b"a" * (MAX_LINE - 2) + b"\r\n\r\n"
    protocol = AmiProtocol()
    protocol.receive_data(fits + over + b"Event: C\r\n\r\n")
    assert [message.name for message in protocol.messages()] == ["A", "C"]
    assert protocol.counts.dropped == 1


def test_more_than_256_lines_drop_the_message_only() -> None:
    lines = b"".join(b"K%d: v\r\n" % n for n in range(MAX_LINES - 1))
    protocol = AmiProtocol()
    protocol.receive_data(b"Event: A\r\n" + lines + b"\r\nEvent: B\r\n" + lines + b"K: v\r\n\r\n")
    assert [message.name for message in protocol.messages()] == ["A"]
    assert protocol.counts.dropped == 1


@pytest.mark.parametrize("filler", [b"a", b"a\r\n", b"\n", b"\r"])
def test_ten_megabytes_without_an_end_close_the_connection_and_grow_nothing(
    filler: bytes,
) -> None:
    chunk = filler * (65_536 // len(filler))
    protocol = AmiProtocol()
    tracemalloc.start()
    for _ in range(10 * 1024 * 1024 // len(chunk)):
        protocol.receive_data(chunk)
        assert protocol.buffered <= MAX_BLOCK + 3
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(protocol.error, RemoteProtocolError)
    assert protocol.messages() == []
    assert peak < 8 * 1024 * 1024


def test_one_huge_chunk_is_bounded_too() -> None:
    protocol = AmiProtocol()
    protocol.receive_data(b"a" * (10 * 1024 * 1024))
    assert protocol.error is not None
    assert protocol.buffered == 0


def test_endless_small_messages_are_no_reason_to_close() -> None:
    protocol = AmiProtocol()
    protocol.receive_data(b"Event: A\r\n\r\n" * 100_000)
    assert protocol.error is None
    assert len(protocol.messages()) == 100_000


@settings(max_examples=300, deadline=None)
@given(st.lists(st.binary(max_size=200), max_size=20))
def test_random_bytes_never_raise(pieces: list[bytes]) -> None:
    assert parse(*pieces) == parse(b"".join(pieces))


_WIRE_BITS = st.sampled_from(
    [
        b"\r\n",
        b"\r",
        b"\n",
        b": ",
        b":",
        b" ",
        b"Event",
        b"Response",
        b"ChanVariable",
        b"=",
        b"\\",
        b"\xc3",
        b"\xbc",
        b"Asterisk Call Manager/",
        b"CallerIDName",
        b"x",
        b"\x00",
        b"  ",
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(_WIRE_BITS, max_size=60), st.integers(0, 200))
def test_wire_like_noise_is_the_same_however_it_is_split(bits: list[bytes], cut: int) -> None:
    data = b"".join(bits)
    assert parse(data[:cut], data[cut:]) == parse(data)


@settings(max_examples=500, deadline=None)
@given(st.lists(_WIRE_BITS, max_size=60))
def test_both_lanes_of_the_parser_agree(bits: list[bytes]) -> None:
    block = b"Event: A\r\n" + b"".join(bits).replace(b"\r\n\r\n", b"\r\n")
    plain = parse_block(block)
    # A character that needs cleaning, in a line of its own, forces the careful lane.
    careful = parse_block(block + b"\r\nLast: \xc3\xa9")
    if plain is None or careful is None:
        assert plain == careful
        return
    careful.fields.pop("Last")
    assert careful == plain


# --- login and commands ---------------------------------------------------------------------------


def test_challenge_key_vector() -> None:
    assert challenge_key("814085687", "s3cr3t") == "caf65343cd021d6643f6ccd09c6ac732"


def test_login_answers_the_challenge_and_never_sends_the_secret() -> None:
    login = AmiLogin("crm", "s3cr3t", "1")
    sent = b""
    for message in parse(
        b"Asterisk Call Manager/11.0.0\r\n"
        b"Response: Success\r\nActionID: 1\r\nChallenge: 814085687\r\n\r\n"
        b"Response: Success\r\nActionID: other\r\n\r\n"
        b"Response: Success\r\nActionID: 1\r\nMessage: Authentication accepted\r\n\r\n"
    ):
        sent += login.receive(message)
    assert login.state is LoginState.ACCEPTED
    assert b"s3cr3t" not in sent
    assert sent == (
        b"Action: Challenge\r\nActionID: 1\r\nAuthType: MD5\r\n\r\n"
        b"Action: Login\r\nActionID: 1\r\nAuthType: MD5\r\nUsername: crm\r\n"
        b"Key: caf65343cd021d6643f6ccd09c6ac732\r\nEvents: on\r\n\r\n"
    )


@pytest.mark.parametrize("reason", ["Authentication failed", "Permission denied"])
def test_refused_login_says_so_and_asks_for_a_person(reason: str) -> None:
    login = AmiLogin("crm", "wrong", "1")
    banner, refusal = parse(
        b"Asterisk Call Manager/11.0.0\r\n",
        f"Response: Error\r\nActionID: 1\r\nMessage: {reason}\r\n\r\n".encode(),
    )
    login.receive(banner)
    with pytest.raises(LineRefusedError, match=reason) as caught:
        login.receive(refusal)
    assert "manager.conf" in caught.value.remedy


def test_something_else_than_a_manager_is_named() -> None:
    with pytest.raises(RemoteProtocolError, match="HTTP"):
        AmiLogin("crm", "x").receive(one(b"HTTP/1.1 400 Bad Request\r\n\r\n"))


@pytest.mark.parametrize(
    "number",
    [
        "100\r\nAction: Originate\r\nApplication: System\r\nData: id",
        "{api_on_answer=system x}",
        "1&DAHDI/g1/900",
        "100\n",
        "100\0",
        "",
        "1",
        "+",
        "1" * 21,
        "\u0663\u0663\u0663",
        "100,1",
        "100@evil",
    ],
)
def test_numbers_that_are_more_than_a_number_are_refused(number: str) -> None:
    with pytest.raises(LocalProtocolError):
        actions.originate("1001", number, "from-internal")


@pytest.mark.parametrize("number", ["10", "+493023125710", "*43", "#1", "0" * 20])
def test_numbers_are_dialled_through_the_dialplan_only(number: str) -> None:
    data = actions.originate("1001", number, "from-internal").encode("7").decode()
    fields = dict(line.split(": ", 1) for line in data.split("\r\n") if line)
    assert fields["Exten"] == number
    assert fields["Context"] == "from-internal"
    assert fields["Channel"] == "PJSIP/1001"
    assert not {"Application", "Data", "Variable"} & fields.keys()


@pytest.mark.parametrize(
    "values",
    [
        {"extension": "1001&PJSIP/1002"},
        {"extension": "1001\r\n"},
        {"context": "from-internal\r\nApplication: System"},
        {"technology": "Local/x@y"},
    ],
)
def test_every_part_of_a_dial_command_is_checked(values: dict[str, str]) -> None:
    good = {"extension": "1001", "number": "10", "context": "from-internal"}
    with pytest.raises(LocalProtocolError):
        actions.originate(**{**good, **values})


@pytest.mark.parametrize("harm", ["\r", "\n", "\0", "x\r\nAction: Logoff"])
def test_the_encoder_refuses_line_breaks_anywhere(harm: str) -> None:
    for action in (
        actions.Action(harm),
        actions.Action("Ping", ((harm, "x"),)),
        actions.login(harm, "key"),
    ):
        with pytest.raises(LocalProtocolError):
            action.encode("1")
    with pytest.raises(LocalProtocolError):
        actions.PING.encode(harm)


def test_half_characters_are_refused() -> None:
    with pytest.raises(LocalProtocolError):
        actions.login("\ud800", "key").encode("1")
