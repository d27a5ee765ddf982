"""A model as one file of arrays and JSON. Reading one runs nothing that is in it, whoever wrote it."""

import hashlib
import json
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from otklik.triage.nlp.learning.calibrating import Curve
from otklik.triage.nlp.learning.features import Space
from otklik.triage.nlp.learning.grams import BITS
from otklik.triage.nlp.learning.lexical import lexical_names
from otklik.triage.nlp.learning.meaning import DIMENSIONS
from otklik.triage.nlp.learning.model import Model

FORMAT = "otklik-learnt-1"
"""Changes whenever messages are made into columns in another way: an older model would read them wrongly."""

_VIEWS = ("words", "pieces", "lexicon")
_KINDS = {
    "header": "uint8",
    "words": "int32",
    "pieces": "int32",
    "lexicon": "int32",
    "rarity": "float32",
    "centre": "float32",
    "places": "int32",
    "weights": "float16",
    "curve": "float64",
    "thresholds": "float64",
}
_MOST_BYTES = 400_000_000
_MOST_LABELS = 20_000

Arrays = dict[str, NDArray[Any]]


class BrokenModel(ValueError):
    """Файл модели испорчен или сделан другой версией программы. Обучите модель заново."""


def stamped(model: Model) -> Model:
    """The model with its version: a hash of everything in it."""
    return replace(model, version=_version_of(_arrays(model)))


def to_bytes(model: Model) -> bytes:
    """The model as a file; the same model gives the same bytes."""
    file = BytesIO()
    # Names are written in their own order and without the clock.
    np.savez_compressed(file, allow_pickle=False, **_arrays(model))
    return file.getvalue()


def from_bytes(body: bytes) -> Model:
    """The model in a file. Raises BrokenModel when it is not one, whatever it is."""
    arrays = _read(body)
    try:
        header = json.loads(arrays["header"].tobytes().decode())
    except (ValueError, RecursionError) as error:
        raise BrokenModel(f"{BrokenModel.__doc__} ({error})") from error
    _check(arrays, header)
    columns = _columns(arrays)
    space = Space((columns[0], columns[1], columns[2]), arrays["rarity"], arrays["centre"])
    model = Model(
        labels=tuple(header["labels"]),
        space=space,
        places=arrays["places"],
        weights=arrays["weights"].astype(np.float32),
        steepness=float(header["steepness"]),
        curve=Curve(*arrays["curve"]),
        thresholds=arrays["thresholds"],
        report=header["report"],
    )
    return stamped(model)


def save(model: Model, path: Path) -> None:
    """Write the model to a file."""
    path.write_bytes(to_bytes(model))


def load(path: Path) -> Model:
    """The model in a file on disk. Raises BrokenModel, OSError."""
    return from_bytes(path.read_bytes())


