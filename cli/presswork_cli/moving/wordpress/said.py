"""What the receipt says of an export of WordPress, and the cures."""

from presswork_cli.moving.mentions import Said

SAID = {
    "encoding": Said(
        "Bytes that are not UTF-8 were read as windows-1252, on {places}.",
        "Look at those posts; export the blog again if letters are wrong.",
    ),
    "control-character": Said(
        "Characters that XML cannot hold were left out, on {places}.",
        "Nothing: nobody could see them.",
    ),
    "ampersand": Said("`&` stood alone, and is a sign, on {places}.", "Nothing: it is shown."),
    "angle": Said("`<` stood alone, and is a sign, on {places}.", "Nothing: it is shown."),
    "entity": Said("Names such as `&nbsp;` became the signs they name, on {places}.", "Nothing."),
    "cut-off": Said(
        "The export ends amid an item, on {places}: it is a draft, for who may see it is not told.",
        "Export the blog again, in parts by year if it breaks off again.",
    ),
    "broken": Said(
        "The XML of an item is broken, on {places}: it is a draft, with what could be read.",
        "Compare it with the old blog, and take its line `draft: true` out.",
    ),
    "private": Said(
        "What was private is a draft, on {places}: nobody sees it.",
        "Nothing, or take the line `draft: true` out.",
    ),
    "password": Said(
        "What had a password is a draft, on {places}; the password is not kept.",
        "Nothing, or take the line `draft: true` out: then everybody sees it.",
    ),
    "status": Said(
        "`{name}` is no status of WordPress itself, on {places}: such an item is a draft.",
        "Take the line `draft: true` out where readers are to see it.",
    ),
    "trash": Said(
        "What was in the trash is not written, on {places}.",
        "Restore what is needed there, and export the blog again.",
    ),
    "type": Said(
        "Items of the type `{name}` are not written ({count}), on {places}.",
        "Nothing for menus, styles and forms; copy what else is needed by hand.",
    ),
    "comments": Said(
        "Comments are not written ({count}), on {places}: posts here have none.",
        "Keep the export: it holds them.",
    ),
    "sticky": Said(
        "What stood at the top of all lists stands by its date here, on {places}.",
        "Nothing, or link it in `menu` of site.yaml.",
    ),
    "same-name": Said(
        "Another item has the same address, on {places}: this one is called `{name}`.",
        "Give one of the two another `slug`.",
    ),
    "no-date": Said(
        "A post has no date that can be read, on {places}: it is a draft.",
        "Give it a `date`, and take the line `draft: true` out.",
    ),
    "front-page": Said(
        "A page was the front page, on {places}; here that is the list of posts.",
        "Nothing: the page has an address of its own, for `menu` of site.yaml.",
    ),
    "shortcode": Said(
        "The shortcode [{name}] is a plugin's, on {places}, and stays as text.",
        "Write what it showed in HTML.",
    ),
    "dynamic-block": Said(
        "The block `{name}` is filled when WordPress shows it, on {places}, and is left out.",
        "Write what it showed in HTML, if readers need it.",
    ),
    "taxonomy": Said(
        "Terms of the taxonomy `{name}` are not written, on {places}.",
        "Write them as `tags` or `series` where they are needed.",
    ),
    "zone": Said(
        "The export names no time zone; its times are those of {name}.",
        "Correct `timezone` in site.yaml if that is another.",
    ),
    "no-zone": Said(
        "The times of the export are those of no one time zone: `timezone` is UTC.",
        "Set `timezone` in site.yaml.",
    ),
    "uploads": Said(
        "Files below wp-content/uploads/ are not in the export ({count}).",
        "Lay the folder wp-content/ beside the export and import again; or keep the old blog up "
        "until all pictures have come home.",
    ),
    "lists": Said(
        "Second pages of lists (/page/2/), days (/2021/11/05/) and feeds of comments were not "
        "looked at: a list leads to its years and months here.",
        "Nothing.",
    ),
}
