"""Templates of messages: what they may hold, and their text for one customer.

A template is written by colleagues and shared by all desks, so it is foreign text: it is parsed
by Jinja and refused unless it consists of text, placeholders, a few filters and "if". Without
loops, calls and attributes of objects, it ends, and reaches no file and nothing of the program.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from jinja2 import Template, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from crmdesk.desk.outreach.placeholders import KNOWN, Values, samples
from crmdesk.domain.errors import UserFacingError
from crmdesk.domain.text import multi_line, sanitise_external

LONGEST_TEMPLATE = 50_000
LONGEST_SUBJECT = 200
LONGEST_TEXT = 100_000

FILTERS = ("upper", "lower", "title", "trim", "default")
"""What may stand behind "|"."""

_PLAIN = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
)
_MOST_NODES, _DEEPEST = 2_000, 12
"""A mail of pages has tens of placeholders, one or two deep."""


class UnusableTemplateError(UserFacingError):
    """A template that cannot be used.

    Args:
        what: What is wrong.
        line: Where, from 1; None where it is about the whole.
    """

    def __init__(self, what: str, line: int | None = None) -> None:
        place = f"Line {line}: " if line else ""
        super().__init__(
            f"{place}{what}",
            "The template was not used, and nothing was sent.",
            "Correct it; what may be used stands beside the text.",
        )
        self.line = line


@lru_cache(1)
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        autoescape=False,  # plain text mails
        keep_trailing_newline=True,
        cache_size=0,
        optimized=False,  # its work grows faster than the template
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    environment.tests.clear()
    return environment


def check(template: str) -> None:
    """Raises `UnusableTemplateError` where a text is no template that may be used."""
    render(template, samples())


def subject_of(template: str, values: Values) -> str:
    """The subject for one customer: one line, as long as mail programs show it."""
    return sanitise_external(render(template, values), LONGEST_SUBJECT)


def body_of(template: str, values: Values) -> str:
    """The text for one customer, plain, of several lines."""
    return multi_line(render(template, values), LONGEST_TEXT)


def render(template: str, values: Values) -> str:
    """The text with all placeholders filled in.

    Raises:
        UnusableTemplateError: It is no template, or uses what it may not.
    """
    compiled = _compiled(template)
    try:
        text = compiled.render(dict(values))
    except Exception as error:
        raise UnusableTemplateError("The template cannot be filled in.") from error
    if len(text) > LONGEST_TEXT:
        raise UnusableTemplateError("The text becomes too long.")
    return text


@lru_cache(32)
def _compiled(template: str) -> Template:
    """A template that is shown while it is typed is read once for each letter."""
    return _environment().from_string(_parse(template))


def _parse(template: str) -> nodes.Template:
    if len(template) > LONGEST_TEMPLATE:
        raise UnusableTemplateError(f"A template has at most {LONGEST_TEMPLATE:,} characters.")
    try:
        parsed = _environment().parse(template)
        for number, (node, depth) in enumerate(_all(parsed)):
            if number > _MOST_NODES:
                raise UnusableTemplateError("The template has too many parts.")
            if depth > _DEEPEST:
                raise UnusableTemplateError("The template is nested too deep.", node.lineno)
            _allow(node)
    except TemplateSyntaxError as error:
        raise UnusableTemplateError(_syntax_words(error), error.lineno) from None
    except ValueError:  # a number of thousands of digits
        raise UnusableTemplateError("Only texts can be used here.") from None
    except RecursionError:
        raise UnusableTemplateError("The template is nested too deep.") from None
    return parsed


def _all(root: nodes.Node) -> Iterator[tuple[nodes.Node, int]]:
    """All nodes with their depth, but the inner ones of placeholders, which are checked whole."""
    waiting = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        if not isinstance(node, nodes.Getattr):
            inner = [(child, depth + 1) for child in node.iter_child_nodes()]
            waiting.extend(reversed(inner))


def _allow(node: nodes.Node) -> None:
    if isinstance(node, (nodes.Name, nodes.Getattr)):
        name = _dotted(node)
        if name not in KNOWN:
            raise UnusableTemplateError(
                f"There is no placeholder {name or 'like this'}.", node.lineno
            )
    elif isinstance(node, nodes.Filter):
        if node.name not in FILTERS or node.kwargs or node.dyn_args or node.dyn_kwargs:
            raise UnusableTemplateError(f"The filter {node.name} cannot be used.", node.lineno)
    elif isinstance(node, nodes.Const):
        if not isinstance(node.value, (str, bool)):
            raise UnusableTemplateError("Only texts can be used here.", node.lineno)
    elif not isinstance(node, _PLAIN):
        raise UnusableTemplateError(_what_is(node), node.lineno)


def _dotted(node: nodes.Node) -> str:
    """Names and their attributes as they were written; "" for anything else."""
    if isinstance(node, nodes.Name):
        return str(node.name) if node.ctx == "load" else ""
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return f"{node.node.name}.{node.attr}"
    return ""


def _what_is(node: nodes.Node) -> str:
    if isinstance(node, (nodes.For, nodes.Call)):
        return "Loops and calls cannot be used in a template."
    if isinstance(node, (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
        return "A template cannot read other files."
    return "Only text, placeholders and if ... else ... endif can be used in a template."


def _syntax_words(error: TemplateSyntaxError) -> str:
    return f"The template cannot be read: {sanitise_external(error.message or '', 120)}."
