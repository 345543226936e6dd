// The matrix: which kernel keeps which promise; a cell opens its counterexample.
import { counted, h } from "./dom.js";
import { failureView } from "./failure.js";

const WORDS = { holds: "holds", known: "known", broken: "broken", "not applicable": "not applicable" };

function cell(cell) {
  if (typeof cell.failure !== "number")
    return h("td", { class: cell.standing.replace(" ", "-") }, WORDS[cell.standing]);
  const label = `${WORDS[cell.standing]}${cell.known ? ` finding ${cell.known}` : ""}, by ${counted(cell.statements, "statement")}, at: ${cell.place}`;
  return h("td", { class: cell.standing },
    h("a", { href: `#failure-${cell.failure}`, "aria-label": label, title: label },
      cell.known ?? WORDS[cell.standing]));
}

export function verdictView(model) {
  const shown = h("section", { class: "counterexample", "aria-label": "The counterexample", tabindex: -1 });
  const open = () => {
    const match = /^#failure-(\d+)$/.exec(location.hash);
    const failure = match ? model.failures[Number(match[1])] : undefined;
    shown.replaceChildren();
    for (const each of matrix.querySelectorAll("a[aria-current]")) each.removeAttribute("aria-current");
    if (failure === undefined) return;
    for (const each of matrix.querySelectorAll(`a[href="${location.hash}"]`)) each.setAttribute("aria-current", "true");
    shown.append(h("p", {}, h("a", { href: "#matrix" }, "Back to the matrix")), failureView(failure, 2));
    shown.focus({ preventScroll: true });
    shown.scrollIntoView();
  };
  const matrix = h("table", { class: "matrix", id: "matrix" },
    h("caption", {}, "What does not hold opens the smallest case that shows it; F1 and the like are known findings."),
    h("thead", {}, h("tr", {}, h("td"), model.rows.map((row) => h("th", { scope: "col" }, h("span", {}, row.kernel))))),
    h("tbody", {}, model.contracts.map((contract, i) => h("tr", {},
      h("th", { scope: "row" }, h("code", {}, contract)), model.rows.map((row) => cell(row.cells[i]))))));
  addEventListener("hashchange", open);
  queueMicrotask(open);
  return h("article", { class: "verdict" }, h("header", {}, h("h1", {}, "Which kernel keeps which promise"),
    h("p", { class: "where" }, `${counted(model.schedules, "schedule")} of ${counted(model.rows.length, "kernel")}`)),
  h("div", { class: "scroll" }, matrix), shown);
}
