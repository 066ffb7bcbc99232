"""Coming back to a phone system that went on, or did not, without us."""

from __future__ import annotations

from crmdesk.domain.calls import Call, CallOutcome, Direction, OfferOutcome
from tests.fakes.ami_script import JANE, AmiScript, Chan


def outcomes(call: Call) -> dict[str, OfferOutcome | None]:
    return {offer.extension: offer.outcome for offer in call.offers}


def test_empty_list_before_the_pbx_is_ready_ends_nothing() -> None:
    script = AmiScript()
    caller, desk = script.answered()
    script.banner()
    script.event("CoreShowChannelsComplete", ListItems="0")
    assert not script.only_call.is_over
    script.wait(1)
    script.hang_up(desk, caller, by=desk)
    assert script.only_call.outcome is CallOutcome.ANSWERED


def test_empty_list_counts_once_the_pbx_is_ready() -> None:
    script = AmiScript()
    script.answered()
    script.wait(10)
    script.banner()
    script.event("CoreShowChannelsComplete", ListItems="0")
    script.wait(60)
    script.event("FullyBooted", Uptime="300")
    call = script.only_call
    assert (call.outcome, call.ended_by, call.answered_by) == (CallOutcome.UNKNOWN, None, "201")
    assert call.talk_seconds == 0.0  # nothing was heard of it after the answer


def test_calls_of_a_restarted_pbx_are_gone_before_any_list() -> None:
    script = AmiScript()
    script.answered()
    script.wait(60)
    script.translator.connection_lost(script.now)
    script.wait(30)
    script.banner()
    script.event("FullyBooted", Uptime="3")
    call = script.only_call
    assert call.outcome is CallOutcome.UNKNOWN
    assert call.talk_seconds == 60.0


def test_a_channel_name_used_again_tells_the_restart_where_nothing_else_does() -> None:
    script = AmiScript()
    caller, _ = script.answered()
    script.banner()
    again = Chan(caller.name, "1795319999.1", "1795319999.1", "4", JANE, context="from-pstn")
    script.event("Newchannel", again.fields())
    first, second = script.calls.values()
    assert first.outcome is CallOutcome.UNKNOWN
    assert not second.is_over


def test_talk_that_goes_on_over_a_lost_connection_is_offered_once() -> None:
    script = AmiScript()
    caller, desk = script.answered()
    for _ in range(2):
        script.wait(5)
        script.banner()
        script.event("FullyBooted", Uptime="5000")
        for channel, application in ((caller, "Dial"), (desk, "AppDial")):
            script.event(
                "CoreShowChannel",
                channel.fields(),
                Application=application,
                BridgeId="b1",
                Duration="00:00:08",
            )
        script.event("CoreShowChannelsComplete", ListItems="2")
    script.wait(2)
    script.hang_up(desk, caller, by=caller)
    call = script.only_call
    assert [(offer.rounds, offer.outcome) for offer in call.offers] == [(1, OfferOutcome.ANSWERED)]
    assert (call.outcome, call.talk_seconds) == (CallOutcome.ANSWERED, 12.0)


def test_second_empty_list_counts_where_the_pbx_never_says_that_it_is_ready() -> None:
    script = AmiScript()
    script.answered()
    script.wait(4)
    script.translator.connection_lost(script.now)
    script.banner()
    script.event("CoreShowChannelsComplete", ListItems="0")
    script.event("CoreShowChannelsComplete", ListItems="0")
    call = script.only_call
    assert (call.outcome, call.talk_seconds) == (CallOutcome.UNKNOWN, 4.0)


def test_failed_reconnects_do_not_lengthen_a_lost_talk() -> None:
    script = AmiScript()
    script.answered()
    script.wait(4)
    for _ in range(3):
        script.translator.connection_lost(script.now)
        script.wait(60)
        script.banner()
    script.event("FullyBooted", Uptime="10")
    assert script.only_call.talk_seconds == 4.0


def test_phone_that_stopped_ringing_unseen_leaves_the_call_on() -> None:
    script = AmiScript()
    caller, desk = script.ringing()
    script.banner()
    script.event("FullyBooted", Uptime="5000")
    script.event("CoreShowChannel", caller.fields(), Application="Queue", ApplicationData="vip,t")
    script.event("CoreShowChannelsComplete", ListItems="1")
    call = script.only_call
    assert outcomes(call) == {desk.number: OfferOutcome.UNKNOWN}
    assert (call.queue, call.is_over) == ("vip", False)


