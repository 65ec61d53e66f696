"""What the made-up projects are called: words in Korean and English, of which some are known to be in few names."""

RARE, MIDDLING, COMMON, ABSENT = "예산", "온실", "도로", "항만"
"""Words of two syllables: in 20 names of the first district, in about 0.5 %, in about 10 %, and in none."""

RARE_HITS = 20

PLACES = (
    ("Hapjeong", "합정"),
    ("Sangam", "상암"),
    ("Mangwon", "망원"),
    ("Yeonnam", "연남"),
    ("Gongdeok", "공덕"),
    ("Daeheung", "대흥"),
    ("Sinsu", "신수"),
    ("Yonggang", "용강"),
    ("Seogang", "서강"),
    ("Seogyo", "서교"),
    ("Ahyeon", "아현"),
    ("Dohwa", "도화"),
    ("Yeomni", "염리"),
    ("Seongsan", "성산"),
    ("Itaewon", "이태원"),
    ("Hannam", "한남"),
)
THINGS = (
    ("road", COMMON),
    ("library", "도서관"),
    ("park", "공원"),
    ("school path", "통학길"),
    ("street light", "가로등"),
    ("market", "시장"),
    ("day care", "어린이집"),
    ("stream", "하천"),
    ("flood gate", "수문"),
    ("sports hall", "체육관"),
)
ACTS = (
    ("renewal", "정비"),
    ("digital signs", "전자 안내판"),
    ("barrier-free access", "무장애 접근"),
    ("safety check", "안전 점검"),
    ("solar roof", "태양광 지붕"),
    ("residents' workshop", "주민 교실"),
    ("sensor network", "감지망"),
)
RARE_THING, MIDDLING_THING = ("participatory budget", f"주민참여{RARE}"), ("greenhouse", MIDDLING)


def mixed(number: int, salt: int) -> int:
    """A number that looks drawn by lot and is always the same."""
    value = (number * 2654435761 + salt * 40503) & 0xFFFFFFFF
    value = ((value ^ (value >> 15)) * 2246822519) & 0xFFFFFFFF
    return value ^ (value >> 13)


def names(number: int, *, rare: bool) -> tuple[str, str]:
    """(English, Korean) name of a project."""
    lot = mixed(number, 1)
    place, act = PLACES[lot % 16], ACTS[(lot >> 4) % 7]
    thing = RARE_THING if rare else MIDDLING_THING if (lot >> 8) % 200 == 0 else THINGS[(lot >> 16) % 10]
    part = number % 97 + 1
    return f"{place[0]} {thing[0]} {act[0]}, part {part}", f"{place[1]} {thing[1]} {act[1]} {part}구역"
