import { signal } from "@preact/signals-core";
import { BEHIND } from "../catchup.ts";
import { timeWords } from "../data/names.ts";
import { reader } from "../data/tiles.ts";
import { add, make, say } from "../dom.ts";
import { VERSION } from "../protocol.ts";
import { TRAINING } from "../store.ts";
import { onFrame, type View } from "../view.ts";
import { stepName } from "./map/compare.ts";
import { sentence } from "./words.ts";

/** A screen reader hears the sentence when somebody has stopped, not at every step on the way. */
const REST = 600;

const OTHER_VERSION = "Page and kernel have different versions: restart the kernel, then reload the page.";

/** One sentence made from the numbers, and below it what is wrong, if anything. */
export function caption(view: View, parent: Element): void {
  const { store, loader } = view;
  const foot = add(parent, make("div", "lw-foot"));
  const text = add(foot, make("div", "lw-caption"));
  const status = add(foot, make("div", "lw-status lw-quiet", { role: "status" }));
  stale(view, foot);
  const spoken = add(parent, make("div", "lw-hidden", { "aria-live": "polite" }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  view.stop.addEventListener("abort", () => clearTimeout(timer));

  onFrame(view, () => {
    loader.version.value;
    const shown = store.shown.value;
    if (!shown) return;
    const [unit, t] = [store.unit.value, store.timestep.value];
    const when = timeWords(loader, shown.scene, t);
    const words = store.selected.veiled.value
      ? `Unit ${unit}, ${when}: ?`
      : sentence(shown.scene, reader(loader, shown, unit, t), unit, t, when);
    say(text, words ?? "");
    text.title = words ?? "";
    clearTimeout(timer);
    timer = setTimeout(() => say(spoken, words ?? ""), REST);
  });
  onFrame(view, () => {
    const scene = store.shown.value?.scene;
    const wanted = store.placeOf(store.step.value);
    const behind = scene && (["layer", "sample", "step"] as const).some((key) => scene[key] !== wanted[key]);
    const { training } = store.steps.value;
    const trouble = store.trouble.value;
    const still = scene && [scene.layer, `sample ${scene.sample}`, stepName(store, scene.step)].filter(Boolean);
    const place = behind && trouble && still ? ` Still ${still.join(", ")}.` : "";
    const old = store.catalogue.version !== VERSION ? OTHER_VERSION : "";
    const wrong = store.problem.value || (store.behind.value ? BEHIND : "");
    const calm = training ? TRAINING : scene ? "" : "Waiting for the kernel.";
    say(status, old || wrong || (trouble ? trouble + place : calm));
    status.title = status.textContent ?? "";
    // Dimmed while it is coming; what stays has to be readable.
    view.root.toggleAttribute("data-lw-behind", Boolean(behind) && !trouble);
  });
}

/** What has changed in the model since these numbers were made, and a way to have them anew. */
function stale(view: View, parent: Element): void {
  const { store, loader } = view;
  const box = add(parent, make("div", "lw-stale"));
  const words = add(box, make("span", "", { role: "status" }));
  const refresh = add(box, make("button", "lw-text-button", { type: "button" }));
  const [asking, failure] = [signal(false), signal("")];
  refresh.addEventListener(
    "click",
    async () => {
      if (asking.peek()) return;
      asking.value = true;
      failure.value = "";
      try {
        await loader.ask({ kind: "refresh" });
      } catch (reason) {
        failure.value = ` Not refreshed: ${(reason as Error).message}`;
      }
      asking.value = false;
    },
    { signal: view.stop },
  );
  onFrame(view, () => {
    const old = store.stale.value;
    box.hidden = !old;
    say(words, old && old + failure.value);
    say(refresh, asking.value ? "refreshing\u2026" : "refresh");
  });
  onFrame(view, () => {
    // Another reason to refresh, or another scene: what failed before is over.
    store.stale.value;
    store.shown.value;
    failure.value = "";
  });
}
