import { edge } from "../../axis.ts";
import { exactTile, reader, toAsk } from "../../data/tiles.ts";
import { add, make } from "../../dom.ts";
import { memoryOf, remains } from "../../memory.ts";
import { onFrame, type View } from "../../view.ts";
import { bandOf } from "./bands.ts";

/** Behind the memory's track, darker where more of what was written there is left at the crosshair. */
export function shade(view: View, box: HTMLElement): void {
  const { store, loader } = view;
  const canvas = add(box, make("canvas", "lw-shade", { "aria-hidden": "true" }));
  onFrame(view, () => {
    loader.version.value;
    const shown = store.shown.value;
    const memory = shown && memoryOf(shown.scene);
    canvas.hidden = !memory;
    if (!shown || !memory) return;
    const { scene } = shown;
    const [now, unit, zoom, width] = [store.timestep.value, store.unit.value, store.zoom.value, view.width.value];
    const backward = scene.direction === "backward";
    const needed = exactTile(scene, unit, now);
    loader.want(`${view.id} shade`, toAsk(shown, [needed]));
    const near = reader(loader, shown, unit, now);
    const shares = remains(now, backward, (timestep) => {
      const reading = near(memory.keep, timestep);
      return reading?.exact ? reading.value : undefined;
    });
    const band = bandOf(scene, scene.quantities.indexOf(memory.state), zoom, width);
    const columns = Math.max(1, Math.round(width));
    if (canvas.width !== columns) canvas.width = columns;
    if (canvas.height !== 1) canvas.height = 1;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${band.height}px`;
    canvas.style.top = `${band.top}px`;
    const context = canvas.getContext("2d");
    if (!context) return;
    context.clearRect(0, 0, columns, 1);
    context.fillStyle = view.theme.value.ink;
    for (const [timestep, share] of shares) {
      if (timestep < zoom[0] || timestep >= zoom[1]) continue;
      context.globalAlpha = 0.22 * share;
      const left = edge(timestep, zoom, columns);
      context.fillRect(left, 0, edge(timestep + 1, zoom, columns) - left, 1);
    }
  });
}