def _arrays(model: Model) -> Arrays:
    header = {
        "format": FORMAT,
        "labels": list(model.labels),
        "lexicon": _lexicon(),
        "steepness": model.steepness,
        "report": model.report,
    }
    body = json.dumps(header, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
    arrays: Arrays = {"header": np.frombuffer(body, dtype=np.uint8)}
    for view, index in zip(_VIEWS, model.space.columns, strict=True):
        arrays[view] = np.flatnonzero(index >= 0).astype(np.int32)
    return arrays | {
        "rarity": model.space.rarity,
        "centre": model.space.centre,
        "places": model.places,
        "weights": model.weights.astype(np.float16),
        "curve": np.array([model.curve.claimed, model.curve.true]),
        "thresholds": model.thresholds,
    }


def _lexicon() -> str:
    return hashlib.sha256("\n".join(lexical_names()).encode()).hexdigest()[:16]


def _version_of(arrays: Arrays) -> str:
    found = hashlib.sha256()
    for name in sorted(arrays):
        found.update(f"{name}{arrays[name].shape}".encode())
        found.update(np.ascontiguousarray(arrays[name]).tobytes())
    return found.hexdigest()[:16]


def _read(body: bytes) -> Arrays:
    try:
        with zipfile.ZipFile(BytesIO(body)) as file:
            sizes = {each.filename: each.file_size for each in file.infolist()}
        # Sizes are looked at before anything is unpacked: a small file may unpack to more than the memory.
        if set(sizes) != {f"{name}.npy" for name in _KINDS} or sum(sizes.values()) > _MOST_BYTES:
            raise BrokenModel(BrokenModel.__doc__)
        with np.load(BytesIO(body), allow_pickle=False) as arrays:
            return {name: _array(arrays, name, sizes[f"{name}.npy"]) for name in _KINDS}
    except BrokenModel:
        raise
    except Exception as error:
        # A spoilt archive makes zipfile, zlib, tokenize and numpy raise a dozen kinds, none of them promised.
        raise BrokenModel(f"{BrokenModel.__doc__} ({error})") from error


def _array(arrays: Any, name: str, size: int) -> NDArray[Any]:
    # The shape in the head of an array is believed by numpy: it would make room for it before reading.
    with arrays.zip.open(f"{name}.npy") as file:
        version = np.lib.format.read_magic(file)
        head = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[
            version
        ]
        shape, _, kind = head(file)
    if (
        str(kind) != _KINDS[name]
        or int(np.prod([int(each) for each in shape], dtype=object)) * kind.itemsize > size
    ):
        raise BrokenModel(BrokenModel.__doc__)
    found: NDArray[Any] = arrays[name]
    return found


def _columns(arrays: Arrays) -> list[NDArray[np.int32]]:
    columns, at = [], 0
    for view in _VIEWS:
        index = np.full(_size_of(view), -1, dtype=np.int32)
        buckets = arrays[view]
        index[buckets] = np.arange(at, at + len(buckets), dtype=np.int32)
        at += len(buckets)
        columns.append(index)
    return columns


def _size_of(view: str) -> int:
    return len(lexical_names()) if view == "lexicon" else 1 << BITS


def _check(arrays: Arrays, header: Any) -> None:
    """Every array has the shape that the others need, and no number is infinite."""
    labels = header.get("labels") if isinstance(header, dict) else None
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise BrokenModel(BrokenModel.__doc__)
    if header.get("format") != FORMAT or header.get("lexicon") != _lexicon():
        raise BrokenModel(BrokenModel.__doc__)
    steepness = header.get("steepness")
    if (
        not isinstance(steepness, float)
        or not 0 < steepness < 1e3
        or not isinstance(header.get("report"), dict)
    ):
        raise BrokenModel(BrokenModel.__doc__)
    columns = sum(arrays[view].size for view in _VIEWS)
    width = columns + DIMENSIONS + 1
    shapes = {
        "rarity": (columns,),
        "centre": (DIMENSIONS,),
        "places": (width,),
        "weights": (arrays["weights"].shape[0], len(labels)),
        "thresholds": (len(labels),),
    }
    fits = (
        all(arrays[name].shape == shape for name, shape in shapes.items()) and 0 < len(labels) <= _MOST_LABELS
    )
    if not fits or not _buckets_fit(arrays) or not _numbers_fit(arrays):
        raise BrokenModel(BrokenModel.__doc__)


def _buckets_fit(arrays: Arrays) -> bool:
    for view in _VIEWS:
        buckets = arrays[view]
        if buckets.ndim != 1 or (len(buckets) and (buckets[0] < 0 or buckets[-1] >= _size_of(view))):
            return False
        if (np.diff(buckets) <= 0).any():
            return False
    places = arrays["places"]
    return bool(places.min() >= -1 and places.max() < len(arrays["weights"]))


def _numbers_fit(arrays: Arrays) -> bool:
    curve = arrays["curve"]
    if curve.ndim != 2 or curve.shape[0] != 2 or curve.shape[1] < 2 or (np.diff(curve) < 0).any():
        return False
    return all(
        np.isfinite(arrays[name]).all() for name in ("rarity", "centre", "weights", "curve", "thresholds")
    )
