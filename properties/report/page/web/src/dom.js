// Elements, by hand. Text goes in as text: nothing of a model is ever read as HTML.

/** An element with attributes, listeners (`on...`), and children: elements, or text. Null children are left out. */
export function h(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

/** `1 row`, `2 rows`. */
export function counted(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** A line to copy, with the button that does. */
export function copyLine(text, what) {
  const said = h("span", { class: "said", role: "status" });
  const code = h("code", { tabindex: 0 }, text);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = "copied";
    } catch {
      // No right to the clipboard: what is selected can be copied by hand.
      getSelection().selectAllChildren(code);
      said.textContent = "selected: press Ctrl+C";
    }
  };
  return h("div", { class: "copy" }, code, h("button", { type: "button", onclick: copy }, `Copy ${what}`), said);
}

/** Text in which what stands between backquotes is code. */
export function prose(text) {
  const parts = text.split("`");
  if (parts.length % 2 === 0) return [text];
  return parts.map((part, i) => (i % 2 === 0 ? part : h("code", {}, part)));
}
