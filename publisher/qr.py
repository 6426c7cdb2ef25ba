"""An address as a QR code for print: byte mode, level M, versions 1 to 6, always the same mask.

A library weighs all eight masks anew for every page, which costs more than rendering the page; any mask can be read. And a code
is linear: that of an address is made of what each of its bytes adds, which is worked out once. So a guide costs a tenth of a millisecond.
Source: ISO/IEC 18004.
"""

import re
from functools import lru_cache

BLOCKS = {1: (1, 16, 10), 2: (1, 28, 16), 3: (1, 44, 26), 4: (2, 32, 18), 5: (2, 43, 24), 6: (4, 27, 16)}
FORMAT = "101010000010010"  # level M, mask 0: dark and light change places where row + column is even
LONGEST = 106  # bytes
EXP = [1] * 512
for _power in range(1, 512):
    _double = EXP[_power - 1] << 1
    EXP[_power] = _double ^ 0x11D if _double & 0x100 else _double
LOG = {EXP[power]: power for power in range(255)}
RUN = re.compile("1+|0+")
STROKES = {"1" * length: f"h{length}" for length in range(1, 42)} | {
    "0" * length: f"m{length} 0" for length in range(1, 42)
}
Matrix = list[list[int]]


def qr_svg(text: str) -> str:
    """The code as an SVG element, one unit a module, with the quiet zone; empty where the text is too long for one."""
    content = text.encode()
    if len(content) > LONGEST:
        return ""
    size = 17 + 4 * _version(len(content))
    modules, length = 0, len(content)
    for place, byte in enumerate(content):
        modules ^= _added(length, place, byte)
    signs = f"{modules ^ _modules(bytes(length)):0{size * size}b}"
    rows = (signs[at : at + size] for at in range(0, size * size, size))
    path = "".join(
        f"M4 {number + 4.5:g}{''.join(map(STROKES.__getitem__, RUN.findall(row)))}"
        for number, row in enumerate(rows)
    )
    return (
        f'<svg viewBox="0 0 {size + 8} {size + 8}" shape-rendering="crispEdges" aria-hidden="true">'
        f'<path stroke="#000" d="{path}"/></svg>'
    )


@lru_cache(maxsize=20_000)
def _added(length: int, place: int, byte: int) -> int:
    """What a byte changes in the code of as many zeros."""
    content = bytearray(length)
    content[place] = byte
    return _modules(bytes(content)) ^ _modules(bytes(length))


@lru_cache(maxsize=LONGEST)
def _modules(content: bytes) -> int:
    """All modules as one number, row by row, dark ones as 1."""
    return int("".join(str(module) for row in qr_matrix(content) for module in row), 2)


def qr_matrix(content: bytes) -> Matrix:
    """The modules, row by row; 1 is dark."""
    version = _version(len(content))
    base, places = _frame(version)
    rows = [row.copy() for row in base]
    bits = "".join(f"{word:08b}" for word in _codewords(content, version))
    for (row, column), bit in zip(places, bits.ljust(len(places), "0"), strict=True):
        rows[row][column] = int(bit) ^ ((row + column) % 2 == 0)
    return rows


def _version(length: int) -> int:
    """The smallest version that holds so many bytes."""
    return next(each for each, (count, size, _) in BLOCKS.items() if count * size >= length + 2)


def _codewords(content: bytes, version: int) -> list[int]:
    """Data and error correction, woven block by block."""
    count, size, correction = BLOCKS[version]
    bits = f"0100{len(content):08b}" + "".join(f"{byte:08b}" for byte in content) + "0000"
    data = [int(bits[at : at + 8].ljust(8, "0"), 2) for at in range(0, len(bits), 8)]
    data += [(0xEC, 0x11)[number % 2] for number in range(count * size - len(data))]
    blocks = [data[at : at + size] for at in range(0, count * size, size)]
    checks = [_remainder(block, correction) for block in blocks]
    return [block[at] for part in (blocks, checks) for at in range(len(part[0])) for block in part]


def _remainder(block: list[int], correction: int) -> list[int]:
    generator, rest = _generator(correction), [*block, *([0] * correction)]
    for at in range(len(block)):
        if factor := rest[at]:
            power = LOG[factor]
            for offset, each in enumerate(generator):
                rest[at + offset] ^= EXP[each + power]
    return rest[len(block) :]


@lru_cache
def _generator(correction: int) -> tuple[int, ...]:
    """The generator polynomial, each coefficient as its logarithm."""
    found = [1]
    for power in range(correction):
        shifted = [*found, 0]
        for at, each in enumerate(found):
            shifted[at + 1] ^= EXP[LOG[each] + power]
        found = shifted
    return tuple(LOG[each] for each in found)


@lru_cache
def _frame(version: int) -> tuple[Matrix, list[tuple[int, int]]]:
    """What is the same in every code of a version, and the places of the data in their order."""
    size = 17 + 4 * version
    rows: list[list[int | None]] = [[None] * size for _ in range(size)]
    for top, left in ((0, 0), (0, size - 7), (size - 7, 0)):
        for row in range(max(0, top - 1), min(size, top + 8)):
            for column in range(max(0, left - 1), min(size, left + 8)):
                rows[row][column] = int(max(abs(row - top - 3), abs(column - left - 3)) in (0, 1, 3))
    for at in range(8, size - 8):
        rows[6][at] = rows[at][6] = 1 - at % 2
    middle = size - 7
    for row in range(middle - 2, middle + 3) if version > 1 else ():
        for column in range(middle - 2, middle + 3):
            rows[row][column] = int(max(abs(row - middle), abs(column - middle)) != 1)
    rows[size - 8][8] = 1
    beside = [*range(6), 7, 8]
    for number, bit in enumerate(map(int, FORMAT)):
        if number < 7:
            rows[8][beside[number]] = rows[size - 1 - number][8] = bit
        else:
            rows[beside[14 - number]][8] = rows[8][size - 15 + number] = bit
    places = [place for place in _zigzag(size) if rows[place[0]][place[1]] is None]
    return [[module or 0 for module in row] for row in rows], places


def _zigzag(size: int) -> list[tuple[int, int]]:
    """From the lower right corner up and down again, two columns at a time, past the column of timing."""
    rights = [*range(size - 1, 6, -2), 5, 3, 1]
    return [
        (row, column)
        for turn, right in enumerate(rights)
        for row in (range(size) if turn % 2 else range(size - 1, -1, -1))
        for column in (right, right - 1)
    ]
