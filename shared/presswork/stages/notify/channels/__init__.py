"""The ways to tell people of a new post, one module each."""

from presswork.stages.notify.channels.channel import Announcement, Channel
from presswork.stages.notify.channels.hook import HookChannel
from presswork.stages.notify.channels.mail import MailChannel, compose

__all__ = ["Announcement", "Channel", "HookChannel", "MailChannel", "compose"]
