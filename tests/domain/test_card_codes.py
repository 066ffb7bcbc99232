"""Card codes in free text: masked where the words say so, and other numbers left (row 34)."""

from __future__ import annotations

import pytest

from crmdesk.domain.cards import mask_card_numbers


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("cvv 123", "cvv •••"),
        ("CVC2: 1234", "CVC2: •••"),
        ("Prüfziffer 123", "Prüfziffer •••"),
        ("security code is 123.", "security code is •••."),
        ("4111111111111111 cid 1234", "•••• 1111 cid •••"),
        ("csc 1999, 4111111111111111", "csc •••, •••• 1111"),
        ("4111111111111111 Prüfnummer 123", "•••• 1111 Prüfnummer •••"),
        ("4111111111111111 security code 2024", "•••• 1111 security code •••"),
        ("•••• 1111 Prüfnr 123", "•••• 1111 Prüfnr •••"),
        ("Kartenprüfnummer 123", "Kartenprüfnummer •••"),
        ("Kreditkarten-Prüfnr. 123", "Kreditkarten-Prüfnr. •••"),
        ("card security code 2024", "card security code •••"),
        ("cvv 2024", "cvv •••"),
        ("CVC 123-4567", "CVC •••-4567"),
        ("cvc123", "cvc•••"),
        ("kpn123", "kpn•••"),
        ("KPN 123", "KPN •••"),
        ("CVN 123", "CVN •••"),
        ("CVV  -> 123", "CVV  -> •••"),
        ("CVC (hinten) 123", "CVC (hinten) •••"),
        ("CVC (hinten drauf) 123", "CVC (hinten drauf) •••"),
        ("CVV lautet auf 123", "CVV lautet auf •••"),
        ("die CVC von der Karte ist 123", "die CVC von der Karte ist •••"),
        ("his cvv is actually 123", "his cvv is actually •••"),
        ("his cvv is actually 1 2 3", "his cvv is actually •••"),
        ("Kartenprüfnummer ist die 123", "Kartenprüfnummer ist die •••"),
        ("Sicherheitsnummer 123", "Sicherheitsnummer •••"),
        ("Amex, security code 4711", "Amex, security code •••"),
        ("card: verification code 123", "card: verification code •••"),
        ("4111111111111111 verification code 123", "•••• 1111 verification code •••"),
        ("cvv code is 123", "cvv code is •••"),
        ("the cvv number is 123", "the cvv number is •••"),
        ("security-code 123", "security-code •••"),
        ("CVV is: 1 2 3", "CVV is: •••"),
        ("cvv2-code: 123", "cvv2-code: •••"),
        ("cvv\u200b123", "cvv\u200b•••"),
        ("CVC\n123", "CVC\n•••"),
        ("Kartenprüfziffer １２３", "Kartenprüfziffer •••"),
        ("cvv 4111 1111 1111 1111", "cvv •••• 1111"),
        ("CVV: 123 411111 111111 1111", "CVV: ••• •••• 1111"),
    ],
)
def test_codes_are_masked(text: str, masked: str) -> None:
    assert mask_card_numbers(text)[0] == masked
    assert mask_card_numbers(masked) == (masked, 0)


@pytest.mark.parametrize(
    "text",
    [
        "cid 1234",
        "Csc 2024 conference",
        "CSC 123",
        "security code 2024",
        "Prüfziffer 1999",
        "Prüfnummer 123 Anlage",
        "Prüfnr. 4711",
        "Security code is 123-4567",
        "Security code 4711 an der Tür",
        "Prüfnummer 1234",
        "Prüfcode 1234 TÜV",
        "2FA verification code: 1234",
        "CVC fehlt noch, 150 EUR",
        "CVC am 12.05.2026 erfragt",
        "CVC erfragt um 14:30",
        "CVC geprüft\n1234 Wien",
        "CVC der Karte wurde beim letzten Mal erfragt 123",
    ],
)
def test_other_numbers_behind_such_words_stay(text: str) -> None:
    assert mask_card_numbers(text) == (text, 0)
