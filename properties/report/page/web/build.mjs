// npm ci && npm run build: writes ../built/page.js and ../built/page.css, or what --outdir says. Equal sources give equal
// bytes; the test `page/what is checked in is what the sources build` compares them.
import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const given = process.argv.find((word) => word.startsWith("--outdir="));

const licence = readFileSync(`${here}node_modules/d3-selection/LICENSE`, "utf8");

await build({
  absWorkingDir: here,
  entryPoints: [{ in: "src/page.js", out: "page" }, { in: "src/page.css", out: "page" }],
  outdir: given ? given.slice("--outdir=".length) : "../built",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome120", "firefox121", "safari17"],
  legalComments: "none",
  // What is bundled is all by the same author, under the same licence.
  banner: { js: `/*! d3-axis, d3-scale, d3-selection, d3-shape and the modules they need:\n${licence}*/` },
  logLevel: "warning",
});
