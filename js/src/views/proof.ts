import { Sheet } from "../data/decode.ts";
import { timeWords } from "../data/names.ts";
import { add, make, say, span } from "../dom.ts";
import { bound } from "../format.ts";
import { createPlot, hatch } from "../plot.ts";
import type { Proof } from "../protocol.ts";
import { KEY } from "../relay.ts";
import { onFrame, type View } from "../view.ts";
import { type Band, drawLine, heightOf, points } from "./lines.ts";
import { createPopover } from "./popover.ts";
import { marksAt } from "./steps/marks.ts";

const HEIGHT = 64;

/** The certificate as a badge; behind it what was compared, and how far apart the two were at each timestep. */
export function proof(view: View, parent: Element): void {
  const badge = add(parent, make("button", "lw-proof", { type: "button" }));
  const popover = createPopover(view, badge, "certificate");
  const { panel } = popover;
  panel.classList.add("lw-certificate");
  const facts = add(panel, make("dl", "lw-facts"));
  const rows = ["compared", "no numbers", "run", "largest difference", "tolerance"].map((name) => {
    const term = add(facts, make("dt", "lw-quiet"));
    term.textContent = name;
    return [term, add(facts, make("dd"))];
  });
  errorChart(view, panel);
  badge.addEventListener("click", () => (popover.isOpen.peek() ? popover.close() : popover.open()), {
    signal: view.stop,
  });
  panel.addEventListener(KEY, (event) => {
    // Time goes on here: the chart hangs on its crosshair.
    if (!/^(Arrow(Left|Right)|Home|End)$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    view.keys.get(event.key)?.act();
  });
  onFrame(view, () => {
    const scene = view.store.shown.value?.scene;
    const certificate = scene?.proof;
    badge.hidden = !scene;
    badge.disabled = !certificate;
    badge.toggleAttribute("data-lw-proved", certificate?.empty === false);
    if (!certificate) {
      say(badge, "not proved");
      badge.title = scene ? marksAt(view.store, scene.step) : "";
      return;
    }
    const { tolerance, compared, run, empty, odd } = certificate;
    say(badge, proofWords(certificate));
    badge.title = [compared, odd, empty ? "" : `tolerance ${bound(tolerance)}`].filter(Boolean).join("; ");
    const texts = [
      compared,
      odd && `${odd}, here as in the layer's own run`,
      run,
      ...(empty ? [] : [bound(certificate.max_abs_error), bound(tolerance)]),
    ];
    for (const [i, row] of rows.entries()) {
      for (const part of row) part.hidden = !texts[i];
      say(row[1] as Element, texts[i] ?? "");
    }
  });
}

/** As the badge says it. */
export function proofWords({ max_abs_error: error, empty }: Proof): string {
  return empty ? "nothing to compare" : `proved ${bound(error)}`;
}

/** On the shared axis, in powers of ten; zero stands on the floor, which no logarithm reaches. */
function errorChart(view: View, parent: HTMLElement): void {
  const { store, loader } = view;
  const row = add(parent, make("div", "lw-row"));
  const gutter = add(row, make("div", "lw-gutter lw-error-limits lw-quiet"));
  const [top, name, bottom] = [span(gutter, ""), span(gutter, ""), span(gutter, "")];
  say(name, "difference in h");
  const plot = createPlot(view, row, "lw-error-plot");
  const words = add(parent, make("div", "lw-error-now", { "aria-live": "polite" }));
  let kept: Logarithms | undefined;

  onFrame(view, () => {
    loader.version.value;
    const shown = store.shown.value;
    const errors = shown?.errors;
    const tolerance = shown?.scene.proof?.tolerance ?? 0;
    const empty = shown?.scene.proof?.empty;
    row.hidden = !errors || Boolean(empty);
    if (!shown) return;
    const { scene } = shown;
    if (empty) return say(words, "There is no finite number of h to compare.");
    if (!errors) return say(words, "The difference at each timestep was not kept.");
    const t = store.timestep.value;
    const feature = errors.block.quantities[0] ?? "";
    const value = errors.value(feature, 0, t) ?? Number.NaN;
    const when = timeWords(loader, scene, t);
    const about = errors.exact ? "" : "about ";
    say(words, `At ${when}: ${Number.isFinite(value) ? about + bound(value) : "nothing to compare"}.`);

    if (kept?.of !== errors) kept = inPowersOfTen(errors, tolerance);
    const { logs, low, high } = kept;
    say(top, bound(10 ** high));
    say(bottom, bound(10 ** low));
    const zoom = store.zoom.value;
    const width = view.width.value;
    parent.style.setProperty("--lw-plot", `${width}px`);
    const theme = view.theme.value;
    const context = plot.begin(HEIGHT);
    plot.canvas.setAttribute("aria-label", `Largest difference in h at each timestep. ${words.textContent}`);
    if (!context) return;
    hatch(context, scene.masked, zoom, width, HEIGHT, theme);
    const band: Band = { top: 4, height: HEIGHT - 8, low, high, zoom, width };
    const limit = Math.round(heightOf(Math.log10(tolerance), band)) + 0.5;
    context.strokeStyle = theme.quiet;
    context.setLineDash([4, 3]);
    context.beginPath();
    context.moveTo(0, limit);
    context.lineTo(width, limit);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = theme.quiet;
    context.font = "10px sans-serif";
    context.fillText("tolerance", 4, limit + 11);
    context.strokeStyle = theme.ink;
    drawLine(context, points(logs, feature, 0, band, "maximum"));
  });
}

interface Logarithms {
  of: Sheet;
  logs: Sheet;
  low: number;
  high: number;
}

function inPowersOfTen(errors: Sheet, tolerance: number): Logarithms {
  const positive = errors.data.filter((value) => value > 0 && Number.isFinite(value));
  const least = positive.reduce((a, b) => Math.min(a, b), tolerance || 1);
  const most = positive.reduce((a, b) => Math.max(a, b), tolerance || least);
  const low = Math.floor(Math.log10(least)) - 1;
  const high = Math.max(low + 1, Math.ceil(Math.log10(most)));
  const logs = new Sheet(
    errors.block,
    errors.data.map((value) => (value === 0 ? low : Math.log10(value))),
  );
  return { of: errors, logs, low, high };
}
