"""A file of a model: read back as it was written; anything else is refused and runs nothing."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from otklik.triage.nlp.learning import BrokenModel, Model, from_bytes, load, load_bytes, save, to_bytes, train
from tests.triage.test_learning import messages

Arrays = dict[str, Any]


@pytest.fixture(scope="module")
def model() -> Model:
    return train(*messages())


def arrays_of(model: Model) -> Arrays:
    with np.load(io.BytesIO(to_bytes(model))) as file:
        return dict(file)


def packed(arrays: Arrays) -> bytes:
    body = io.BytesIO()
    np.savez(body, **arrays)
    return body.getvalue()


def test_a_model_comes_back_as_it_was(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    save(model, path)
    back = load(path)
    texts = ["яма на дороге", "холодно", ""]
    assert back.version == model.version
    assert back.report == model.report
    assert np.array_equal(back.predict(texts).probabilities, model.predict(texts).probabilities)
    assert back.predict(texts, explain=True).reasons == model.predict(texts, explain=True).reasons
    assert back.predict(texts).passes == model.predict(texts).passes
    assert load_bytes is from_bytes


def test_no_message_is_kept_in_a_model(model: Model) -> None:
    with zipfile.ZipFile(io.BytesIO(to_bytes(model))) as file:
        body = b"".join(file.read(name) for name in file.namelist())
    for word in ("выбоины", "Садовой", "котельная"):
        assert word.encode() not in body


@pytest.mark.parametrize("body", [b"", b"PK", b"\x80\x04K\x01.", b"\x93NUMPY\x01\x00", b"[]", bytes(1000)])
def test_what_is_no_model_is_refused(body: bytes) -> None:
    with pytest.raises(BrokenModel, match="испорчен"):
        from_bytes(body)


def test_every_byte_cut_off_is_noticed(model: Model) -> None:
    body = to_bytes(model)
    for end in range(0, len(body) - 1, len(body) // 40):
        with pytest.raises(BrokenModel):
            from_bytes(body[:end])


def test_a_spoilt_byte_never_passes_for_the_same_model(model: Model) -> None:
    body = bytearray(to_bytes(model))
    random = np.random.default_rng(3)
    for at in random.integers(0, len(body), 60):
        spoilt = bytearray(body)
        spoilt[at] ^= 0x55
        try:
            found = from_bytes(bytes(spoilt))
        except BrokenModel:
            continue
        # Dates and attributes of the archive carry nothing of the model.
        assert found.version == model.version


def test_a_pickle_inside_is_not_opened(model: Model) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return (pytest.fail, ("a pickle was opened",))

    arrays = arrays_of(model) | {"centre": np.array([Trap()], dtype=object)}
    with pytest.raises(BrokenModel):
        from_bytes(packed(arrays))


def header(change: Callable[[Any], Any]) -> Callable[[Arrays], Any]:
    def changed(arrays: Arrays) -> Any:
        given = json.loads(arrays["header"].tobytes().decode())
        return np.frombuffer(json.dumps(change(given)).encode(), dtype=np.uint8)

    return changed


HOSTILE: dict[str, tuple[str, Callable[[Arrays], Any]]] = {
    "not JSON": ("header", lambda _: np.frombuffer(b"{", dtype=np.uint8)),
    "deep JSON": ("header", lambda _: np.frombuffer(b"[" * 100_000, dtype=np.uint8)),
    "a list": ("header", header(lambda _: [])),
    "another format": ("header", header(lambda given: given | {"format": "otklik-learnt-0"})),
    "another lexicon": ("header", header(lambda given: given | {"lexicon": "0"})),
    "one label too many": ("header", header(lambda given: given | {"labels": [*given["labels"], "Х"]})),
    "labels are numbers": ("header", header(lambda given: given | {"labels": [1, 2, 3, 4]})),
    "no labels": ("header", header(lambda given: given | {"labels": []})),
    "steepness of words": ("header", header(lambda given: given | {"steepness": "крутая"})),
    "steepness without end": ("header", header(lambda given: given | {"steepness": float("nan")})),
    "a report of words": ("header", header(lambda given: given | {"report": "хороший"})),
    "columns out of order": ("words", lambda arrays: arrays["words"][::-1]),
    "columns outside": ("pieces", lambda arrays: arrays["pieces"] + 2**20),
    "columns below zero": ("lexicon", lambda arrays: arrays["lexicon"] - 1000),
    "square columns": ("words", lambda arrays: arrays["words"][:, None]),
    "too few rarities": ("rarity", lambda arrays: arrays["rarity"][:-1]),
    "a rarity that is no number": ("rarity", lambda arrays: arrays["rarity"] * np.float32(np.nan)),
    "places outside": ("places", lambda arrays: arrays["places"] + 1),
    "places far below": ("places", lambda arrays: arrays["places"] - 5),
    "too few weights": ("weights", lambda arrays: arrays["weights"][:-1]),
    "endless weights": ("weights", lambda arrays: arrays["weights"] * np.float16(np.inf)),
    "weights in a row": ("weights", lambda arrays: arrays["weights"].ravel()),
    "weights of another kind": ("weights", lambda arrays: arrays["weights"].astype(np.float64)),
    "a curve of one line": ("curve", lambda arrays: arrays["curve"][:1]),
    "a falling curve": ("curve", lambda arrays: arrays["curve"][:, ::-1]),
    "thresholds of others": ("thresholds", lambda arrays: arrays["thresholds"][:-1]),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_model_with_a_wrong_part_is_refused(model: Model, case: str) -> None:
    name, change = HOSTILE[case]
    arrays = arrays_of(model)
    with pytest.raises(BrokenModel):
        from_bytes(packed(arrays | {name: change(arrays)}))


def test_a_missing_or_an_unknown_part_is_refused(model: Model) -> None:
    arrays = arrays_of(model)
    with pytest.raises(BrokenModel):
        from_bytes(packed({name: arrays[name] for name in arrays if name != "curve"}))
    with pytest.raises(BrokenModel):
        from_bytes(packed(arrays | {"more": np.zeros(3)}))


def test_a_part_that_claims_to_be_larger_than_the_memory_is_refused(model: Model) -> None:
    arrays = arrays_of(model)
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": "<f4", "fortran_order": False, "shape": (2**45,)})
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as file:
        for name, array in arrays.items():
            part = io.BytesIO()
            np.save(part, array)
            file.writestr(f"{name}.npy", head.getvalue() if name == "rarity" else part.getvalue())
    with pytest.raises(BrokenModel):
        from_bytes(body.getvalue())


def test_a_small_file_that_unpacks_to_more_than_the_memory_is_refused(model: Model) -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as file:
        for name in arrays_of(model):
            with file.open(f"{name}.npy", "w", force_zip64=True) as part:
                for _ in range(450 if name == "weights" else 0):
                    part.write(bytes(1_000_000))
    assert len(body.getvalue()) < 2_000_000
    with pytest.raises(BrokenModel):
        from_bytes(body.getvalue())
