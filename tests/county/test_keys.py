"""Keys: what is sealed opens only in its place, untouched, with its key; and keys are kept from others."""

import os
import pickle
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from county.keys import Keyring, KeyringError, SealBrokenError

FIRST, SECOND = bytes(range(32)), bytes(range(32, 64))
PLACE = "application.applicant_id_no"
ID_NUMBER = "11010519491231002X"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
SEALED_BY_THE_FIRST_RELEASE = (
    "017130513cbf163e28ead7a046adb7bda96645735ab1d9f2249106a091ae6a1e85baf844ec8e85cf7e659d0e72194a"
)
FINGERPRINT_BY_THE_FIRST_RELEASE = "f926902ef98d3aa828c463a328e70d3030347a8d6a76d0f0c5fe383ca5ee71c3"

alone = Keyring(FIRST)
rotated = Keyring(SECOND, primary_id=2, older={1: FIRST})


@given(TEXTS, TEXTS)
def test_what_is_sealed_for_a_place_is_unsealed_there(text, place):
    assert alone.unseal(alone.seal(text, place), place) == text


def test_a_sealed_id_number_takes_47_bytes_and_never_looks_the_same():
    tokens = {alone.seal(ID_NUMBER, PLACE) for _ in range(50)}

    assert len(tokens) == 50
    assert {len(token) for token in tokens} == {47}
    assert not any(ID_NUMBER[:6].encode() in token for token in tokens)


def test_a_value_moved_to_another_column_is_broken():
    token = alone.seal(ID_NUMBER, PLACE)

    with pytest.raises(SealBrokenError) as broken:
        alone.unseal(token, "application.agent_id_no")

    assert broken.value.context == "application.agent_id_no"


@pytest.mark.parametrize("place", range(47))
def test_a_single_altered_bit_anywhere_breaks_the_seal(place):
    token = bytearray(rotated.seal(ID_NUMBER, PLACE))
    token[place] ^= 1

    with pytest.raises(SealBrokenError):
        rotated.unseal(bytes(token), PLACE)


def test_a_key_id_exchanged_for_another_key_in_hand_breaks_the_seal():
    token = rotated.seal(ID_NUMBER, PLACE)

    with pytest.raises(SealBrokenError):
        rotated.unseal(b"\x01" + token[1:], PLACE)


@given(st.binary(max_size=60))
def test_no_other_bytes_pass_for_a_sealed_value(token):
    with pytest.raises(SealBrokenError):
        alone.unseal(token, PLACE)


def test_the_newest_key_seals_and_every_key_unseals():
    old, new = alone.seal(ID_NUMBER, PLACE), rotated.seal(ID_NUMBER, PLACE)

    assert (old[0], new[0]) == (1, 2)
    assert rotated.unseal(old, PLACE) == rotated.unseal(new, PLACE) == ID_NUMBER
    with pytest.raises(SealBrokenError):
        alone.unseal(new, PLACE)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=2, max_size=2, unique=True))
def test_fingerprints_are_equal_for_equal_text_and_place_only(pairs):
    (text, place), (other_text, other_place) = pairs

    assert alone.fingerprint(text, place) == alone.fingerprint(text, place)
    assert alone.fingerprint(text, place) != alone.fingerprint(other_text, other_place)


def test_the_border_of_place_and_text_counts_in_a_fingerprint():
    assert alone.fingerprint("b", "a") != alone.fingerprint("", "ab")


def test_fingerprints_outlive_rotation_and_depend_on_the_key():
    assert rotated.fingerprint(ID_NUMBER, PLACE) == alone.fingerprint(ID_NUMBER, PLACE)
    assert Keyring(SECOND).fingerprint(ID_NUMBER, PLACE) != alone.fingerprint(ID_NUMBER, PLACE)
    assert len(bytes.fromhex(alone.fingerprint(ID_NUMBER, PLACE))) == 32


def test_derived_keys_differ_by_purpose_and_change_with_rotation():
    derived = {ring.derive(purpose) for ring in (alone, rotated) for purpose in ("cookies", "tickets")}

    assert len(derived) == 4
    assert {len(key) for key in derived} == {32}
    assert alone.derive("cookies") == Keyring(FIRST).derive("cookies")


def test_values_sealed_and_fingerprinted_by_the_first_release_still_open():
    token = bytes.fromhex(SEALED_BY_THE_FIRST_RELEASE)

    assert alone.unseal(token, PLACE) == ID_NUMBER
    assert alone.fingerprint(ID_NUMBER, PLACE) == FINGERPRINT_BY_THE_FIRST_RELEASE


def test_a_keyring_shows_and_hands_out_no_key_material():
    shown = repr(rotated) + str(rotated) + f"{rotated!a}"

    assert repr(rotated) == "Keyring(ids=[1, 2], primary_id=2)"
    assert not any(key.hex() in shown or repr(key) in shown for key in (FIRST, SECOND))
    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(rotated)


