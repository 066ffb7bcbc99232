"""Questions that customers are asked. Their answers are rows of `survey_answer`."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, false, true

from crmdesk.store.columns import Key, row_columns
from crmdesk.store.tables.schema import metadata, text_column

# scale: csat (1 to 5), nps (0 to 10) or none (no figure).
survey = Table(
    "survey",
    metadata,
    *row_columns(),
    Column("name", Text, nullable=False),
    Column("scale", Text, nullable=False),
    text_column("intro"),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("asks_after_calls", Boolean, nullable=False, server_default=false()),
    Column("is_active", Boolean, nullable=False, server_default=true()),
)

# kind: score, choice, yes_no or text; choices: a JSON array of texts.
survey_question = Table(
    "survey_question",
    metadata,
    *row_columns(),
    Column("survey_id", Key, nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("choices", Text, nullable=False, server_default="[]"),
    Column("is_required", Boolean, nullable=False, server_default=false()),
    Index("ix_survey_question_survey", "survey_id", "position"),
)

# One question's answer beside the figure of the whole; question: its words when it was asked.
survey_reply = Table(
    "survey_reply",
    metadata,
    *row_columns(),
    Column("answer_id", Key, nullable=False),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("question_id", Key),
    text_column("question"),
    text_column("text"),
    Column("score", Integer),
    Index("ix_survey_reply_answer", "answer_id"),
)
