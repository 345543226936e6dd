// The program, and its lines that matter.
import { h } from "./dom.js";

/** `choose(statement)` is called where a line is pressed. */
export function programView(lines, choose, heading) {
  const byStatement = new Map();
  const code = h("ol", { class: "code" }, lines.map((line) => {
    const notes = [];
    if (line.site) notes.push(h("span", { class: "note broke" }, "it broke here"));
    for (const task of line.tasks) notes.push(h("span", { class: "note stood" }, `${task} stood here`));
    if (!line.needed) notes.push(h("span", { class: "hidden" }, "it fails without this line too"));
    const text = line.statement === null ? h("span", { class: "text" }, line.text)
      : h("button", { type: "button", class: "text", onclick: () => choose(line.statement) }, line.text);
    const item = h("li", { class: line.statement === null ? "head" : line.needed ? "needed" : "spare" }, text, notes);
    if (line.statement !== null) byStatement.set(line.statement, [...(byStatement.get(line.statement) ?? []), item]);
    return item;
  }));
  let marked = [];
  const mark = (statement) => {
    for (const item of marked) item.classList.remove("marked");
    marked = byStatement.get(statement) ?? [];
    for (const item of marked) item.classList.add("marked");
  };
  const legend = lines.some((line) => !line.needed)
    ? "Leave out one line in bold, and the failure does not come; leave out one of the others, and it does."
    : "Leave out any one of its lines, and the failure does not come.";
  const element = h("section", { class: "program" }, h(heading, {}, "The program"), code, h("p", { class: "hint" }, legend));
  return { element, mark };
}
