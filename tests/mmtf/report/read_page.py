"""A page read back, and what is wrong with it."""

import re
from html.parser import HTMLParser

VOID = {"meta", "link", "img", "br", "hr", "input", "source"}
SCOPES = ("row", "col", "rowgroup")
# Attributes with which a page would fetch something.
FETCHING = ("src", "href", "poster", "action", "data", "srcset", "xlink:href")


class Page(HTMLParser):
    """Elements and text of a page; `faults` are what a reader or browser would mind.

    Args:
        text: of the page.
    """

    def __init__(self, text):
        super().__init__()
        self.elements, self.faults, self.text = [], [], ""
        self._open, self._ids, self._level = [], set(), 0
        self.feed(str(text))
        self.close()
        self.faults += [f"<{tag}> is not closed" for tag in self._open]
        for _, attributes in self.elements:
            self._check_references(attributes)

    def of(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def handle_starttag(self, tag, attributes):
        self._add(tag, dict(attributes))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self._add(tag, dict(attributes))

    def handle_endtag(self, tag):
        if not self._open or self._open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self._open[-1:]}")
        else:
            self._open.pop()

    def handle_data(self, data):
        if self._open[-1:] != ["style"]:
            self.text += data.replace("\N{NO-BREAK SPACE}", " ")

    def _add(self, tag, attributes):
        self.elements.append((tag, attributes))
        own = attributes.get("id")
        if own is not None and (own in self._ids or not re.fullmatch(r"[\w.-]+", own)):
            self.faults.append(f"id {own!r} is not its own")
        self._ids.add(own)
        if tag == "script" or any(name.startswith("on") for name in attributes):
            self.faults.append(f"<{tag}> runs a script")
        if tag == "th" and attributes.get("scope") not in SCOPES:
            self.faults.append("<th> has no scope")
        if tag == "img" and not attributes.get("alt"):
            self.faults.append("<img> has no alternative text")
        if tag in ("svg", "audio") and not attributes.get("aria-label"):
            self.faults.append(f"<{tag}> has no label")
        if tag in ("h1", "h2", "h3", "h4"):
            if int(tag[1]) > self._level + 1:
                self.faults.append(f"<{tag}> follows <h{self._level}>")
            self._level = int(tag[1])

    def _check_references(self, attributes):
        for name in FETCHING:
            value = attributes.get(name) or "#"
            if value.startswith("#"):
                if value != "#" and value[1:] not in self._ids:
                    self.faults.append(f"{name} {value!r} leads nowhere")
            elif not value.startswith("data:"):
                self.faults.append(f"{name} fetches {value!r}")
        for value in attributes.values():
            for name in re.findall(r"url\(#([^)]*)\)", value or ""):
                if name not in self._ids:
                    self.faults.append(f"url(#{name}) leads nowhere")
