"""Passwords that are guessed first: common words, runs of keys, digits in order, dates, repetitions, and what joins them.

Lists of stolen passwords hold millions, and nearly all long ones are such joints: `password1234`, `woaini5201314`.
"""

import re

FEWEST_PIECES = 6  # of which a password must consist when everything familiar counts as one
WORDS = [
    "password",
    "passwort",
    "passwd",
    "pass",
    "word",
    "admin",
    "administrator",
    "root",
    "user",
    "guest",
    "login",
    "welcome",
    "letmein",
    "master",
    "secret",
    "system",
    "server",
    "manager",
    "monitor",
    "test",
    "demo",
    "default",
    "changeme",
    "hello",
    "iloveyou",
    "love",
    "lovely",
    "monkey",
    "dragon",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "superman",
    "batman",
    "shadow",
    "michael",
    "jordan",
    "charlie",
    "daniel",
    "jessica",
    "ashley",
    "thomas",
    "michelle",
    "computer",
    "internet",
    "samsung",
    "google",
    "facebook",
    "microsoft",
    "windows",
    "apple",
    "android",
    "iphone",
    "freedom",
    "whatever",
    "trustno",
    "starwars",
    "pokemon",
    "killer",
    "flower",
    "summer",
    "winter",
    "spring",
    "autumn",
    "monday",
    "friday",
    "january",
    "december",
    "china",
    "beijing",
    "shanghai",
    "chengdu",
    "zhongguo",
    "gongkai",
    "zhuanlan",
    "zhengfu",
    "xian",
    "county",
    "office",
    "bangong",
    "bangongshi",
    "woaini",
    "aini",
    "woshi",
    "nihao",
    "mima",
    "wode",
    "laopo",
    "laogong",
    "baobao",
    "qinai",
    "shengri",
    "kuaile",
    "gongzuo",
    "danwei",
    "xinxi",
    "zhengwu",
    "fuwu",
    "renmin",
    "xitong",
    "guanliyuan",
    "guanli",
    "yonghu",
    "denglu",
    "wangzhan",
    "xuexi",
    "qiangguo",
    "wangwei",
    "zhangwei",
    "wangfang",
    "liwei",
    "zhangmin",
    "lijing",
    "wangjing",
    "liuwei",
    "chenjing",
    "zhanglei",
    "wanglei",
    "linglong",
    "abc",
    "aaa",
    "xyz",
    "qaz",
    "wsx",
    "edc",
    "rfv",
    "tgb",
    "yhn",
    "ujm",
    "的密码",
    "密码",
    "我爱你",
    "你好",
    "管理员",
    "中国",
    "政府",
    "信息公开",
    "专栏",
    "办公室",
    "人民政府",
]
RUNS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "q1w2e3r4t5y6u7i8o9p0", "1q2w3e4r5t6y7u8i9o0p", "qazwsxedcrfvtgbyhnujmikolp", "!@#$%^&*()_+", "147258369", "123654789",
    "5201314", "1314520", "7758521", "7758258",
)  # fmt: skip
DATE = re.compile(
    r"(19|20)\d\d[-./年]?(0?[1-9]|1[0-2])[-./月]?(0?[1-9]|[12]\d|3[01])日?|(19|20)\d\d|[01]\d[0-3]\d"
)
LOOK_ALIKES = str.maketrans("@4310$57!", "aaeiossti")
SHORTEST_RUN = 3


def is_guessable(password: str, login: str = "") -> bool:
    """Whether the password has fewer than six pieces, a word, a run, a date or a repetition being one piece.

    Source: ASVS 5.0 6.2.4, 6.2.11.
    """
    text = password.lower()
    return (
        min(_pieces(text, login.lower()), _pieces(text.translate(LOOK_ALIKES), login.lower())) < FEWEST_PIECES
    )


def _pieces(text: str, login: str) -> int:
    """The fewest pieces the text can be cut into; a piece that stood before costs nothing."""
    fewest = [0] + [len(text)] * len(text)
    for start in range(len(text)):
        for end in _ends(text, start, login):
            again = end - start > 1 and text[start:end] in text[:start]
            fewest[end] = min(fewest[end], fewest[start] + (0 if again else 1))
    return fewest[-1]


def _ends(text: str, start: int, login: str) -> set[int]:
    """Where a piece that begins here may end."""
    ends = {start + 1}
    ends |= {start + len(word) for word in (*WORDS, login) if word and text.startswith(word, start)}
    ends |= {found.end() for found in [DATE.match(text, start)] if found}
    for end in range(start + SHORTEST_RUN, len(text) + 1):
        if not _is_run(text[start:end]):
            break
        ends.add(end)
    for end in range(start + 2, len(text) + 1):
        if text[start:end] not in text[:start]:
            break
        ends.add(end)
    return ends


def _is_run(piece: str) -> bool:
    return len(set(piece)) == 1 or any(piece in run or piece in run[::-1] for run in RUNS)
