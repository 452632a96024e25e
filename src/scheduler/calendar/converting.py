"""Well-formed values to words of the domain, where nothing has to be looked up."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from zoneinfo import ZoneInfo

from scheduler.calendar.schema import (
    AccountForm,
    AlertsForm,
    CampaignForm,
    ChartForm,
    HelplineForm,
    HostingForm,
    HoursForm,
    SecretForm,
    SourceForm,
)
from scheduler.calendar.validating import SECRET_KEY
from scheduler.model import (
    ADDRESS,
    Account,
    AlertKind,
    Alerts,
    Bucket,
    Chart,
    ChartKind,
    Helpline,
    Hosting,
    Hours,
    Moderation,
    Recipient,
    Rules,
    Secret,
    ServedDirectory,
    Source,
    Value,
)


def account(name: str, form: AccountForm, *, kit: bool, hosting: Hosting | None) -> Account:
    extra = form.model_extra or {}
    secrets = {key: _secret(value) for key, value in extra.items() if isinstance(value, SecretForm)}
    options = {
        key: value
        for key, value in extra.items()
        if isinstance(value, str) and not SECRET_KEY.search(key)
    }
    return Account(
        name=name,
        platform=form.platform,
        kit=kit,
        options=MappingProxyType(options),
        secrets=MappingProxyType(secrets),
        hosting=hosting,
    )


def hosting(form: HostingForm) -> Hosting:
    if form.directory is not None:
        return ServedDirectory(directory=form.directory, address=form.address or "")
    keys = {"access_key": form.access_key, "secret_key": form.secret_key}
    return Bucket(
        name=form.bucket or "",
        endpoint=form.endpoint or "",
        region=form.region or "",
        prefix=form.prefix or "",
        path_style=form.path_style or False,
        address=form.address or "",
        secrets=MappingProxyType({name: _secret(key) for name, key in keys.items() if key}),
    )


def alerts(form: AlertsForm, *, zone: str) -> Alerts:
    """Hours are said in `zone`, unless they name another one."""
    return Alerts(
        recipients=tuple(_recipient(name, address) for name, address in form.to.items()),
        zone=ZoneInfo(form.zone or zone),
        kinds=frozenset(form.kinds or AlertKind),
        quiet_hours=_range(form.quiet_hours) if form.quiet_hours else None,
        digest=form.digest,
        ping=_recipient("ping", form.ping) if form.ping else None,
    )


def _recipient(name: str, address: str | SecretForm) -> Recipient:
    if isinstance(address, str):
        return Recipient(name=name, address=address)
    return Recipient(name=name, secrets=MappingProxyType({ADDRESS: _secret(address)}))


def _secret(form: SecretForm) -> Secret:
    kinds: Iterable[tuple[str, str | None]] = (
        ("env", form.env),
        ("keyring", form.keyring),
        ("file", form.file),
    )
    kind, name = next((kind, name) for kind, name in kinds if name is not None)
    return Secret(kind=kind, name=name)


def source(form: SourceForm) -> Source:
    return Source(
        publisher=form.publisher,
        title=form.title,
        year=form.year,
        address=str(form.address),
        required_text=form.required_text,
    )


def chart(form: ChartForm) -> Chart:
    single = {ChartKind.PICTOGRAM: form.marked, ChartKind.RING: form.share}.get(form.kind)
    if single is not None:
        values: tuple[Value, ...] = (Value(label="", amount=single, shown=""),)
    else:
        written = tuple(each for each in (form.before, form.after) if each) or form.values
        values = tuple(
            Value(label=value.label, amount=value.amount, shown=value.shown) for value in written
        )
    return Chart(kind=form.kind, values=values, of=form.of or 0)


def helpline(id_: str, form: HelplineForm) -> Helpline:
    return Helpline(
        id=id_,
        number=form.number,
        country=form.country,
        audience=form.audience,
        hours=form.hours,
        verified_by=form.verified_by,
        verified=form.verified,
        verified_on=form.verified_on,
        address=str(form.address),
    )


def rules(form: CampaignForm) -> Rules:
    moderation = form.moderation
    return Rules(
        country=form.country or "",
        quiet_hours=_range(form.quiet_hours) if form.quiet_hours else None,
        weekends=form.weekends,
        moderation=(
            Moderation(by=moderation.by, hours=_range(moderation.hours)) if moderation else None
        ),
        required_text=form.required_text,
        lints=MappingProxyType(dict(form.lints)),
        approvals=form.approvals,
    )


def _range(form: HoursForm) -> Hours:
    return Hours(begin=form.begin, end=form.end)
