import { goToEnd, pickQuantity, step, stepUnit, togglePin } from "./actions.ts";
import type { View } from "./view.ts";

const PAGE = 10;

/** What a key does in this widget; undefined for keys that are the host's. */
function command(view: View, key: string): (() => void) | undefined {
  const { store } = view;
  if (/^[1-9]$/.test(key)) {
    const index = Number(key) - 1;
    return index < (store.shown.peek()?.scene.quantities.length ?? 0) ? () => pickQuantity(store, index) : undefined;
  }
  const commands: Record<string, () => void> = {
    ArrowLeft: () => step(store, -1),
    ArrowRight: () => step(store, 1),
    ArrowUp: () => stepUnit(store, -1),
    ArrowDown: () => stepUnit(store, 1),
    PageUp: () => step(store, -PAGE),
    PageDown: () => step(store, PAGE),
    Home: () => goToEnd(store, "first"),
    End: () => goToEnd(store, "last"),
    " ": () => {
      view.playing.value = !view.playing.peek();
    },
    p: () => togglePin(store, store.unit.peek()),
  };
  return Object.hasOwn(commands, key) ? commands[key] : undefined;
}

function isField(target: Element): boolean {
  return target.matches("select, textarea, input:not([type=range])") || (target as HTMLElement).isContentEditable;
}

/**
 * JupyterLab reads keys at the document and would act on them as well, so those handled here end here.
 * All others pass: Ctrl+S and Shift+Enter are the host's.
 */
export function attachKeys(view: View): void {
  view.root.addEventListener(
    "keydown",
    (event) => {
      const target = event.composedPath()[0];
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return;
      if (!(target instanceof HTMLElement) || event.key === "Tab") return;
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        leave(view, target);
      } else if (isField(target)) {
        // The field acts on it by itself, but a letter must not reach a notebook in command mode.
        event.stopPropagation();
      } else if (target.matches("button") && (event.key === " " || event.key === "Enter")) {
        event.stopPropagation();
      } else {
        const act = command(view, event.key);
        if (!act) return;
        event.preventDefault();
        event.stopPropagation();
        act();
      }
    },
    { signal: view.stop },
  );
}

/** Out of the widget, to the nearest thing round it that takes focus: in a notebook, its cell or itself. */
function leave(view: View, target: HTMLElement): void {
  target.blur();
  const host = view.root.getRootNode();
  const outside = host instanceof ShadowRoot ? host.host : view.root.parentElement;
  outside?.closest<HTMLElement>("[tabindex]")?.focus({ preventScroll: true });
}
