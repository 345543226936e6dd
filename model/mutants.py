"""Makes the mutants of a C++ file, all in one text: each a branch that `mutant(N)` takes.

The file is read token by token, no further than the mutations need: blocks, statements, conditions, operands. It rests on
how clang-format writes: a binary operator has white space on both sides, an angle bracket has not. Left alone are
declarations, initialisers in braces, shift counts, and functions that are constexpr.
"""
import re
from dataclasses import dataclass

TOKEN = re.compile(r"""
    (?P<space>\s+|^[ ]*\#[^\n]*)
  | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
  | (?P<number>\d[\w.']*)
  | (?P<word>[A-Za-z_]\w*(?:::[A-Za-z_~]\w*)*)
  | (?P<sign><<=|>>=|->\*|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|::|\[\[|\]\]|.)
""", re.VERBOSE | re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)

OTHER_SIGNS = {
    "&&": ["||"], "||": ["&&"], "==": ["!="], "!=": ["=="], "<": ["<=", ">="], ">": [">=", "<="], "<=": ["<", ">"],
    ">=": [">", "<"], "+": ["-"], "-": ["+"], "*": ["+"], "%": ["+"], "|": ["&"], "&": ["|"], "+=": ["-="],
    "-=": ["+="], "|=": ["&="],
}
COMPARISONS = {"==", "!=", "<", ">", "<=", ">="}
DECLARATION = re.compile(r"(const|auto|using|static|thread_local|constexpr|enum|struct)\b"
                         r"|(?!return\b|delete\b|throw\b|goto\b)[\w:]+(<[^;=]*?>)?[*&]*\s+[*&]*\w+(\[[^]]*\])?\s*(=(?!=)|;|\{|\()")
# To a name, of a name or a constant: two of these, to different names, may come in any order.
PLAIN_ASSIGNMENT = re.compile(r"([\w.]+(?:->[\w.]+)*) = (&?[\w.:]+(?:->[\w.]+)*);$")
LONGEST_MOVED = 5  # lines of a statement that is put before its neighbour


@dataclass
class Mutant:
    number: int
    file: str
    line: int
    name: str  # says it in full: the same again if nothing near it has changed


@dataclass
class Token:
    kind: str
    text: str
    begin: int
    end: int


@dataclass
class Statement:
    raw: str
    text: str  # with its mutants
    begin: int
    kind: str  # of what it begins with: expression, declaration, control, jump, label


def independent(first, second):
    one, other = PLAIN_ASSIGNMENT.match(first), PLAIN_ASSIGNMENT.match(second)
    return bool(one and other) and other[1] not in (one[1], one[2]) and one[1] != other[2]


def one_line(text):
    return re.sub(r"\s*\n\s*", " ", text.strip())


