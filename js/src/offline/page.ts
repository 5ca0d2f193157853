/** A page without a kernel: the same widget, on numbers that the page brings along. */

import widget from "../index.ts";
import type { Embedded } from "./embedded.ts";
import { createModel } from "./model.ts";

const data = document.getElementById("lw-data")?.textContent;
const place = document.getElementById("lw-page");
if (data && place) {
  const model = createModel(JSON.parse(data) as Embedded);
  const { signal } = new AbortController();
  const { initialize, render } = widget();
  initialize({ model, signal });
  render({ model, el: place, signal });
}
