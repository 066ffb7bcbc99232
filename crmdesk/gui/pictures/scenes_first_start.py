"""Pictures of the first start: the wizard, and the dialogs in front of a protected store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QWidget

from crmdesk.bootstrap.stores import OpenedStore
from crmdesk.gui.door import Door
from crmdesk.gui.pictures.demo_desk import demo_desk
from crmdesk.gui.pictures.registry import picture
from crmdesk.gui.pictures.scenes_settings import FINDINGS, RINGS
from crmdesk.gui.settings.line_entry import LineEntry
from crmdesk.gui.settings.line_test import LineTest
from crmdesk.gui.unlock.passphrase_choice import PassphraseChoiceDialog
from crmdesk.gui.unlock.recovery_key import RecoveryKeyDialog
from crmdesk.gui.unlock.trouble import TroubleDialog
from crmdesk.gui.unlock.unlock_dialog import RecoverDialog, UnlockDialog
from crmdesk.gui.wizard.customers import CustomersStep
from crmdesk.gui.wizard.last_steps import RecoveryKeyStep
from crmdesk.gui.wizard.trial import TrialStep
from crmdesk.gui.wizard.window import Wizard
from crmdesk.store.errors import StoreKeyWrong, StoreLocked, StoreNewer
from crmdesk.store.keys.vault import StoreVault
from crmdesk.telephony.findings import Finding, FindingState

_PLACE = "CRMDesk/crmdesk.db"
_LONG_PLACE = str(Path("Customers of the branch office with a long name") / ("x" * 60) / "a.db")
_KEY = "7F3QX-M2K9C-0WZ8R-4TTN6-HB1VD-Y5E7P-JQA2S"
_SIZE = (860, 640)
_YOU, _SYSTEM, _CONNECTION, _TRIAL, _CUSTOMERS, _RECOVERY, _READY = range(7)


def _wizard(system: str = "asterisk") -> Wizard:
    runtime = demo_desk().runtime
    wizard = Wizard(runtime, Door(runtime), _PLACE)
    answers = wizard.answers
    answers.name, answers.extension, answers.keyring = "Alice Adler", "1001", "Secret Service"
    answers.entry = replace(
        LineEntry(),
        system=system,  # type: ignore[arg-type]
        host="pbx.example.com",
        username="crmdesk",
        secret="invented",  # noqa: S106  a picture
        region="DE",
        area_code="30",
        internal="1001-1199",
    )
    return wizard


def _made() -> OpenedStore:
    store = demo_desk().core.store
    return OpenedStore(store, StoreVault(store), _KEY)


@picture("wizard-1-you", size=_SIZE)
def you() -> QWidget:
    """Who sits here."""
    return Wizard(demo_desk().runtime, Door(demo_desk().runtime), _PLACE)


@picture("wizard-2-phone-system", size=_SIZE)
def phone_system() -> QWidget:
    """Which phone system."""
    wizard = _wizard()
    wizard.show_step(_SYSTEM)
    return wizard


@picture("wizard-3-connection", size=_SIZE)
def connection() -> QWidget:
    """How to reach it."""
    wizard = _wizard()
    wizard.show_step(_CONNECTION)
    return wizard


@picture("wizard-3-connection-wrong", size=_SIZE)
def connection_wrong() -> QWidget:
    """With mistakes."""
    wizard = _wizard()
    wrong = {"host": "https://pbx.example.com", "port": "70000", "internal": "1199-1001"}
    wizard.answers.entry = replace(wizard.answers.entry, username="", secret="", **wrong)  # type: ignore[arg-type]
    wizard.show_step(_CONNECTION)
    wizard.next.click()
    return wizard


@picture("wizard-3-softphone", size=_SIZE)
def softphone() -> QWidget:
    """What the softphone starts."""
    wizard = _wizard("softphone")
    wizard.show_step(_CONNECTION)
    return wizard


def _trial() -> tuple[Wizard, LineTest]:
    wizard = _wizard()
    wizard.answers.entry = replace(wizard.answers.entry, host="192.0.2.1")
    wizard.show_step(_TRIAL)
    step = wizard.steps[_TRIAL]
    if not isinstance(step, TrialStep):
        raise TypeError("the fourth step tests")
    return wizard, step.test


@picture("wizard-4-testing", size=_SIZE)
def testing() -> QWidget:
    """The test runs."""
    return _trial()[0]


@picture("wizard-4-waiting", size=_SIZE)
def waiting() -> QWidget:
    """All is well, a call is waited for."""
    wizard, test = _trial()
    test.stop()
    test.show_result(FINDINGS[:4])
    return wizard


@picture("wizard-4-first-call", size=_SIZE)
def first_call() -> QWidget:
    """The first call that rings."""
    wizard, test = _trial()
    test.stop()
    test.show_result(FINDINGS)
    test.ring.show_heard(RINGS)
    return wizard


@picture("wizard-4-wrong-password", size=_SIZE)
def wrong_password() -> QWidget:
    """The phone system refused the login."""
    wizard, test = _trial()
    test.stop()
    test.show_result(
        (
            *FINDINGS[:2],
            Finding(
                "Login",
                FindingState.FAILED,
                "The phone system refused the login of 'crmdesk'.",
                "Check user name and password, and that permit = of this user covers this "
                "computer.",
            ),
        )
    )
    return wizard


@picture("wizard-5-customers", size=_SIZE)
def customers() -> QWidget:
    """Protected by the keyring."""
    wizard = _wizard()
    wizard.show_step(_CUSTOMERS)
    return wizard


@picture("wizard-5-no-keyring", size=_SIZE)
def no_keyring() -> QWidget:
    """There is no keyring: a passphrase."""
    wizard = _wizard()
    wizard.answers.keyring = ""
    wizard.show_step(_CUSTOMERS)
    step = wizard.steps[_CUSTOMERS]
    if isinstance(step, CustomersStep):
        step.passphrase.first.setText("river lamp")
        step.passphrase.second.setText("river lamb")
    return wizard


@picture("wizard-6-recovery-key", size=_SIZE)
def recovery_key() -> QWidget:
    """Shown once."""
    wizard = _wizard()
    wizard.answers.opened = _made()
    wizard.show_step(_RECOVERY)
    step = wizard.steps[_RECOVERY]
    if isinstance(step, RecoveryKeyStep):
        step.panel.copy.click()
    return wizard


@picture("wizard-7-ready", size=_SIZE)
def ready() -> QWidget:
    """What was set up."""
    wizard = _wizard()
    wizard.answers.opened = _made()
    wizard.show_step(_READY)
    return wizard


@picture("unlock")
def unlock() -> QWidget:
    """Asks for the passphrase."""
    return UnlockDialog(_PLACE)


@picture("unlock-wrong")
def unlock_wrong() -> QWidget:
    """It was wrong; the place is long."""
    dialog = UnlockDialog(_LONG_PLACE)
    dialog.show_error(StoreKeyWrong("The passphrase is wrong."))
    return dialog


@picture("unlock-recovery-key")
def unlock_recovery_key() -> QWidget:
    """Asks for the recovery key."""
    dialog = RecoverDialog(_PLACE)
    dialog.show_error(StoreKeyWrong("The recovery key has a typing error."))
    return dialog


@picture("unlock-new-passphrase")
def new_passphrase() -> QWidget:
    """A passphrase is chosen."""
    dialog = PassphraseChoiceDialog(
        None,
        "Choose a passphrase",
        "This computer has no keyring that CRMDesk can trust.",
        "Choose a passphrase that protects your customers instead. It is asked for at each start "
        "and kept nowhere.",
    )
    dialog.choice.first.setText("river lamp cloud seven")
    return dialog


@picture("recovery-key")
def recovery_key_dialog() -> QWidget:
    """The key in a dialog."""
    return RecoveryKeyDialog(_KEY, _PLACE)


@picture("trouble-locked")
def locked() -> QWidget:
    """Another program holds the store."""
    return TroubleDialog(StoreLocked(), _PLACE)


@picture("trouble-newer")
def newer() -> QWidget:
    """The store is newer than the program, at a long place."""
    return TroubleDialog(StoreNewer("0012", "0001"), _LONG_PLACE)


@picture("trouble-key-lost")
def key_lost() -> QWidget:
    """The keyring lost the key."""
    error = StoreKeyWrong("The key of the customer store is in Secret Service, which is not there.")
    return TroubleDialog(error, _PLACE, recover=True)
