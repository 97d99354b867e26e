"""What the receipt says of an export of Ghost, and the cures."""

from presswork_cli.moving.mentions import Said

SAID = {
    "audience": Said(
        "What was for `{name}` alone is a draft: {places}. Nobody sees it.",
        "Nothing, or take the line `draft: true` out: then everybody sees it.",
    ),
    "status": Said(
        "`{name}` is no status of a post on the site: {places}. It is a draft.",
        "Take the line `draft: true` out where readers are to see it.",
    ),
    "email": Said(
        "What was sent by mail alone is a draft: {places}.",
        "Nothing, or take the line `draft: true` out: then everybody sees it.",
    ),
    "members-only": Said(
        "Parts that members alone were shown are left out: {places}.",
        "Copy them by hand where everybody may read them.",
    ),
    "card": Said(
        "The card `{name}` has no counterpart, and is left out: {places}.",
        "Write what it showed, if readers need it.",
    ),
    "rendered": Said(
        "The export has no HTML of {places}: it was made of what the editor keeps.",
        "Look at it beside the old blog.",
    ),
    "empty": Said("Nothing is in the text of {places}.", "Look at it beside the old blog."),
    "code": Said(
        "Code that was put into the page is left out, since nothing is run here: {places}.",
        "Put what readers need below static/, or write it in the text.",
    ),
    "portal": Said(
        "Links that open Ghost's sign-up (#/portal/) lead nowhere here: {places}.",
        "Take them out, or lead to where readers can sign up.",
    ),
    "site-code": Said(
        "Code that was put into all pages is left out, since nothing is run here.",
        "Make a theme of it, if it is needed (docs/themes.md).",
    ),
    "internal-tag": Said(
        "Tags that readers were not shown are not written: {places}.",
        "Nothing.",
    ),
    "featured": Said(
        "What was featured stands by its date here: {places}.",
        "Nothing, or link it in `menu` of site.yaml.",
    ),
    "same-name": Said(
        "Another post has the same address as {places}: this one is called `{name}`.",
        "Give one of the two another `slug`.",
    ),
    "no-date": Said(
        "A post has no date that can be read: {places}. It is a draft.",
        "Give it a `date`, and take the line `draft: true` out.",
    ),
    "members": Said(
        "Members, subscriptions and newsletters are not written.",
        "Keep the export, and that of the members.",
    ),
    "files": Said(
        "Files below content/ are not in the export ({count}).",
        "Lay Ghost's folder content/ beside the export and import again.",
    ),
    "address": Said(
        "The export does not name the host of the site.",
        "Set `base_url` in site.yaml.",
    ),
    "routes": Said(
        "The export does not say how addresses are made: posts are taken to stand at {name}.",
        "If routes.yaml says else, set `permalink` in site.yaml, and lead from the old addresses.",
    ),
    "lists": Said(
        "Second pages of lists (/page/2/) were not looked at: a list leads to its years here.",
        "Nothing.",
    ),
}
