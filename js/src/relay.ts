/**
 * Keys, before any host reads them. JupyterLab listens at the document while they bubble up, Notebook 7 already while they
 * come down: there they would be gone before an element of ours hears of them. So they are caught at the window, first of
 * all, and told within the widget as `lw-key`, with the same fields. What stops that stops the key, and what prevents its
 * default prevents the key's.
 */
export const KEY = "lw-key";

declare global {
  interface HTMLElementEventMap {
    "lw-key": KeyboardEvent;
  }
}

export function relayKeys(root: HTMLElement, stop: AbortSignal): void {
  const page = root.ownerDocument.defaultView;
  page?.addEventListener(
    "keydown",
    (event) => {
      const path = event.composedPath();
      const target = path[0];
      if (!path.includes(root) || !target) return;
      const told = new KeyboardEvent(KEY, event);
      let passed = false;
      const pass = () => {
        passed = true;
      };
      page.addEventListener(KEY, pass);
      target.dispatchEvent(told);
      page.removeEventListener(KEY, pass);
      if (told.defaultPrevented) event.preventDefault();
      if (!passed) event.stopImmediatePropagation();
    },
    { capture: true, signal: stop },
  );
}
