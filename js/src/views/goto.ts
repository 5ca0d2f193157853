import { signal } from "@preact/signals-core";
import { goTo } from "../actions.ts";
import { middle } from "../axis.ts";
import type { Body } from "../data/requests.ts";
import { add, make, say } from "../dom.ts";
import type { FindAnswer, Scene } from "../protocol.ts";
import { KEY } from "../relay.ts";
import { addKey, onFrame, type View } from "../view.ts";

/** Room for the field over the axis, and for what is said below it, in pixels. */
const WIDE = 150;
const SENTENCE = 340;

/** A field over the time axis for the index or the label of a timestep; gives back what opens it. */
export function goToField(view: View, parent: HTMLElement): () => void {
  const { store, loader } = view;
  const owner = `${view.id} find`;
  const box = add(parent, make("div", "lw-goto", { role: "group", "aria-label": "go to a timestep" }));
  const field = add(box, make("input", "", { type: "text", placeholder: "index or label", spellcheck: "false" }));
  field.setAttribute("aria-label", "index or label of a timestep");
  field.setAttribute("aria-describedby", `${view.id}-goto`);
  const message = add(box, make("div", "lw-goto-message", { role: "status", id: `${view.id}-goto` }));
  const asked = signal<Body | null>(null);
  let before: Element | null = null;
  box.hidden = true;

  const open = () => {
    const [zoom, width] = [store.zoom.peek(), view.width.peek()];
    const x = middle(store.timestep.peek(), zoom, width) - WIDE / 2;
    const inside = (wide: number) => `${Math.max(0, Math.min(width - wide, x))}px`;
    field.style.marginLeft = inside(WIDE);
    message.style.marginLeft = inside(SENTENCE);
    before = (view.root.getRootNode() as Document | ShadowRoot).activeElement;
    view.playing.value = false;
    box.hidden = false;
    field.value = "";
    say(message, "");
    field.focus();
  };
  const close = () => {
    if (box.hidden) return;
    const hadFocus = box.contains((view.root.getRootNode() as Document | ShadowRoot).activeElement);
    asked.value = null;
    box.hidden = true;
    if (hadFocus) (before instanceof HTMLElement && view.root.contains(before) ? before : view.root).focus();
  };
  const arrive = (timestep: number) => {
    goTo(store, timestep);
    close();
  };
  const look = () => {
    const scene = store.shown.peek()?.scene;
    const text = field.value.trim();
    if (!scene || !text) return close();
    if (/^\d+$/.test(text) && Number(text) < scene.timesteps) return arrive(Number(text));
    asked.value = { kind: "find", layer: scene.layer, sample: scene.sample, step: scene.input_step, text };
  };

  onFrame(view, () => {
    loader.version.value;
    const body = asked.value;
    const scene = store.shown.value?.scene;
    loader.want(owner, body ? [body] : []);
    if (body?.kind !== "find" || !scene) return;
    const answer = loader.get(body) as FindAnswer | undefined;
    if (!answer) return say(message, store.trouble.value || `looking for \u201c${body.text}\u201d`);
    if (answer.timestep === null) return say(message, missing(scene, body.text));
    arrive(answer.timestep);
  });

  box.addEventListener(
    KEY,
    (event) => {
      if (event.isComposing || event.shiftKey || !["Enter", "Escape"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Enter") look();
      else close();
    },
    { signal: view.stop },
  );
  field.addEventListener("input", () => say(message, ""), { signal: view.stop });
  box.addEventListener("focusout", close, { signal: view.stop });
  addKey(view, "t", "go to a timestep, by its index or label", open);
  return open;
}

function missing({ timesteps }: Scene, text: string): string {
  const valid = timesteps === 1 ? "0" : `0 to ${timesteps - 1}`;
  return `no timestep is called \u201c${text}\u201d; ${valid}, or a label`;
}
