"""The first administrator and the first PIN: made once, or as the environment says."""

from quadrangle.accounts import rules
from quadrangle.accounts.model import Account
from quadrangle.accounts.ports import AccountStore, EmailTaken, PinStore
from quadrangle.accounts.secrets.generated import make_password, make_pin
from quadrangle.accounts.secrets.ports import Credentials, Passwords
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import SYSTEM, Role

ADMIN_NAME = "Administrator"


async def ensure_first_admin(
    store: AccountStore,
    credentials: Credentials,
    clock: Clock,
    email: str,
    password: str | None,
) -> str | None:
    """See to it that there is an administrator; return the password where one was made.

    With a `password` the account of `email` is opened if need be and has that password afterwards;
    when it had another, what it was signed in to ends. Its name, role and whether it is active
    stay as they are. Without one, an account is opened only when no administrator exists. Several
    processes may do this at once: one of them makes the password. Raises InvalidInput for a
    password that is too easy, Unavailable.
    """
    address = email.strip().lower()
    if password is not None:
        password = rules.check_new_password(password, address, "password")
    present = await store.by_email(address)
    if present is not None:
        if password is not None:
            await _set_password(credentials, clock, present, password)
        return None
    if password is None and any(a.role is Role.ADMIN for a in await store.staff()):
        return None
    made = password or make_password()
    account, facts = rules.open_account(
        new_id(), address, ADMIN_NAME, Role.ADMIN, SYSTEM, clock.now()
    )
    try:
        await credentials.open(account, made, facts)
    except EmailTaken:
        return None  # another process was faster, with the same settings
    return None if password else made


async def _set_password(
    credentials: Credentials, clock: Clock, present: Account, password: str
) -> None:
    if (await credentials.check_password(present.account_id, password)).right:
        return

    def decide(account: Account, _: int) -> tuple[Account, list[Change]]:
        if account.epoch != present.epoch:
            return account, []  # another process was faster, with the same settings
        return rules.replace_password(account, SYSTEM, clock.now())

    await credentials.set_password(present.account_id, password, decide)


async def ensure_pin(
    pins: PinStore, passwords: Passwords, clock: Clock, pin: str | None
) -> str | None:
    """See to it that there is a staff PIN; return it where it was made.

    A given `pin` replaces one that differs, which ends what that one was signed in to. Several
    processes may do this at once. Raises InvalidInput for a PIN that is too easy, Unavailable.
    """
    current = await pins.load()
    if pin is None:
        if current is not None:
            return None
        new = make_pin()
    else:
        new = rules.check_new_pin(pin)
        if current is not None and await passwords.verify(current.hash, new):
            return None
    hashed = await passwords.hash(new)
    replaced, change = rules.replace_pin(current, hashed, SYSTEM, clock.now())
    try:
        await pins.save(replaced, [change])
    except Conflict:
        return None  # another process was faster, with the same settings
    return new if pin is None else None
