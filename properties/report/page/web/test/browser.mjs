// node browser.mjs BINARY CHROMIUM: opens reports in a real browser, clicks, types, and reads what is there. With
// SHOTS=DIR it also leaves pictures there.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import axe from "axe-core";
import { chromium } from "playwright-core";

const [binary, chromiumPath] = process.argv.slice(2);
const regressions = fileURLToPath(new URL("../../../../failure/regressions/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "cancelsim-page-"));
const shots = process.env.SHOTS;

const browser = await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });

/** Opens a file; whatever the page asks for, or complains of, fails the test. */
async function open(path, { width = 1280, height = 900, colorScheme = "light" } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  const page = await context.newPage();
  const url = pathToFileURL(path).href;
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:")) throw new Error(`the page asks for ${request.url()}`);
  });
  page.on("console", (message) => { throw new Error(`the page says: ${message.text()}`); });
  page.on("pageerror", (error) => { throw error; });
  page.on("dialog", (dialog) => { throw new Error(`the page opens a dialog: ${dialog.message()}`); });
  await page.goto(url);
  return page;
}

function command(...words) {
  const { stdout, stderr, status } = spawnSync(binary, words, { encoding: "utf8", maxBuffer: 1 << 28 });
  assert.ok(status === 0 || status === 1, stderr);
  return stdout;
}

function report(what, name = "report") {
  const path = join(folder, `${name}.html`);
  execFileSync(binary, ["report", what, "-o", path]);
  return path;
}

/** What automated checks of accessibility find to be serious. */
async function assertAccessible(page, where) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run());
  const serious = violations.filter((each) => ["serious", "critical"].includes(each.impact));
  assert.deepEqual(serious.map((each) => `${where}: ${each.id}: ${each.nodes.map((node) => node.html).join(" ")}`), []);
}

async function assertFits(page, where) {
  const [wide, room] = await page.evaluate(() => [document.scrollingElement.scrollWidth, innerWidth]);
  assert.ok(wide <= room, `${where}: ${wide} pixels wide, with ${room} to see`);
}

