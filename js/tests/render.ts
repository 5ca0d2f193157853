/** The whole widget on a page, as a host would put it there. */

import widget from "../src/index.ts";
import type { FakeModel } from "./fake.ts";

export interface Page {
  root: HTMLElement;
  find<T extends HTMLElement = HTMLElement>(selector: string): T;
  all(selector: string): HTMLElement[];
  text(selector: string): string;
  key(key: string, on?: Element, init?: KeyboardEventInit): KeyboardEvent;
  close(): void;
}

export function render(model: FakeModel, where: Element | ShadowRoot = document.body): Page {
  const element = document.createElement("div");
  element.style.width = "1000px";
  where.append(element);
  const end = new AbortController();
  const { initialize, render: show } = widget();
  initialize({ model, signal: end.signal });
  show({ model, el: element, signal: end.signal });
  const find = <T extends HTMLElement>(selector: string) => {
    const found = element.querySelector<T>(selector);
    if (!found) throw new Error(`nothing matches ${selector}`);
    return found;
  };
  return {
    root: find(".lw-root"),
    find,
    all: (selector) => [...element.querySelectorAll<HTMLElement>(selector)],
    text: (selector) => find(selector).textContent ?? "",
    key(key, on = find(".lw-root"), init = {}) {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true, ...init });
      on.dispatchEvent(event);
      return event;
    },
    close() {
      end.abort();
      element.remove();
    },
  };
}

export function frame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
}

export function rest(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Waits until `check` holds; says what did not when it never does. */
export async function until(check: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    if (check()) return;
    await rest(20);
  }
  throw new Error(`never: ${what}`);
}
