// The odds over time, as a curve: from each iteration on, how many random continuations fail.
import { axisBottom, axisLeft } from "d3-axis";
import { scaleLinear } from "d3-scale";
import { create } from "d3-selection";
import { area, curveStepAfter, line } from "d3-shape";

import { h } from "./dom.js";

const WIDTH = 480;
const HEIGHT = 210;
const MARGIN = { top: 14, right: 16, bottom: 38, left: 44 };

function percent(failures, runs) {
  return `${Number(((100 * failures) / runs).toPrecision(3))} %`;
}

/** What the curve says, in words. */
function summary(failure) {
  const { runs, chances, certain_from: certain } = failure.odds;
  const first = chances[0].failures;
  const all = runs.toLocaleString("en");
  if (certain === 0) return `It comes whatever is left open: in each of ${all} random runs of this program.`;
  const begin = `Of ${all} random runs of this program, ${first.toLocaleString("en")} fail (${percent(first, runs)}).`;
  if (certain === null) return `${begin} It was never certain before it came, in iteration ${failure.iteration}.`;
  return `${begin} With its choices up to iteration ${certain}, all do: from there on it was inevitable. ` +
    `It shows in iteration ${failure.iteration}.`;
}

function chart(failure, choose) {
  const { runs, chances, certain_from: certain } = failure.odds;
  const end = Math.max(failure.iteration, 1);
  const points = [...chances.map((chance) => [chance.fixed, chance.failures / runs]),
    [end, chances.at(-1).failures / runs]];
  const x = scaleLinear([0, end], [MARGIN.left, WIDTH - MARGIN.right]);
  const y = scaleLinear([0, 1], [HEIGHT - MARGIN.bottom, MARGIN.top]);
  const svg = create("svg").attr("viewBox", [0, 0, WIDTH, HEIGHT]).attr("class", "odds").attr("aria-hidden", "true");
  const xTicks = x.ticks(8).filter(Number.isInteger);
  svg.append("g").attr("transform", `translate(0,${y(0)})`).attr("class", "axis")
    .call(axisBottom(x).tickValues(xTicks).tickFormat(String));
  svg.append("g").attr("transform", `translate(${MARGIN.left},0)`).attr("class", "axis")
    .call(axisLeft(y).ticks(4, "%").tickSize(-(WIDTH - MARGIN.left - MARGIN.right)));
  svg.append("text").attr("x", (MARGIN.left + WIDTH - MARGIN.right) / 2).attr("y", HEIGHT - 4).attr("class", "label")
    .attr("text-anchor", "middle").text("choices fixed up to iteration");
  const steps = { x: (point) => x(point[0]), y: (point) => y(point[1]) };
  svg.append("path").attr("class", "area")
    .attr("d", area().x(steps.x).y0(y(0)).y1(steps.y).curve(curveStepAfter)(points));
  svg.append("path").attr("class", "line").attr("d", line().x(steps.x).y(steps.y).curve(curveStepAfter)(points));
  if (certain !== null && certain > 0)
    svg.append("line").attr("class", "certain").attr("x1", x(certain)).attr("x2", x(certain))
      .attr("y1", y(0)).attr("y2", y(1));
  svg.append("circle").attr("class", "broke").attr("cx", x(end)).attr("cy", steps.y(points.at(-1))).attr("r", 5);
  svg.on("click", (event) => {
    const box = svg.node().getBoundingClientRect();
    const at = x.invert(((event.clientX - box.left) * WIDTH) / box.width);
    choose(Math.max(1, Math.round(at)));
  });
  return svg.node();
}

function table(failure) {
  const { runs, chances } = failure.odds;
  return h("details", {}, h("summary", {}, "The numbers"),
    h("table", { class: "numbers" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "choices fixed up to"), h("th", { scope: "col" }, "fail"),
        h("th", { scope: "col" }, "of"))),
      h("tbody", {}, chances.map((chance) => h("tr", {},
        h("th", { scope: "row" }, chance.fixed === 0 ? "none" : `iteration ${chance.fixed}`),
        h("td", {}, chance.failures), h("td", {}, runs))))));
}

/** `choose(iteration)` is called where the curve is pressed. */
export function oddsView(failure, choose, heading) {
  const isFlat = failure.odds.certain_from === 0;
  return h("section", { class: "odds-section" }, h(heading, {}, "The odds over time"), h("p", {}, summary(failure)),
    isFlat ? null : [h("figure", {}, chart(failure, choose)), table(failure)]);
}
