import { goToEnd, mark, pickQuantity, step, stepUnit, togglePin } from "./actions.ts";
import { timestepsAPixel } from "./axis.ts";
import { KEY, relayKeys } from "./relay.ts";
import { addKey, type View } from "./view.ts";

const PAGE = 10;

/** Keys of the selection itself; views add their own. */
function addSelectionKeys(view: View): void {
  const { store } = view;
  const pixel = () => timestepsAPixel(store.zoom.peek(), view.width.peek());
  addKey(view, "ArrowLeft", "one timestep", () => step(store, -1));
  addKey(view, "ArrowRight", "one timestep", () => step(store, 1));
  addKey(view, "Shift+ArrowLeft", "one pixel of the time axis", () => step(store, -pixel()));
  addKey(view, "Shift+ArrowRight", "one pixel of the time axis", () => step(store, pixel()));
  addKey(view, "PageUp", "ten timesteps", () => step(store, -PAGE));
  addKey(view, "PageDown", "ten timesteps", () => step(store, PAGE));
  addKey(view, "Home", "first and last timestep of the window, then of all", () => goToEnd(store, "first"));
  addKey(view, "End", "first and last timestep of the window, then of all", () => goToEnd(store, "last"));
  addKey(view, " ", "play, pause", () => {
    view.playing.value = !view.playing.peek();
  });
  addKey(view, "ArrowUp", "one unit in the map", () => stepUnit(store, -1));
  addKey(view, "ArrowDown", "one unit in the map", () => stepUnit(store, 1));
  addKey(view, "m", "mark a stretch of time: from here, to here, off", () => mark(store));
  addKey(view, "p", "pin the unit, take it off", () => togglePin(store, store.unit.peek()));
  for (let index = 0; index < 9; index++) {
    const exists = () => index < (store.shown.peek()?.scene.quantities.length ?? 0);
    addKey(view, String(index + 1), "quantity of the map", () => pickQuantity(store, index), exists);
  }
}

function isField(target: Element): boolean {
  return target.matches("select, textarea, input:not([type=range])") || (target as HTMLElement).isContentEditable;
}

/** A shifted character is a key of its own; Shift itself is only named where the key is no character. */
function name(event: KeyboardEvent): string {
  return event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key;
}

/**
 * The host would act on keys as well, so those handled here end here. All others pass: Ctrl+S and Shift+Enter are the
 * host's.
 */
export function attachKeys(view: View): void {
  addSelectionKeys(view);
  relayKeys(view.root, view.stop);
  view.root.addEventListener(
    KEY,
    (event) => {
      const target = event.composedPath()[0];
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      // An element of an SVG may have the focus, too.
      if (!(target instanceof HTMLElement || target instanceof SVGElement) || event.key === "Tab") return;
      if (event.shiftKey && event.key === "Enter") return;
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        leave(view, target);
      } else if (isField(target)) {
        // The field acts on it by itself, but a letter must not reach a notebook in command mode.
        event.stopPropagation();
      } else if (target.matches("button, [role=button]") && (event.key === " " || event.key === "Enter")) {
        event.stopPropagation();
      } else {
        const command = view.keys.get(name(event));
        if (!command?.when()) return;
        event.preventDefault();
        event.stopPropagation();
        command.act();
      }
    },
    { signal: view.stop },
  );
}

/** Out of the widget, to the nearest thing round it that takes focus: in a notebook, its cell or itself. */
function leave(view: View, target: HTMLElement | SVGElement): void {
  target.blur();
  const host = view.root.getRootNode();
  const outside = host instanceof ShadowRoot ? host.host : view.root.parentElement;
  outside?.closest<HTMLElement>("[tabindex]")?.focus({ preventScroll: true });
}
