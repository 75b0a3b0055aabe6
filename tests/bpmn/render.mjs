// Opens BPMN files in bpmn.io's library in a browser, says what it complains about, and takes a picture of each.
// A tool for people; no test needs it:
//   npm install bpmn-js playwright-core   (in some folder)
//   node tests/bpmn/render.mjs THAT_FOLDER FILE.bpmn…      (writes FILE.bpmn.png)
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [folder, ...files] = process.argv.slice(2);
const require = createRequire(join(folder, "package.json"));
const { chromium } = require("playwright-core");
const dist = join(folder, "node_modules/bpmn-js/dist");

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
let complaints = 0;
for (const file of files) {
  await page.setContent('<body style="margin:0"><div id="canvas" style="width:1600px;height:900px"></div></body>');
  for (const style of ["diagram-js.css", "bpmn-js.css", "bpmn-font/css/bpmn-embedded.css"]) {
    await page.addStyleTag({ path: join(dist, "assets", style) });
  }
  await page.addScriptTag({ path: join(dist, "bpmn-viewer.production.min.js") });
  const said = await page.evaluate(async (xml) => {
    const viewer = new window.BpmnJS({ container: "#canvas" });
    try {
      const { warnings } = await viewer.importXML(xml);
      const canvas = viewer.get("canvas");
      const { inner } = canvas.viewbox();
      const element = document.getElementById("canvas");
      element.style.width = `${Math.ceil(inner.width + 40)}px`;
      element.style.height = `${Math.ceil(inner.height + 40)}px`;
      canvas.resized();
      canvas.zoom("fit-viewport", "auto");
      return { warnings: warnings.map((warning) => warning.message), shapes: viewer.get("elementRegistry").getAll().length };
    } catch (error) {
      return { warnings: [String(error)], shapes: 0 };
    }
  }, readFileSync(file, "utf8"));
  console.log(`${file}: ${said.shapes} shapes, ${said.warnings.length} complaints`, ...said.warnings);
  complaints += said.warnings.length;
  await page.locator("#canvas").screenshot({ path: `${file}.png` });
}
await browser.close();
process.exit(complaints > 0 ? 1 : 0);
