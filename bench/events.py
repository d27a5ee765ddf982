"""Callbacks as VK sends them, with texts of the demonstration's residents."""

import json
import random
from itertools import islice

from bench.stage import SECRET, as_request
from demo.messages.generator import resident_messages


def comment_callbacks(count: int, *, pages: int, first_id: int = 1, seed: int = 1) -> list[bytes]:
    """Requests with `count` different comments spread over `pages` pages."""
    rng = random.Random(seed)
    texts = [each.text for each in islice(resident_messages(seed), count)]
    return [_comment(first_id + n, 1_000_001 + rng.randrange(pages), texts[n], rng) for n in range(count)]


def _comment(number: int, group_id: int, text: str, rng: random.Random) -> bytes:
    event = {
        "group_id": group_id,
        "type": "wall_reply_new",
        "event_id": f"{number:040x}",
        "v": "5.199",
        "object": {
            "id": number,
            "from_id": 100_000 + rng.randrange(5000),
            "date": 1_795_260_000 + number % 100_000,
            "text": text,
            "post_id": 1 + rng.randrange(20),
            "owner_id": -group_id,
            "parents_stack": [],
            "post_owner_id": -group_id,
        },
        "secret": SECRET,
    }
    return as_request(f"/hooks/vk/{group_id}", json.dumps(event, ensure_ascii=False).encode())
