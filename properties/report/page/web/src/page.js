// Draws the model that the page holds.
import { failureView } from "./failure.js";
import { verdictView } from "./verdict.js";

const model = JSON.parse(document.getElementById("model").textContent);
const views = { failure: () => failureView(model.failure), verdict: () => verdictView(model) };
document.getElementById("page").append(views[model.page]());