@pytest.mark.parametrize(
    ("primary", "options"),
    [
        (b"short", {}),
        (FIRST, {"primary_id": 0}),
        (FIRST, {"primary_id": 256}),
        (FIRST, {"primary_id": 1, "older": {2: SECOND}}),
        (FIRST, {"primary_id": 2, "older": {1: b""}}),
    ],
)
def test_keys_of_a_wrong_length_or_order_are_a_mistake_of_the_program(primary, options):
    with pytest.raises(ValueError, match="key"):
        Keyring(primary, **options)


# Files


def test_created_keys_are_for_their_owner_alone_and_are_read_again(tmp_path):
    folder = tmp_path / "var" / "keys"
    before = os.umask(0)
    try:
        created = Keyring.create(folder)
    finally:
        os.umask(before)

    assert [file.name for file in folder.iterdir()] == ["001.key"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "001.key").stat().st_mode) == 0o600
    assert Keyring.from_directory(folder).unseal(created.seal(ID_NUMBER, PLACE), PLACE) == ID_NUMBER


def test_two_installations_have_different_keys(tmp_path):
    first, second = Keyring.create(tmp_path / "a"), Keyring.create(tmp_path / "b")

    assert first.fingerprint(ID_NUMBER, PLACE) != second.fingerprint(ID_NUMBER, PLACE)


def test_keys_are_never_overwritten(tmp_path):
    Keyring.create(tmp_path)
    written = (tmp_path / "001.key").read_bytes()

    with pytest.raises(KeyringError, match="不会覆盖"):
        Keyring.create(tmp_path)

    assert (tmp_path / "001.key").read_bytes() == written


def test_a_key_made_by_another_process_in_the_same_moment_stays(tmp_path, monkeypatch):
    Keyring.create(tmp_path)
    written = (tmp_path / "001.key").read_bytes()
    monkeypatch.setattr("county.keys._key_files", lambda directory: {})

    with pytest.raises(KeyringError, match="另一进程"):
        Keyring.create(tmp_path)

    assert [file.name for file in tmp_path.iterdir()] == ["001.key"]
    assert (tmp_path / "001.key").read_bytes() == written


def test_rotation_adds_a_key_and_keeps_the_old_ones(tmp_path):
    first = Keyring.create(tmp_path)
    token = first.seal(ID_NUMBER, PLACE)

    second = Keyring.rotate(tmp_path)

    assert second.seal(ID_NUMBER, PLACE)[0] == 2
    assert Keyring.from_directory(tmp_path).unseal(token, PLACE) == ID_NUMBER
    assert second.fingerprint(ID_NUMBER, PLACE) == first.fingerprint(ID_NUMBER, PLACE)
    assert stat.S_IMODE((tmp_path / "002.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o602])
def test_a_key_file_others_can_read_or_write_is_refused(tmp_path, mode):
    Keyring.create(tmp_path)
    (tmp_path / "001.key").chmod(mode)

    with pytest.raises(KeyringError, match=rf"001\.key 的权限是 {mode:04o}.*chmod 600"):
        Keyring.from_directory(tmp_path)


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o722])
def test_a_key_folder_others_can_write_to_is_refused(tmp_path, mode):
    Keyring.create(tmp_path / "keys")
    (tmp_path / "keys").chmod(mode)

    with pytest.raises(KeyringError, match="chmod 700"):
        Keyring.from_directory(tmp_path / "keys")


@pytest.mark.parametrize("content", [b"", b"00" * 31, b"00" * 33, b"zz" * 32, b"\xff" * 64, b"0" * 63])
def test_a_damaged_key_file_is_refused_without_showing_its_content(tmp_path, content):
    Keyring.create(tmp_path)
    (tmp_path / "001.key").write_bytes(content)

    with pytest.raises(KeyringError, match="已损坏") as refused:
        Keyring.from_directory(tmp_path)

    assert "0000" not in str(refused.value)


def test_a_missing_or_empty_folder_says_what_is_needed(tmp_path):
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(KeyringError, match=r"没有密钥文件 001\.key"):
            Keyring.from_directory(folder)


def test_a_folder_that_lost_its_first_key_is_refused_since_fingerprints_would_change(tmp_path):
    Keyring.create(tmp_path)
    Keyring.rotate(tmp_path)
    (tmp_path / "001.key").unlink()

    with pytest.raises(KeyringError, match=r"缺少最早的密钥文件 001\.key"):
        Keyring.from_directory(tmp_path)


def test_other_files_in_the_folder_are_no_keys(tmp_path):
    Keyring.create(tmp_path)
    for name in ("002.key.bak", "README", "000.key", "256.key", "2.key"):
        (tmp_path / name).write_text("nothing")

    assert repr(Keyring.from_directory(tmp_path)) == "Keyring(ids=[1], primary_id=1)"
