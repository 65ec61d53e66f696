"""Browsers in plain words: what a person recognises of the long line that their browser sends about itself.

Only the two words are kept. The line itself tells versions and devices, which nobody here needs to know.
"""

BROWSERS = (
    # Each later one calls itself by the names of those before it, so the order matters.
    ("Whale/", "Whale"),
    ("Edg", "Edge"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Trident/", "Internet Explorer"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_of(user_agent: str) -> tuple[str | None, str | None]:
    """(browser, system) as people call them; None for what is not known. The line is the sender's word, not a proof."""
    return (
        next((name for sign, name in BROWSERS if sign in user_agent), None),
        next((name for sign, name in SYSTEMS if sign in user_agent), None),
    )
