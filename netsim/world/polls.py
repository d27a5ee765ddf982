"""Polls and votes."""

from __future__ import annotations

from typing import Any

from netsim.world.media import Media
from netsim.world.records import Poll

FIRST_POLL = 444_000_111
FIRST_ANSWER = 333_000_222


class Polls(Media):
    """Questions with answers to choose from."""

    def create_poll(
        self, owner_id: int, *, question: str, answers: list[str], author_id: int, **about: Any
    ) -> Poll:
        """A new poll."""
        asked = Poll(
            owner_id=owner_id,
            id=self.following("poll-id", FIRST_POLL),
            question=question,
            created=self.now(),
            author_id=author_id,
            answers=[{"id": self.following("answer", FIRST_ANSWER), "text": text} for text in answers],
            **about,
        )
        self.add(asked)
        return asked

    def vote(self, asked: Poll, user_id: int, answer_ids: list[int]) -> bool:
        """A person votes; False when they have voted, the poll is over, or the answers do not fit."""
        known = {answer["id"] for answer in asked.answers}
        closed = bool(asked.end_date) and asked.end_date <= self.now()
        wrong = not answer_ids or not set(answer_ids) <= known or (len(answer_ids) > 1 and not asked.multiple)
        if closed or wrong or str(user_id) in asked.votes:
            return False
        asked.votes[str(user_id)] = answer_ids
        self.save(asked)
        # Votes of anonymous polls are invisible, in events as well.
        if not asked.anonymous and -asked.owner_id in self.communities:
            for answer_id in answer_ids:
                told = {
                    "owner_id": asked.owner_id,
                    "poll_id": asked.id,
                    "option_id": answer_id,
                    "user_id": user_id,
                }
                self.emit(-asked.owner_id, "poll_vote_new", told)
        self.changed("poll", -asked.owner_id, asked)
        return True
