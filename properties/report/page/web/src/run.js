// A run: its rows as a table, and beside them a drawing of its tasks as lanes, scopes as bands around them, cancels and
// deliveries as arrows.
import { select } from "d3-selection";

import { counted, h, prose } from "./dom.js";

const HUES = 8;  // as many as page.css has

// In pixels: from a band to the one inside; what is left to a lane inside all bands; between lanes.
const WIDE = { step: 5, core: 16, gap: 4 };
const NARROW = { step: 3, core: 9, gap: 2 };
const isNarrow = matchMedia("(max-width: 40rem)");

let runs = 0; // for the names of arrowheads

/** Where a scope stands at a row. */
function stateAt(scope, row) {
  let state = scope.states[0];
  for (const each of scope.states) if (each.row <= row) state = each;
  return state;
}

function stateWords(scope, state) {
  const words = [scope.name];
  if (state.shield) words.push("shielded");
  if (state.deadline !== null) words.push(`deadline ${state.deadline}`);
  if (state.cancelled) words.push("cancelled");
  if (state.left) words.push("left");
  return words.length === 1 ? words[0] : `${words[0]} (${words.slice(1).join(", ")})`;
}

export class RunView {
  /** `parting` is the row in which it parts from another run, or null. */
  constructor(story, title, parting) {
    this.story = story;
    this.parting = parting;
    this.number = ++runs;
    this.onSelect = () => {};
    this.selected = null;
    this.body = h("tbody", { onkeydown: (event) => this.key(event) });
    this.items = new Map(); // the table's rows by the story's
    this.fill();
    this.details = h("p", { class: "details", role: "status" }, "Choose a row to see which scopes are around whom.");
    this.graphHead = h("th", { scope: "col", class: "graph" }, h("span", { class: "hidden" }, "lanes"),
      this.names = h("div", { class: "names" }));
    this.table = h("table", { role: "grid", "aria-label": `${title}, row by row`, "aria-readonly": "true" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, h("abbr", { title: "iteration" }, "iter.")),
        h("th", { scope: "col" }, "time"), this.graphHead, h("th", { scope: "col" }, "what happened"))),
      this.body);
    this.drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    this.drawing.setAttribute("aria-hidden", "true");
    this.drawing.setAttribute("class", "lanes");
    const sheet = h("div", { class: "sheet" }, this.table);
    sheet.append(this.drawing);
    this.element = h("div", { class: "run" }, h("div", { class: "scroll" }, sheet), this.legend(), this.details);
    this.layOut();
    isNarrow.addEventListener("change", () => {
      this.layOut();
      this.draw();
    });
    new ResizeObserver(() => this.draw()).observe(this.body);
  }

  // Places.

  layOut() {
    this.sizes = isNarrow.matches ? NARROW : WIDE;
    const { step, core, gap } = this.sizes;
    const deepest = this.story.lanes.map(() => -1);
    for (const band of this.story.bands) deepest[band.lane] = Math.max(deepest[band.lane], band.depth);
    let x = 2;
    this.lanes = this.story.lanes.map((lane, i) => {
      const width = core + 2 * step * (deepest[i] + 1) + 2;
      const place = { left: x, width, middle: x + width / 2 };
      x += width + gap;
      return place;
    });
    this.width = x + 4;
    this.table.style.setProperty("--lanes", `${this.width}px`);
    this.names.replaceChildren(...this.story.lanes.map((lane, i) =>
      h("span", { style: `left:${this.lanes[i].middle}px` }, lane.name)));
  }

  legend() {
    const scopes = this.story.scopes.map((scope, i) =>
      h("li", {}, h("span", { class: `swatch hue${i % HUES}` }), scope.name));
    const kinds = new Set(this.story.arrows.map((arrow) => arrow.kind));
    const words = { cancel: "a scope is cancelled", delivery: "a cancellation is delivered", native: "asyncio's own cancel()" };
    const arrows = [...kinds].map((kind) => h("li", {}, h("span", { class: `arrow ${kind}` }, "→"), words[kind]));
    if (this.story.arrows.some((arrow) => arrow.to_done))
      arrows.push(h("li", {}, h("span", { class: "arrow delivery" }, "✕"), "to a task that is done"));
    const states = this.story.scopes.flatMap((scope) => scope.states);
    if (states.some((state) => state.shield)) arrows.push(h("li", {}, h("span", { class: "swatch shielded" }), "shielded"));
    if (states.some((state) => state.cancelled))
      arrows.push(h("li", {}, h("span", { class: "swatch cancelled" }), "cancelled"));
    return h("ul", { class: "legend", "aria-label": "Legend" }, scopes, arrows);
  }

  // The table.

  fill() {
    let before = null;
    for (const fold of this.story.folds) {
      for (let i = fold.begin; i < fold.end; ++i) {
        this.body.append(this.row(i, before));
        before = this.story.rows[i];
      }
      if (fold.times > 1) this.body.append(this.foldRow(fold));
    }
    this.body.firstElementChild?.setAttribute("tabindex", "0");
  }

  row(index, before) {
    const row = this.story.rows[index];
    const landmark = row.kind === "broken" || row.kind === "end";
    const who = landmark ? null : h("span", { class: `who lane${row.lane === 0 ? "0" : ""}` }, this.story.lanes[row.lane].name);
    const text = `${row.kind === "enter" ? "enters " : ""}${row.text}`;
    const sameIteration = before !== null && before.iteration === row.iteration;
    const classes = [row.kind, sameIteration ? "same" : "new"];
    if (before !== null && before.time !== row.time) classes.push("later");
    if (index === this.parting) classes.push("parting");
    const item = h("tr", { class: classes.join(" "), tabindex: -1, "aria-selected": "false", "data-row": index,
      onclick: () => this.select(index, false) },
    h("td", { class: "number" }, row.iteration), h("td", { class: "number" }, row.time),
    h("td", { class: "graph" }),
    h("td", { class: "what" }, index === this.parting ? h("span", { class: "parts" }, "they part here") : null, who, " ", prose(text)));
    this.items.set(index, item);
    return item;
  }

  foldRow(fold) {
    const length = fold.end - fold.begin;
    const rest = fold.times - 1;
    const first = this.story.rows[fold.begin];
    const time = fold.last_time === first.time ? `time standing at ${first.time}` : `time ${fold.last_time}`;
    const what = length === 1 ? "The same" : `These ${length} rows`;
    const button = h("button", { type: "button", "aria-expanded": "false" },
      `${what} ${counted(rest, "more time")}, until iteration ${fold.last_iteration}, ${time}`);
    const item = h("tr", { class: "fold" }, h("td"), h("td"),
      h("td", { class: "graph" }), h("td", { class: "what" }, button));
    const unfolded = [];
    const toggle = () => {
      const open = button.getAttribute("aria-expanded") === "false";
      button.setAttribute("aria-expanded", String(open));
      if (open) {
        for (let i = fold.end; i < fold.begin + length * fold.times; ++i)
          unfolded.push(this.row(i, this.story.rows[i - 1]));
        item.after(...unfolded);
      } else {
        for (const each of unfolded.splice(0)) {
          this.items.delete(Number(each.dataset.row));
          each.remove();
        }
      }
      this.draw();
    };
    button.addEventListener("click", toggle);
    this.folds ??= [];
    this.folds.push({ from: fold.end, to: fold.begin + length * fold.times, item, button, toggle });
    return item;
  }

  // Choosing.

  key(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
    const row = event.target.closest("tr");
    if (!(event.key in moves) || event.target !== row) return;
    event.preventDefault();
    const shown = [...this.body.children].filter((each) => each.dataset.row !== undefined);
    const at = shown.indexOf(row) + moves[event.key];
    this.select(Number(shown[Math.min(Math.max(at, 0), shown.length - 1)].dataset.row));
  }

  /** The row as one sees it: unfolded where need be. */
  select(index, scroll = true) {
    const row = this.story.rows[index];
    if (row === undefined) return;
    if (!this.items.has(index)) this.folds?.find((fold) => index >= fold.from && index < fold.to)?.toggle();
    const item = this.items.get(index);
    for (const each of this.body.querySelectorAll("[aria-selected=true]")) each.setAttribute("aria-selected", "false");
    for (const each of this.body.querySelectorAll("[tabindex='0']")) each.setAttribute("tabindex", "-1");
    item.setAttribute("aria-selected", "true");
    item.setAttribute("tabindex", "0");
    if (scroll) {
      item.focus({ preventScroll: true });
      item.scrollIntoView({ block: "nearest" });
    }
    this.selected = index;
    this.details.textContent = this.detailsOf(index);
    this.onSelect(row);
  }

  /** The next row of a statement, after the one that is selected. */
  selectStatement(statement) {
    const from = this.selected ?? -1;
    const rows = this.story.rows.map((row, i) => i).filter((i) => this.story.rows[i].statement === statement);
    if (rows.length > 0) this.select(rows.find((i) => i > from) ?? rows[0]);
  }

  selectIteration(iteration) {
    const found = this.story.rows.findIndex((row) => row.iteration >= iteration);
    this.select(found === -1 ? this.story.rows.length - 1 : found);
  }

  detailsOf(index) {
    const row = this.story.rows[index];
    const tasks = this.story.lanes.flatMap((lane, i) => {
      const around = this.story.bands.filter((band) => band.lane === i && band.from <= index && index < band.to)
        .sort((a, b) => a.depth - b.depth)
        .map((band) => stateWords(this.story.scopes[band.scope], stateAt(this.story.scopes[band.scope], index)));
      if (i === 0 || lane.from > index) return [];
      const ended = lane.to !== null && lane.to < index;
      if (ended && around.length === 0) return [];
      return [`${lane.name}${ended ? ", done," : ""} is in ${around.length === 0 ? "no scope" : around.join(" > ")}`];
    });
    return `Iteration ${row.iteration}, time ${row.time}: ${tasks.join("; ") || "no task is there"}.`;
  }

  // The drawing.

  /** The upper and the lower edge of each row of the story; of one that is folded away, the lower edge of its fold. */
  edges() {
    const top = this.body.offsetTop;
    const edges = [];
    let last = { top, bottom: top };
    for (let i = 0; i < this.story.rows.length; ++i) {
      const item = this.items.get(i);
      if (item !== undefined && item.isConnected) {
        last = { top: item.offsetTop, bottom: item.offsetTop + item.offsetHeight };
        edges.push(last);
      } else {
        const fold = this.folds.find((each) => i >= each.from && i < each.to).item;
        const bottom = fold.offsetTop + fold.offsetHeight;
        edges.push({ top: bottom, bottom });
      }
    }
    return edges;
  }

  draw() {
    if (!this.element.isConnected || this.body.offsetHeight === 0) return;
    const edges = this.edges();
    const left = this.graphHead.offsetLeft;
    const svg = select(this.drawing).attr("width", this.width).attr("height", this.table.offsetHeight)
      .style("left", `${left}px`);
    svg.selectAll("*").remove();
    const heads = svg.append("defs");
    for (const kind of ["cancel", "delivery", "native"])
      heads.append("marker").attr("id", `head-${kind}-${this.number}`).attr("class", `head ${kind}`)
        .attr("viewBox", "0 0 8 8").attr("refX", 7).attr("refY", 4).attr("markerWidth", 7).attr("markerHeight", 7)
        .attr("markerUnits", "userSpaceOnUse").attr("orient", "auto").append("path").attr("d", "M0,0L8,4L0,8z");
    const stripes = heads.append("pattern").attr("id", `stripes-${this.number}`).attr("patternUnits", "userSpaceOnUse")
      .attr("width", 6).attr("height", 6).attr("patternTransform", "rotate(45)");
    stripes.append("rect").attr("class", "stripe").attr("width", 2).attr("height", 6);
    this.drawBands(svg, edges);
    this.drawLives(svg, edges);
    this.drawArrows(svg, edges);
    this.drawRows(svg, edges);
  }

  drawBands(svg, edges) {
    for (const band of [...this.story.bands].sort((a, b) => a.depth - b.depth)) {
      if (band.to <= band.from) continue;
      const scope = this.story.scopes[band.scope];
      const lane = this.lanes[band.lane];
      const x = lane.left + band.depth * this.sizes.step;
      const width = lane.width - 2 * band.depth * this.sizes.step;
      // A piece for each state that the scope is in while it is there.
      const changes = scope.states.map((state) => state.row).filter((row) => row > band.from && row < band.to);
      const cuts = [band.from, ...changes, band.to];
      for (let i = 0; i + 1 < cuts.length; ++i) {
        const state = stateAt(scope, cuts[i]);
        const top = i === 0 ? edges[cuts[i]].top + 3 : edges[cuts[i]].top;
        const end = edges[cuts[i + 1] - 1].bottom;
        const bottom = i + 2 === cuts.length ? end - 3 : end;
        if (bottom <= top) continue;
        const classes = ["band", `hue${band.scope % HUES}`];
        for (const word of ["shield", "left"]) if (state[word]) classes.push(word);
        const place = (rect) => rect.attr("x", x).attr("y", top).attr("width", width).attr("height", bottom - top).attr("rx", 3);
        place(svg.append("rect").attr("class", classes.join(" ")));
        if (state.cancelled) place(svg.append("rect").attr("fill", `url(#stripes-${this.number})`));
      }
    }
  }

  drawLives(svg, edges) {
    this.story.lanes.forEach((lane, i) => {
      if (i === 0) return;
      const last = this.story.rows.length - 1;
      const from = edges[Math.min(lane.from, last)].top + 8;
      const to = lane.to === null ? edges[last].top : (edges[lane.to].top + edges[lane.to].bottom) / 2;
      const x = this.lanes[i].middle;
      svg.append("line").attr("class", "life").attr("x1", x).attr("x2", x).attr("y1", from).attr("y2", Math.max(from, to));
      if (lane.to !== null)
        svg.append("line").attr("class", "life-end").attr("x1", x - 5).attr("x2", x + 5).attr("y1", to + 6).attr("y2", to + 6);
    });
  }

  drawArrows(svg, edges) {
    const inRow = new Map();
    for (const arrow of this.story.arrows) {
      const { top, bottom } = edges[arrow.row];
      if (bottom === top) continue;
      const nth = inRow.get(arrow.row) ?? 0;
      inRow.set(arrow.row, nth + 1);
      const y = Math.min(top + 11 + nth * 5, bottom - 3);
      const from = this.lanes[this.story.rows[arrow.row].lane].middle;
      const to = this.lanes[arrow.to].middle;
      const way = Math.sign(to - from);
      const path = way === 0 ? `M${from + 4},${y - 4}c10,-3 10,11 1,8` : `M${from + way * 5},${y}H${to - way * 5}`;
      const drawn = svg.append("path").attr("class", `arrow ${arrow.kind}`).attr("d", path);
      if (arrow.to_done && way !== 0)
        svg.append("path").attr("class", `arrow ${arrow.kind}`).attr("d", `M${to - 4},${y - 4}l8,8m0,-8l-8,8`);
      else
        drawn.attr("marker-end", `url(#head-${arrow.kind}-${this.number})`);
    }
  }

  drawRows(svg, edges) {
    this.story.rows.forEach((row, i) => {
      const { top, bottom } = edges[i];
      if (bottom === top) return;
      if (row.kind === "broken")
        svg.append("line").attr("class", "broke").attr("x1", 0).attr("x2", this.width).attr("y1", (top + bottom) / 2)
          .attr("y2", (top + bottom) / 2);
      else if (row.kind !== "end")
        svg.append("circle").attr("class", `dot ${row.kind}`).attr("cx", this.lanes[row.lane].middle).attr("cy", top + 11)
          .attr("r", row.kind === "choice" ? 4 : 3.5);
    });
  }
}
