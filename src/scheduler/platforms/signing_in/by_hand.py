"""Telegram, Discord and Slack: what their own pages show once, and nothing more."""

from __future__ import annotations

from types import MappingProxyType

from scheduler.model import Account
from scheduler.platforms.signing_in.desk import Desk, Entered, Way


def _telegram(account: Account, desk: Desk) -> Entered:
    channel = account.options.get("channel", "the channel")
    token = desk.secret("token", f"Token of the bot that posts in {channel}")
    return Entered(secrets=MappingProxyType({"token": token}))


def _webhook(account: Account, desk: Desk) -> Entered:
    address = desk.secret("webhook", f"Address of the webhook for {account.name}")
    return Entered(secrets=MappingProxyType({"webhook": address}))


TELEGRAM = Way(
    guide=(
        "In Telegram, write /newbot to @BotFather; it shows the bot's token, 123456:ABC….",
        (
            "In the channel: its name, Administrators, Add admin, search for the bot, and leave it "
            "the rights to post and to delete messages."
        ),
    ),
    review="",
    sign_in=_telegram,
)
DISCORD = Way(
    guide=(
        (
            "In Discord: the wheel beside the channel, Integrations, Webhooks, New webhook, Copy "
            "webhook URL."
        ),
        "Whoever knows this address may post there: it is a secret.",
    ),
    review="",
    sign_in=_webhook,
)
SLACK = Way(
    guide=(
        (
            "At https://api.slack.com/apps: your app, Incoming Webhooks, Add New Webhook, choose "
            "the channel, Copy."
        ),
        "Whoever knows this address may post there: it is a secret.",
    ),
    review="Slack asks nobody, but where the workspace wants it, an administrator approves the app",
    sign_in=_webhook,
)
