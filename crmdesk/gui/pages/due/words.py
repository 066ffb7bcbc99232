"""What the views of the page of what is due are called, and what an empty one says."""

from __future__ import annotations

from crmdesk.gui.pages.due.reading import View

TITLES = {
    View.ALL: "Everything",
    View.OVERDUE: "Overdue",
    View.TODAY: "Today",
    View.TOMORROW: "Tomorrow",
    View.WEEK: "This week",
    View.LATER: "Later",
    View.CALLS: "Missed calls",
}
EMPTY = {
    View.ALL: ("Nothing is to be done.", "F on a customer notes what is, and so does a note."),
    View.OVERDUE: ("Nothing is overdue.", "What was not done by its time stands here."),
    View.TODAY: ("Nothing more today.", "What is due until midnight stands here."),
    View.TOMORROW: ("Nothing for tomorrow yet.", "What is due tomorrow stands here."),
    View.WEEK: ("Nothing more this week.", "What is due until Sunday night stands here."),
    View.LATER: ("Nothing later yet.", "What is due after this week stands here."),
    View.CALLS: (
        "Everybody was called back.",
        "Missed calls leave this list when anybody talks with the caller, on any number.",
    ),
}
