"""Makes otklik/triage/data/meanings.npz, the small table of what words mean, from vectors that others trained.

    pip download natasha==1.6.0 navec==0.10.0 --no-deps -d WHEELS
    python bench/build_meanings.py WHEELS/natasha-1.6.0-py3-none-any.whl WHEELS/navec-0.10.0-py3-none-any.whl

Of 250 000 word forms (navec_news_v1, MIT, trained on a billion words of Russian news) the dictionary forms are
kept, of 300 dimensions the 48 along which they differ most, a byte each. The same wheels give the same table.
"""

import re
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from otklik.common.text import fold  # noqa: E402
from otklik.triage.nlp.words import lemmas_of  # noqa: E402

VECTORS = "natasha/data/emb/navec_news_v1_1B_250K_300d_100q.tar"
TABLE = PROJECT / "otklik/triage/data/meanings.npz"
DIMENSIONS = 48
WORD = re.compile(r"[а-яё]{2,40}(?:-[а-яё]{1,40})?")


def main(natasha: str, navec: str) -> None:
    sys.path.insert(0, navec)
    from navec import Navec

    with tempfile.TemporaryDirectory() as home:
        with zipfile.ZipFile(natasha) as wheel:
            wheel.extract(VECTORS, home)
        known = Navec.load(str(Path(home) / VECTORS))
    forms = {fold(word): word for word in known.vocab.words if WORD.fullmatch(word)}
    words = sorted(word for word in forms if lemmas_of(word)[0] == word)
    vectors = np.array([known[forms[word]] for word in words], dtype=np.float64)
    vectors -= vectors.mean(axis=0)
    _, axes = np.linalg.eigh(vectors.T @ vectors)
    axes = axes[:, ::-1][:, :DIMENSIONS]
    # An axis has no direction of its own: the largest share points up, so that the table comes out the same.
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(DIMENSIONS)])
    short = vectors @ axes
    scales = np.abs(short).max(axis=1) / 127
    np.savez_compressed(
        TABLE,
        words=np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        vectors=np.round(short / scales[:, None]).astype(np.int8),
        scales=scales.astype(np.float32),
    )
    print(f"{len(words)} words, {TABLE.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])
