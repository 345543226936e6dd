// A failure: what broke, the run, the nearest run that does not fail, the odds, and the program.
import { copyLine, counted, h, prose } from "./dom.js";
import { oddsView } from "./odds.js";
import { programView } from "./program.js";
import { RunView } from "./run.js";

function facts(failure) {
  const pairs = [
    ["Promised", failure.promised],
    ["Happened", failure.happened],
    ["Upstream", failure.upstream],
    ["Known", failure.known && `${failure.known.id}, ${failure.known.title}: ${failure.known.explanation}`],
  ];
  return h(
    "dl",
    { class: "facts" },
    pairs.filter(([, text]) => text).map(([name, text]) => [h("dt", {}, name), h("dd", {}, prose(text))]),
  );
}

function nearestView(failure, here, level) {
  const nearest = failure.nearest;
  const title = h(level, {}, "The nearest run that keeps the promise");
  if (!nearest)
    return h("section", { class: "nearest" }, title,
      h("p", {}, "There is none near this one: every policy and fix that was tried breaks it too."));
  const there = new RunView(nearest.story, "The nearest run that keeps the promise", nearest.there);
  const show = () => {
    here.select(nearest.here);
    there.select(nearest.there);
  };
  return h("section", { class: "nearest" }, title,
    h("p", {}, `The same program and schedule ${nearest.change}. `,
      `The first ${counted(nearest.shared, "row")} ${nearest.shared === 1 ? "is" : "are"} the same. `,
      h("button", { type: "button", onclick: show }, "Show where they part")),
    there.element);
}

/** `level` is the heading of its title: h1, or less on a page that has one. */
export function failureView(failure, level = 1) {
  const heading = `h${level}`;
  const below = `h${level + 1}`;
  const nearest = failure.nearest;
  const run = new RunView(failure.story, "The run that fails", nearest ? nearest.here : null);
  const program = programView(failure.program, (statement) => run.selectStatement(statement), below);
  run.onSelect = (row) => program.mark(row.statement);
  const order = failure.choices === 0 ? "in the ordinary order"
    : `${counted(failure.choices, "choice")} away from the ordinary order`;
  return h("article", { class: "failure" },
    h("header", {},
      h(heading, {}, h("code", {}, failure.contract), ` is broken at: ${failure.place}`),
      h("p", { class: "where" },
        `${failure.kernel} · iteration ${failure.iteration}, virtual time ${failure.time} · ${order}`),
      facts(failure),
      copyLine(failure.replay, "the replay line")),
    h("div", { class: "columns" },
      h("div", { class: "side" },
        program.element,
        oddsView(failure, (iteration) => run.selectIteration(iteration), below)),
      h("section", { class: "here" }, h(below, {}, "The run"), run.element),
      nearestView(failure, run, below)));
}
