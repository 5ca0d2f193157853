import { type Signal, signal } from "@preact/signals-core";
import { make } from "../dom.ts";
import { KEY } from "../relay.ts";
import type { View } from "../view.ts";

const GAP = 4;
const EDGE = 8;
const FOCUSABLE = "button, input, [tabindex='0']";

export interface Popover {
  panel: HTMLElement;
  isOpen: Signal<boolean>;
  /** Opens at the button, with the focus on `first`, else on the panel; `fill` gives it its height before it is placed. */
  open(first?: HTMLElement, fill?: () => void): void;
  close(): void;
}

/**
 * A panel that opens at `button`. It stays inside the widget's root: outputs clip what leaves them, and a shadow
 * root ends there. In the document it follows its button, so Tab goes from the one into the other. A modal one
 * keeps Tab.
 */
export function createPopover(view: View, button: HTMLElement, name: string, modal = false): Popover {
  const { root } = view;
  const panel = make("div", "lw-popover", { role: "dialog", "aria-label": name, tabindex: "-1" });
  if (modal) panel.setAttribute("aria-modal", "true");
  panel.hidden = true;
  button.after(panel);
  button.setAttribute("aria-haspopup", "dialog");
  button.setAttribute("aria-expanded", "false");
  const isOpen = signal(false);
  let listening = new AbortController();

  const show = (yes: boolean) => {
    panel.hidden = !yes;
    isOpen.value = yes;
    button.setAttribute("aria-expanded", String(yes));
    listening.abort();
  };
  const isOurs = (target: EventTarget | null | undefined) =>
    target instanceof Node && (panel.contains(target) || button.contains(target));

  panel.addEventListener(
    KEY,
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      // Neither the widget nor the notebook shall act on what is typed here.
      event.stopPropagation();
      if (event.key === "Tab" && modal) cycle(panel, event);
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      popover.close();
    },
    { signal: view.stop },
  );
  panel.addEventListener(
    "focusout",
    ({ relatedTarget: next }) => {
      // Without a next place the window has lost the focus, or a press has; presses are seen to below.
      if (isOpen.peek() && next && !isOurs(next)) show(false);
    },
    { signal: view.stop },
  );
  view.stop.addEventListener("abort", () => listening.abort());

  const popover: Popover = {
    panel,
    isOpen,
    open(first = panel, fill) {
      show(true);
      fill?.();
      place(root, button, panel);
      first.focus({ preventScroll: true });
      listening = new AbortController();
      root.ownerDocument.addEventListener(
        "pointerdown",
        (event) => {
          if (!isOurs(event.composedPath()[0])) show(false);
        },
        { capture: true, signal: listening.signal },
      );
    },
    close() {
      if (!isOpen.peek()) return;
      // First the focus: one that is hidden while it has it sends it to the page.
      button.focus({ preventScroll: true });
      show(false);
    },
  };
  return popover;
}

/** Below the button, or above where only there is room; never past an edge of the root. */
function place(root: HTMLElement, button: HTMLElement, panel: HTMLElement): void {
  const [frame, anchor] = [root.getBoundingClientRect(), button.getBoundingClientRect()];
  const below = anchor.bottom - frame.top + GAP;
  const above = anchor.top - frame.top - GAP;
  panel.style.maxHeight = `${Math.max(160, frame.height - below - EDGE)}px`;
  const { offsetWidth: width, scrollHeight: height } = panel;
  const flip = below + height > frame.height && height <= above;
  panel.style.top = `${flip ? above - height : below}px`;
  panel.style.left = `${Math.max(EDGE, Math.min(anchor.left - frame.left, frame.width - width - EDGE))}px`;
}

function cycle(panel: HTMLElement, event: KeyboardEvent): void {
  event.preventDefault();
  const places = [...panel.querySelectorAll<HTMLElement>(FOCUSABLE)];
  const at = places.indexOf(event.target as HTMLElement);
  places.at((at + (event.shiftKey ? -1 : 1)) % places.length)?.focus();
}