const tests = {
  async "the page says what the run says"() {
    const file = `${regressions}zombie.json`;
    const model = JSON.parse(command("report", file, "--json"));
    const page = await open(report(file));
    assert.equal(await page.locator("h1").innerText(), `no-hot-loop is broken at: ${model.place}`);
    const text = await page.locator("main").innerText();
    const plain = (words) => words.replaceAll("`", "");
    for (const part of [plain(model.promised), plain(model.happened), model.upstream, model.kernel, model.replay]) assert.ok(text.includes(part), part);
    const run = page.locator(".here .run");
    const shown = model.story.folds.reduce((sum, fold) => sum + fold.end - fold.begin, 0);
    assert.equal(await run.locator("tr[data-row]").count(), shown);
    for (const i of [0, 5]) {
      const row = run.locator(`tr[data-row="${i}"]`);
      assert.ok((await row.innerText()).includes(plain(model.story.rows[i].text)));
      assert.equal(await row.locator("td").first().innerText(), String(model.story.rows[i].iteration));
    }
    assert.match(await run.locator("tr.broken").innerText(), /no-hot-loop breaks here/);
    assert.deepEqual(await run.locator(".names span").allInnerTexts(), model.story.lanes.map((lane) => lane.name));
    await page.context().close();
  },
  async "repeated rows are folded, and unfold"() {
    const page = await open(report(`${regressions}zombie.json`));
    const run = page.locator(".here .run");
    const before = await run.locator("tr[data-row]").count();
    const button = run.locator("tr.fold button").first();
    assert.match(await button.innerText(), /The same 19 more times, until iteration 26, time standing at 2/);
    await button.click();
    assert.equal(await run.locator("tr[data-row]").count(), before + 19);
    assert.equal(await button.getAttribute("aria-expanded"), "true");
    await button.press("Enter");
    assert.equal(await run.locator("tr[data-row]").count(), before);
    await page.context().close();
  },
  async "rows are walked by keyboard, and what is around each task is said"() {
    const page = await open(report(`${regressions}zombie.json`));
    const run = page.locator(".here .run");
    await run.locator("tr[data-row='0']").focus();
    for (let i = 0; i < 5; ++i) await page.keyboard.press("ArrowDown");
    assert.equal(await run.locator("tr[aria-selected=true]").getAttribute("data-row"), "5");
    assert.match(await run.locator(".details").innerText(), /z is in forgotten/);
    await page.keyboard.press("End");
    assert.match(await run.locator("tr[aria-selected=true]").innerText(), /the run ends/);
    assert.match(await run.locator(".details").innerText(), /z, done, is in forgotten \(cancelled\)/);
    assert.ok(await page.evaluate(() => document.activeElement.classList.contains("end")));
    // Only one row is a stop of the Tab key.
    assert.equal(await run.locator("tr[tabindex='0']").count(), 1);
    await page.context().close();
  },
  async "the program, the odds and the nearest run lead to the rows that they are about"() {
    const file = `${regressions}deviation.json`;
    const model = JSON.parse(command("report", file, "--json"));
    const page = await open(report(file));
    const selected = page.locator(".here tr[aria-selected=true]");
    const line = model.program.find((each) => each.statement !== null);
    await page.locator(".code button", { hasText: line.text.trim() }).first().click();
    const row = Number(await selected.getAttribute("data-row"));
    assert.equal(model.story.rows[row].statement, line.statement);
    assert.ok(await page.locator(".code li.marked").count() >= 1);

    await page.getByRole("button", { name: "Show where they part" }).click();
    assert.equal(Number(await selected.getAttribute("data-row")), model.nearest.here);
    assert.equal(Number(await page.locator(".nearest tr[aria-selected=true]").getAttribute("data-row")), model.nearest.there);

    const { chances, runs } = model.odds;
    assert.ok(chances.length > 1);
    assert.equal(chances.at(-1).failures, runs);
    assert.ok((await page.locator(".odds-section").innerText()).includes(`Of 1,000 random runs of this program, ${chances[0].failures}`));
    await page.locator(".odds-section summary").click();
    assert.equal(await page.locator(".numbers tbody tr").count(), chances.length);
    const box = await page.locator("svg.odds").boundingBox();
    await page.mouse.click(box.x + box.width * 0.97, box.y + box.height / 2);
    const chosen = Number(await selected.getAttribute("data-row"));
    assert.ok(Math.abs(model.story.rows[chosen].iteration - model.iteration) <= 1);
    await page.context().close();
  },
  async "lanes, bands and arrows are where the model has them"() {
    for (const name of ["zombie", "v3-livelock", "many-tasks"]) {
      const file = `${regressions}${name}.json`;
      const model = JSON.parse(command("report", file, "--json"));
      const page = await open(report(file));
      const drawing = page.locator(".here svg.lanes");
      const visible = new Set(model.story.folds.flatMap((fold) =>
        Array.from({ length: fold.end - fold.begin }, (_, i) => fold.begin + i)));
      const arrows = model.story.arrows.filter((arrow) => visible.has(arrow.row));
      const crossed = arrows.filter((arrow) => arrow.to_done && arrow.to !== model.story.rows[arrow.row].lane);
      assert.equal(await drawing.locator("path.arrow").count(), arrows.length + crossed.length, name);
      assert.equal(await drawing.locator("line.life").count(), model.story.lanes.length - 1);
      // A band covers the rows from its first to its last.
      const band = model.story.bands[0];
      const rect = await drawing.locator("rect.band").first().boundingBox();
      const first = await page.locator(`.here tr[data-row='${band.from}']`).boundingBox();
      assert.ok(Math.abs(rect.y - first.y) < 6, `${name}: the band begins at ${rect.y}, its row at ${first.y}`);
      await page.context().close();
    }
  },
  async "the replay line is copied, or selected"() {
    const page = await open(report(`${regressions}zombie.json`));
    await page.getByRole("button", { name: "Copy the replay line" }).click();
    await page.waitForFunction(() => /copied|selected/.test(document.querySelector(".said").textContent));
    await page.context().close();
  },
  async "text from outside is text"() {
    const evil = "</script><img src=x onerror=alert(1)><!--<script>alert(2)";
    const program = { name: "evil", main: [
      { op: "note", text: evil }, { op: "spawn_detached", task: "z", body: [{ op: "enter", name: "s" }] },
      { op: "sleep", for: 2 }, { op: "cancel", scope: "s" }] };
    const path = join(folder, "evil.jsonl");
    writeFileSync(path, JSON.stringify(program) + "\n");
    const judged = JSON.parse(command("judge", "--json", "--anyio", "4.13.0", path).split("\n")[0]);
    const page = await open(report(judged.failures[0].token, "evil"));
    assert.ok((await page.locator(".code").innerText()).includes(evil));
    assert.ok((await page.locator(".here").innerText()).includes(evil));
    assert.equal(await page.locator("img").count(), 0);
    await page.context().close();
  },
  async "a cell of the verdict opens its counterexample, and a link leads back"() {
    const path = join(folder, "verdict.html");
    const verdict = JSON.parse(command("verdict", "--cases", "400", "--jobs", "1", "--json", "--html", path));
    const page = await open(path);
    const cells = verdict.rows.flatMap((row) => Object.values(row.contracts));
    assert.equal(await page.locator(".matrix tbody td").count(), cells.length);
    assert.equal(await page.locator(".matrix a").count(), cells.filter((cell) => cell.token).length);
    assert.equal(await page.locator(".counterexample article").count(), 0);
    const column = verdict.rows.findIndex((row) => row.policy === "v3");
    const contracts = Object.keys(verdict.rows[column].contracts);
    const name = contracts.find((each) => verdict.rows[column].contracts[each].standing === "broken");
    const cell = page.locator(".matrix tbody tr").nth(contracts.indexOf(name)).locator("td").nth(column);
    await cell.locator("a").press("Enter");
    await page.waitForSelector(".counterexample article");
    const shown = await page.locator(".counterexample").innerText();
    assert.ok(shown.includes(`${name} is broken at: ${verdict.rows[column].contracts[name].place}`));
    assert.ok(shown.includes(verdict.rows[column].contracts[name].token));
    assert.ok(await page.locator(".counterexample tr[data-row]").count() > 3);
    await assertAccessible(page, "verdict, opened");
    await page.getByRole("link", { name: "Back to the matrix" }).click();
    await page.waitForFunction(() => document.querySelector(".counterexample article") === null);
    await page.context().close();
    for (const width of [360, 1920])
      for (const colorScheme of ["light", "dark"]) {
        const small = await open(path, { width, colorScheme });
        await assertAccessible(small, `verdict, ${width} pixels, ${colorScheme}`);
        await assertFits(small, `verdict, ${width} pixels`);
        await small.context().close();
      }
  },
  async "pages are accessible and fit, wide and narrow, light and dark"() {
    for (const name of ["zombie", "v3-livelock", "many-tasks"]) {
      const path = report(`${regressions}${name}.json`, name);
      for (const width of [360, 1280, 1920])
        for (const colorScheme of ["light", "dark"]) {
          const where = `${name}, ${width} pixels, ${colorScheme}`;
          const page = await open(path, { width, colorScheme });
          await assertAccessible(page, where);
          await assertFits(page, where);
          if (shots) await page.screenshot({ path: join(shots, `${name}-${width}-${colorScheme}.png`), fullPage: true });
          await page.context().close();
        }
    }
  },
};

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  if (process.env.ONLY && !name.includes(process.env.ONLY)) continue;
  try {
    await test();
    console.log(`ok: ${name}`);
  } catch (error) {
    ++failed;
    console.log(`FAILED: ${name}\n${error.stack}`);
  }
}
await browser.close();
rmSync(folder, { recursive: true });
process.exit(failed === 0 ? 0 : 1);
