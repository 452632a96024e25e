"""The words of the domain: what a campaign says, when, where, and what became of it.

Frozen values without behaviour that touches the world. Local times carry their zone; every other
instant is an aware UTC datetime.

Who only draws cards loads `showing`, and the rest when it asks for it: it would wait longer for
the words of posts and deliveries than for a card.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from scheduler.model.showing import (
    DAYS,
    Brand,
    Card,
    Chart,
    ChartKind,
    Colours,
    Fonts,
    Size,
    TemplateFile,
    Typeface,
    Value,
)

if TYPE_CHECKING:
    from scheduler.model.alerting import ADDRESS, AlertKind, Alerts, Recipient
    from scheduler.model.approving import Agreement, Earlier, Public, Yes
    from scheduler.model.confirming import Confirmation
    from scheduler.model.contents import (
        CallContent,
        Content,
        GraphicContent,
        OpenerContent,
        PhotoContent,
        QuoteContent,
        Slide,
        StatisticContent,
    )
    from scheduler.model.delivering import (
        ENDED,
        OPEN,
        TRANSITIONS,
        Allowance,
        Delivery,
        Draft,
        DraftPicture,
        Key,
        Measure,
        Receipt,
        Standing,
        State,
    )
    from scheduler.model.granting import Grant, Grants
    from scheduler.model.holding import (
        Hold,
        Scope,
        Target,
        target,
    )
    from scheduler.model.hosting import (
        Bucket,
        Hosting,
        ServedDirectory,
    )
    from scheduler.model.hours import Hours
    from scheduler.model.materials import (
        Audience,
        Checked,
        Comments,
        Consent,
        Fact,
        Helpline,
        Picture,
        Quote,
        Source,
        TranslatedWords,
    )
    from scheduler.model.places import (
        KeyPath,
        Place,
        Places,
    )
    from scheduler.model.secrets import Secret
    from scheduler.model.signing import SignedIn
    from scheduler.model.speaking import (
        OWN,
        Account,
        Campaign,
        Coalition,
        Day,
        Member,
        Moderation,
        Phrases,
        Post,
        Rules,
        Translation,
        Wording,
        distinct,
    )

_LATER = (
    "materials",
    "contents",
    "alerting",
    "approving",
    "confirming",
    "delivering",
    "granting",
    "holding",
    "hosting",
    "hours",
    "places",
    "secrets",
    "signing",
    "speaking",
)


def __getattr__(name: str) -> Any:
    """PEP 562: asked once for each name."""
    if name in __all__:
        for module in _LATER:
            found = vars(import_module(f"{__name__}.{module}"))
            if name in found:
                globals()[name] = found[name]
                return found[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "ADDRESS",
    "DAYS",
    "ENDED",
    "OPEN",
    "OWN",
    "TRANSITIONS",
    "Account",
    "Agreement",
    "AlertKind",
    "Alerts",
    "Allowance",
    "Audience",
    "Brand",
    "Bucket",
    "CallContent",
    "Campaign",
    "Card",
    "Chart",
    "ChartKind",
    "Checked",
    "Coalition",
    "Colours",
    "Comments",
    "Confirmation",
    "Consent",
    "Content",
    "Day",
    "Delivery",
    "Draft",
    "DraftPicture",
    "Earlier",
    "Fact",
    "Fonts",
    "Grant",
    "Grants",
    "GraphicContent",
    "Helpline",
    "Hold",
    "Hosting",
    "Hours",
    "Key",
    "KeyPath",
    "Measure",
    "Member",
    "Moderation",
    "OpenerContent",
    "PhotoContent",
    "Phrases",
    "Picture",
    "Place",
    "Places",
    "Post",
    "Public",
    "Quote",
    "QuoteContent",
    "Receipt",
    "Recipient",
    "Rules",
    "Scope",
    "Secret",
    "ServedDirectory",
    "SignedIn",
    "Size",
    "Slide",
    "Source",
    "Standing",
    "State",
    "StatisticContent",
    "Target",
    "TemplateFile",
    "TranslatedWords",
    "Translation",
    "Typeface",
    "Value",
    "Wording",
    "Yes",
    "distinct",
    "target",
]
