/** What this widget needs of anywidget's model, and of Jupyter's below it. */
export interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: unknown): void;
  // biome-ignore lint/suspicious/noExplicitAny: each event brings arguments of its own, checked where they are read
  on(event: string, callback: (...args: any[]) => void): void;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  off(event: string, callback: (...args: any[]) => void): void;
}

/** Listen until `signal` aborts. */
export function listen(
  model: Model,
  event: string,
  // biome-ignore lint/suspicious/noExplicitAny: as above
  callback: (...args: any[]) => void,
  signal: AbortSignal,
): void {
  if (signal.aborted) return;
  model.on(event, callback);
  signal.addEventListener("abort", () => model.off(event, callback), { once: true });
}

/**
 * Runs `work` once after any of these traits have changed: those of one message are events of their own, and between them
 * they may not fit each other.
 */
export function onNews(model: Model, names: string[], work: () => void, signal: AbortSignal): void {
  let queued = false;
  const later = () => {
    if (queued) return;
    queued = true;
    queueMicrotask(() => {
      queued = false;
      if (!signal.aborted) work();
    });
  };
  for (const name of names) listen(model, `change:${name}`, later, signal);
}