class File:
    """One file, and its mutants, numbered from `first` on. Those whose names are in `dropped` have no branch."""

    def __init__(self, name, text, first, dropped=frozenset()):
        self.name = name
        self.source = COMMENT.sub(lambda match: match[1] or re.sub(r"[^\n]", " ", match[0]), text)
        self.tokens = [Token(match.lastgroup, match[0], *match.span()) for match in TOKEN.finditer(self.source)
                       if match.lastgroup != "space"]
        self.first = first
        self.dropped = dropped
        self.mutants = []
        self.names = {}
        self.function = ""
        self.text = self.rewrite()

    # What a mutant is called, and what calls it

    def new(self, begin, what):
        """The condition of a new mutant, or None where it has no branch."""
        name = f"{self.name} {self.function}: {one_line(what)}"
        self.names[name] = self.names.get(name, 0) + 1
        if self.names[name] > 1:
            name += f" (no. {self.names[name]})"
        mutant = Mutant(self.first + len(self.mutants), self.name, self.source.count("\n", 0, begin) + 1, name)
        self.mutants.append(mutant)
        return None if name in self.dropped else f"::cancelsim::mutant({mutant.number})"

    # Reading

    def raw(self, begin, end):
        return self.source[self.tokens[begin].begin : self.tokens[end - 1].end] if begin < end else ""

    def is_sign(self, at, text):
        return at < len(self.tokens) and self.tokens[at].text == text

    def closing(self, at):
        """The token that closes the bracket at `at`."""
        pairs = {"(": ")", "[": "]", "{": "}", "[[": "]]"}
        depth = [pairs[self.tokens[at].text]]
        while depth:
            at += 1
            text = self.tokens[at].text
            if text == "]]" and depth[-1] == "]":  # two that close, not the end of an attribute
                depth.pop()
                depth.pop()
            elif text == depth[-1]:
                depth.pop()
            elif text in pairs:
                depth.append(pairs[text])
        return at

    def is_binary(self, at):
        token = self.tokens[at]
        return self.source[token.begin - 1].isspace() and self.source[token.end].isspace()

    def opens_lambda(self, at):
        """Whether the brace at `at` begins a body, not an initialiser."""
        before = at - 1
        if self.tokens[before].text in ("*", "&") and self.tokens[before - 1].kind == "word":  # -> T*
            before -= 1
        if self.tokens[before].kind == "word" and self.is_sign(before - 1, "->"):
            before -= 2
        if self.tokens[before].text != "]":
            return self.tokens[before].text == ")"
        while self.tokens[before].text != "[":
            before -= 1
        return self.tokens[before - 1].kind != "word"  # else an array

    # Writing

    def rewrite(self):
        """The whole file. Outside of functions everything stays as it is."""
        out = []
        at = header = done = 0
        while at < len(self.tokens):
            text = self.tokens[at].text
            if text in (";", "}"):
                header = at + 1
            elif text == "{":
                words = [token.text for token in self.tokens[header:at]]
                if "(" in words and words[0] not in ("constexpr", "static_assert") and "constexpr" not in words:
                    name = self.tokens[header + words.index("(") - 1].text
                    self.function = name if self.tokens[header].text != "explicit" or name != "bool" else "operator bool"
                    end = self.closing(at)
                    out.append(self.source[done : self.tokens[at].begin])
                    out.append(self.block(at))
                    done = self.tokens[end].end
                    at = end
                elif "(" in words or "=" in words:
                    at = self.closing(at)
                header = at + 1
            at += 1
        return "".join(out) + self.source[done:]

    def block(self, at):
        """The statements between the braces that open at `at`."""
        end = self.closing(at)
        statements = []
        at += 1
        while at < end:
            statement, at = self.statement(at)
            statements.append(statement)
        for first, second in zip(statements, statements[1:]):
            self.swap(first, second)
        return "{\n" + "\n".join(statement.text for statement in statements) + "\n}"

    def swap(self, first, second):
        if first.kind in ("jump", "label") or second.kind not in ("expression", "control"):
            return
        if second.raw.count("\n") >= LONGEST_MOVED or independent(first.raw, second.raw):
            return
        condition = self.new(first.begin, f"first {second.raw} and then {first.raw.splitlines()[0]}")
        if condition:
            first.text = f"if ({condition}) {{ {one_line(second.raw)} }}\n{first.text}"
            second.text = f"if (!{condition}) {{ {second.text} }}"

    def statement(self, at, of_if=False):
        """The statement that begins at `at`, and the token after it."""
        text = self.tokens[at].text
        begin = at
        if text == "{":
            end = self.closing(at) + 1
            return self.made(begin, end, self.block(at), "control"), end
        if text in ("case", "default"):
            while not self.is_sign(at, ":"):
                at += 1
            return self.made(begin, at + 1, self.raw(begin, at + 1), "label"), at + 1
        if text in ("if", "while", "for", "switch"):
            return self.control(at)
        return self.simple(at, of_if)

    def made(self, begin, end, text, kind):
        return Statement(self.raw(begin, end), text, self.tokens[begin].begin, kind)

    def control(self, at):
        begin = at
        keyword = self.tokens[at].text
        at += 1
        if self.is_sign(at, "constexpr"):
            keyword += " constexpr"
            at += 1
        end = self.closing(at)
        head = self.head(keyword, at + 1, end)
        at = end + 1
        if self.is_sign(at, "[["):
            at = self.closing(at) + 1
        body, at = self.statement(at, keyword == "if")
        text = f"{keyword} ({head}) {{ {body.text} }}" if keyword != "switch" else f"switch ({head}) {body.text}"
        if self.is_sign(at, "else"):
            other, at = self.statement(at + 1, True)
            text += f" else {{ {other.text} }}"
        return self.made(begin, at, text, "control"), at

    def head(self, keyword, begin, end):
        """What stands in the parentheses of an `if` or a loop."""
        parts = [begin]
        at = begin
        while at < end:
            if self.tokens[at].text in ("(", "{", "["):
                at = self.closing(at)
            elif self.tokens[at].text == ";":
                parts.append(at + 1)
            at += 1
        if keyword not in ("if", "while", "for") or keyword == "for" and len(parts) == 1:
            return self.raw(begin, end)
        if keyword == "for":
            condition = self.condition(parts[1], parts[2] - 1)
            return f"{self.raw(begin, parts[1])} {condition}; {self.raw(parts[2], end)}"
        if DECLARATION.match(self.raw(parts[-1], end)):
            return self.raw(begin, end)
        return f"{self.raw(begin, parts[-1])} {self.condition(parts[-1], end)}"

    def condition(self, begin, end):
        if begin == end:
            return ""
        return self.chosen(begin, end, self.alternatives(begin, end, True), "bool")

    def chosen(self, begin, end, alternatives, convert=""):
        """An expression as one of its alternatives."""
        text = f"{convert}({self.raw(begin, end)})"
        for other in alternatives:
            if condition := self.new(self.tokens[begin].begin, f"{self.raw(begin, end)} => {other}"):
                text = f"{condition} ? {convert}({one_line(other)}) :\n{text}"
        return f"({text})" if alternatives else self.raw(begin, end)

    def simple(self, begin, of_if):
        """A statement up to its semicolon."""
        at = begin
        lambdas = []
        while not self.is_sign(at, ";"):
            if self.is_sign(at, "{") and self.opens_lambda(at):
                lambdas.append(at)
            at = self.closing(at) if self.tokens[at].text == "{" else at + 1
        end = at + 1
        raw = self.raw(begin, end)
        first = self.tokens[begin].text
        jump = first in ("return", "break", "continue")
        if DECLARATION.match(raw):
            return self.declaration(begin, end, lambdas), end
        text = self.with_lambdas(begin, end, lambdas) if lambdas else raw
        branches = ""
        if not jump or of_if:
            if condition := self.new(self.tokens[begin].begin, f"without {raw}"):
                branches += f"if ({condition}) {{}} else\n"
        if not lambdas and first not in ("break", "continue"):
            skipped = begin + 1 if first == "return" else begin
            prefix = "return " if first == "return" else ""
            for other in self.alternatives(skipped, end - 1, first == "return"):
                if condition := self.new(self.tokens[begin].begin, f"{raw} => {prefix}{other};"):
                    branches += f"if ({condition}) {{ {prefix}{one_line(other)}; }} else\n"
        return self.made(begin, end, f"{{ {branches}{{ {text} }} }}", "jump" if jump else "expression"), end

    def declaration(self, begin, end, lambdas):
        if lambdas:
            return self.made(begin, end, self.with_lambdas(begin, end, lambdas), "declaration")
        for at in range(begin, end):
            if self.is_sign(at, "=") and not self.is_sign(at + 1, "{"):
                text = self.chosen(at + 1, end - 1, self.alternatives(at + 1, end - 1, False))
                return self.made(begin, end, f"{self.raw(begin, at + 1)} {text};", "declaration")
        return self.made(begin, end, self.raw(begin, end), "declaration")

    def with_lambdas(self, begin, end, lambdas):
        text = ""
        for brace in lambdas:
            text += self.source[self.tokens[begin].begin : self.tokens[brace].begin] + self.block(brace)
            begin = self.closing(brace) + 1
        return text + self.source[self.tokens[begin].begin : self.tokens[end - 1].end]

    # Mutations of an expression

    def alternatives(self, begin, end, is_boolean):
        """What could stand in place of the expression, in full, each once."""
        edits = [edit for at in range(begin, end) for edit in self.of_token(at)]
        for first, last in self.boolean_operands(begin, end, is_boolean):
            negated = self.raw(first, last)
            if negated in ("true", "false"):
                continue
            negated = negated[1:] if negated.startswith("!") else f"!({negated})"
            edits.append((self.tokens[first].begin, self.tokens[last - 1].end, negated))
        start, stop = self.tokens[begin].begin, self.tokens[end - 1].end
        others = [self.source[start:a] + text + self.source[b:stop] for a, b, text in edits]
        return list(dict.fromkeys(others))

    def of_token(self, at):
        token = self.tokens[at]
        others = []
        if token.text in OTHER_SIGNS and self.is_binary(at):
            others = OTHER_SIGNS[token.text]
        elif token.text in ("++", "--"):
            others = ["--" if token.text == "++" else "++"]
        elif token.text in ("true", "false"):
            others = ["false" if token.text == "true" else "true"]
        elif token.kind == "number" and self.tokens[at - 1].text not in ("<<", ">>"):
            match = re.fullmatch(r"(\d+)([uU]?)", token.text)
            if match:
                others = [f"{other}{match[2]}" for other in (int(match[1]) + 1, int(match[1]) - 1) if other >= 0]
        return [(token.begin, token.end, other) for other in others]

    def boolean_operands(self, begin, end, is_boolean):
        """What of the expression is true or false by itself, but for comparisons."""
        def close(span, follow):
            first, boolean, joins, compares, last = *span, follow
            if not (boolean or joins or self.is_sign(last, "?") or self.is_sign(first, "!")):
                return
            cuts = [first - 1, *joins, last]
            for a, b in zip(cuts, cuts[1:]):
                if a + 1 < b and not any(a < at < b for at in compares) and not self.is_group(a + 1, b):
                    yield a + 1, b

        stack = [(begin, is_boolean, [], [])]
        for at in range(begin, end):
            text = self.tokens[at].text
            if text in ("(", "[", "{"):
                stack.append((at + 1, False, [], []))
            elif text in (")", "]", "}"):
                yield from close(stack.pop(), at)
            elif text in (",", "=", "?", ":", ";"):
                span = stack.pop()
                yield from close(span, at)
                stack.append((at + 1, text == "=" and not stack or text in "?:" and span[1], [], []))
            elif text in ("&&", "||") and self.is_binary(at):
                stack[-1][2].append(at)
            elif text in COMPARISONS and self.is_binary(at):
                stack[-1][3].append(at)
        yield from close(stack.pop(), end)

    def is_group(self, begin, end):
        """Whether it is all in parentheses: then what is in them counts."""
        return self.is_sign(begin, "(") and self.closing(begin) == end - 1
