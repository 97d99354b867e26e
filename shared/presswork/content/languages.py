"""The language of a text, where its script gives it away."""

import re
from collections import Counter

from presswork.content.characters import uncommon
from presswork.patterns import late

_SCRIPTS = (
    (0x0370, 0x03FF, "el"),
    (0x0531, 0x058F, "hy"),
    (0x05D0, 0x05EA, "he"),
    (0x0E01, 0x0E5B, "th"),
    (0x10A0, 0x10FF, "ka"),
    (0x1F00, 0x1FFF, "el"),
    (0x3041, 0x30FA, "ja"),
    (0x3400, 0x4DBF, "zh"),
    (0x4E00, 0x9FFF, "zh"),
    (0xAC00, 0xD7A3, "ko"),
    (0xF900, 0xFAFF, "zh"),
    (0x20000, 0x3FFFF, "zh"),
)
"""Ranges of characters that, by and large, one language alone is written with."""
_OWNED = late("[" + "".join(f"{chr(low)}-{chr(high)}" for low, high, _ in _SCRIPTS) + "]")
_LETTERS_A_WORD = 5
_KANA_SHARE = 10
_TRACE = 20
"""A text with fewer characters of a script than one for so many words is in another script."""
# Frequent characters that only one of the two ways of writing Chinese has.
_SIMPLIFIED = frozenset(
    "国们这说时会对发学为个来实现进动开关经过还没见长门问间题业东车马语书买卖让认识设计论证"
    "话谈请谢读谁调该运边达迟选错钱铁银难题页项顺须预领频风飞习种党务员给红级纪约线组织终结统继续"
)
_TRADITIONAL = (
    frozenset(
        "國們這說時會對發學為個來實現進動開關經過還沒見長門問間題業東車馬語書買賣讓認識設計論證"
        "話談請謝讀誰調該運邊達遲選錯錢鐵銀難題頁項順須預領頻風飛習種黨務員給紅級紀約線組織終結統繼續"
    )
    - _SIMPLIFIED
)
_OWNERS = frozenset(language for _, _, language in _SCRIPTS)
_FREQUENT = {
    language: frozenset(words.split())
    for language, words in {
        "de": "auf das dem den der des die ein eine für ist mit nicht sich und von zu",
        "en": "and are as by for from in is it of on that the this to was with you",
        "es": "con del el es la las los más para por que se una y",
        "fr": "au avec dans des du est et il le les ne pas pour que qui sur une",
        "it": "che con dei del della di gli il nel non per sono una",
        "nl": "dat de een en het is met niet op te van voor zijn",
        "pt": "as com da do em mais não o os para que um uma",
    }.items()
}
"""Words that make up much of any text in a language of Latin script."""
_FREQUENT_SHARE = 10
_FEW = 2
_WORD = late(r"[^\W\d_]+")
_HANT_TAGS = late(r"zh-(?:\w+-)*(?:hant|tw|hk|mo)\b", re.IGNORECASE)
_SAMPLE = 5_000


def language_of(text: str, default: str) -> str:
    """The language of a text; `default` where its script leaves that open or agrees with it.

    Where a text has next to nothing of the script of `default`, its words tell.
    """
    sample = text[:_SAMPLE]
    if not _OWNED.search(uncommon(sample)):
        return _by_words(sample, default)
    weights = _weights(sample)
    han, kana = weights["zh"], weights["ja"]
    if kana * _KANA_SHARE > han + kana:  # Chinese has hardly any kana, Japanese much Han
        weights["ja"], weights["zh"] = han + kana, 0
    language = max(weights, key=lambda each: (weights[each], each))
    if language == "zh":
        return _chinese(sample, default)
    if not language and weights.total() - weights[""] <= weights[""] // _TRACE:
        return _by_words(sample, default)
    return default if not language or _is(default, language) else language


def _by_words(text: str, default: str) -> str:
    """The language whose frequent words a text has; `default` where its script may be the text's.

    So it is where a text is too short to tell.
    """
    if default.lower().split("-")[0] not in _OWNERS:
        return default
    words = [word.lower() for word in _WORD.findall(text)]
    counts = {language: sum(word in own for word in words) for language, own in _FREQUENT.items()}
    language = max(counts, key=lambda each: counts[each])
    is_clear = counts[language] >= max(_FEW, len(words) / _FREQUENT_SHARE)
    return language if is_clear else default


def _weights(text: str) -> Counter[str]:
    """How much of a text each language can claim; nameless is what several can."""
    weights: Counter[str] = Counter({"": 0})
    for character, count in Counter(text).items():
        if character.isalpha():
            weights[_owner(ord(character))] += count
    for language in weights.keys() - {"zh", "ja"}:  # Han and kana are about a word each
        weights[language] //= _LETTERS_A_WORD
    return weights


def _owner(point: int) -> str:
    return next((language for low, high, language in _SCRIPTS if low <= point <= high), "")


def _chinese(text: str, default: str) -> str:
    traditional = sum(each in _TRADITIONAL for each in text)
    simplified = sum(each in _SIMPLIFIED for each in text)
    language = "zh-Hant" if traditional > simplified else "zh-Hans"
    if _is(default, "zh") and bool(_HANT_TAGS.match(default)) == (language == "zh-Hant"):
        return default
    return language


def _is(tag: str, language: str) -> bool:
    return tag.lower().split("-")[0] == language
