/** The plots as one picture: what stands on the screen is drawn again, sharper, without its controls. */

import { timeWords } from "../../data/names.ts";
import type { View } from "../../view.ts";
import { proofWords } from "../proof.ts";

/** Pixels of the picture in a pixel of the page. */
const SHARP = 2;
const EDGE = 10;
const LINE = 22;
const CONTROLS =
  "select, input, svg, .lw-button, .lw-text-button, .lw-segments, .lw-picker, .lw-hidden, .lw-popover, .lw-handle, .lw-brush";

export async function picture(view: View): Promise<Blob> {
  const stack = view.root.querySelector<HTMLElement>(".lw-stack");
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (!stack || !context) throw new Error("There is nothing to save yet.");
  const before = view.density.peek();
  // All canvases are painted anew, with more pixels, in the next frame.
  view.density.value = Math.max(SHARP, before);
  await frames(2);
  try {
    const box = stack.getBoundingClientRect();
    canvas.width = Math.round((box.width + 2 * EDGE) * SHARP);
    canvas.height = Math.round((box.height + 2 * EDGE + 2 * LINE) * SHARP);
    context.scale(SHARP, SHARP);
    context.fillStyle = view.theme.peek().paper;
    context.fillRect(0, 0, canvas.width, canvas.height);
    write(view, context, title(view), proof(view), EDGE + LINE / 2, box.width);
    context.save();
    context.translate(EDGE - box.left, EDGE + LINE - box.top);
    drawChildren(context, stack);
    context.restore();
    const caption = view.root.querySelector(".lw-caption")?.textContent ?? "";
    write(view, context, caption, "", EDGE + LINE + box.height + LINE / 2 + 2, box.width);
  } finally {
    view.density.value = before;
  }
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The browser could not make a picture.")))),
  );
}

function frames(count: number): Promise<void> {
  return new Promise((resolve) =>
    requestAnimationFrame(() => (count > 1 ? frames(count - 1).then(resolve) : resolve())),
  );
}

function title({ store, loader }: View): string {
  const scene = store.shown.peek()?.scene;
  if (!scene) return "";
  return [scene.layer, scene.title, `unit ${store.unit.peek()}`, timeWords(loader, scene, store.timestep.peek())].join(
    "   ",
  );
}

function proof({ store }: View): string {
  const certificate = store.shown.peek()?.scene.proof;
  return certificate ? proofWords(certificate) : "";
}

/** One line, with quiet words at its end. */
function write(view: View, context: CanvasRenderingContext2D, text: string, end: string, y: number, width: number) {
  const theme = view.theme.peek();
  context.font = `12px ${getComputedStyle(view.root).fontFamily}`;
  context.textBaseline = "middle";
  context.fillStyle = theme.ink;
  context.fillText(text, EDGE, y, width);
  context.fillStyle = theme.quiet;
  context.textAlign = "right";
  context.fillText(end, EDGE + width, y);
  context.textAlign = "left";
}

function drawChildren(context: CanvasRenderingContext2D, parent: Element): void {
  for (const child of parent.childNodes) {
    if (child instanceof Text) drawText(context, child);
    else if (child instanceof HTMLElement && !child.matches(CONTROLS)) drawElement(context, child);
  }
}

function drawElement(context: CanvasRenderingContext2D, element: HTMLElement): void {
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  // What has no size of its own may still hold what has.
  if (!element.getClientRects().length || style.visibility === "hidden") return;
  context.save();
  context.globalAlpha *= Number(style.opacity);
  if (style.overflow !== "visible") {
    context.beginPath();
    context.rect(box.left, box.top, box.width, box.height);
    context.clip();
  }
  context.fillStyle = style.backgroundColor;
  context.beginPath();
  if (style.borderRadius === "50%") {
    context.arc(box.left + box.width / 2, box.top + box.height / 2, box.width / 2, 0, 2 * Math.PI);
  } else context.rect(box.left, box.top, box.width, box.height);
  context.fill();
  if (element instanceof HTMLCanvasElement && element.width && element.height)
    context.drawImage(element, box.left, box.top, box.width, box.height);
  if (style.outlineStyle === "solid" && !element.matches(":focus")) {
    context.strokeStyle = style.outlineColor;
    context.strokeRect(box.left, box.top, box.width, box.height);
  }
  drawChildren(context, element);
  context.restore();
}

function drawText(context: CanvasRenderingContext2D, text: Text): void {
  const parent = text.parentElement;
  if (!parent || !text.data.trim()) return;
  const range = document.createRange();
  range.selectNodeContents(text);
  const box = range.getBoundingClientRect();
  if (!box.width) return;
  const style = getComputedStyle(parent);
  context.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.fillStyle = style.color;
  context.textBaseline = "middle";
  context.fillText(text.data.trim(), box.left, box.top + box.height / 2 + 0.5);
}