def test_events_of_a_channel_whose_beginning_was_not_seen() -> None:
    script = AmiScript()
    caller = Chan("PJSIP/sipgate-1", "1.1", "1.1", "4", JANE, "Jane Doe", "from-pstn")
    desk = Chan("PJSIP/201-2", "1.2", "1.1", "5", "201")
    script.event("DialState", caller.fields(), desk.fields("Dest"), DialStatus="RINGING")
    call = script.only_call
    assert (call.direction, call.caller_raw) == (Direction.INBOUND, JANE)
    assert [pop.extension for pop in call.pops] == ["201"]


def test_call_first_seen_when_its_people_already_talk() -> None:
    script = AmiScript()
    caller = Chan("PJSIP/sipgate-1", "1.1", "1.1", "6", JANE, "Jane Doe", "from-pstn")
    desk = Chan("PJSIP/201-2", "1.2", "1.1", "6", "201")
    script.bridge("b1", desk, caller)
    script.wait(4)
    script.hang_up(caller, desk, by=caller)
    call = script.only_call
    assert (call.direction, call.caller_raw) == (Direction.INBOUND, JANE)
    assert (call.outcome, call.answered_by, call.talk_seconds) == (CallOutcome.ANSWERED, "201", 4.0)


def test_attempt_first_seen_at_its_end() -> None:
    script = AmiScript()
    caller = Chan("PJSIP/sipgate-1", "1.1", "1.1", "4", JANE, "Jane Doe", "from-pstn")
    desk = Chan("PJSIP/201-2", "1.2", "1.1", "5", "201")
    script.dial_end(caller, desk, "NOANSWER")
    script.hang_up(desk, caller, cause="0")
    call = script.only_call
    assert (call.outcome, outcomes(call)) == (
        CallOutcome.MISSED,
        {"201": OfferOutcome.NO_ANSWER},
    )


def test_calls_that_began_in_the_gap_come_after_those_before_it() -> None:
    """Without a clock a channel may say that it is older than the whole recording."""
    script = AmiScript()
    script.ringing("201")
    script.banner()
    late = Chan("PJSIP/sipgate-00000099", "1795310999.1", "1795310999.1", "4", JANE)
    fields = {"Application": "Dial", "Duration": "01:00:00"}
    script.event("CoreShowChannel", late.fields(), fields)
    script.event("FullyBooted", Uptime="90000")
    script.event("CoreShowChannelsComplete", ListItems="1")
    first, second = script.calls.values()
    assert second.started_at >= first.started_at


def test_number_of_a_call_whose_beginning_was_not_seen_is_not_made_up() -> None:
    """An outbound call shows the company's own number as caller id."""
    script = AmiScript()
    desk = Chan("PJSIP/201-0000000a", "1795310400.1", "1795310400.1", "6", "+493023125100")
    trunk = Chan("PJSIP/sipgate-0000000b", "1795310400.2", "1795310400.1", "6", "s")
    script.bridge("b1", trunk, desk)
    call = script.only_call
    assert (call.direction, call.caller_raw, call.dialled) == (Direction.OUTBOUND, "", None)


def test_customer_we_called_is_not_named_after_a_place_in_the_dialplan() -> None:
    """After a transfer only the trunk's channel is left of an outbound call; its number is "s"."""
    script = AmiScript()
    trunk = Chan("PJSIP/sipgate-0000000b", "1795310400.2", "1795310400.1", "6", "s")
    desk = Chan("PJSIP/202-0000000c", "1795310400.3", "1795310400.1", "5", "202")
    script.event("CoreShowChannel", trunk.fields(), {"Application": "Dial"})
    script.event("CoreShowChannel", desk.fields(), {"Application": "AppDial"})
    script.event("CoreShowChannelsComplete", ListItems="2")
    script.event("Newstate", trunk.fields())
    call = script.only_call
    assert (call.caller_raw, call.caller_name, call.is_withheld) == ("", "", False)
    assert [offer.extension for offer in call.offers] == ["202"]
