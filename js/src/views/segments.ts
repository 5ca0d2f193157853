import { add, make } from "../dom.ts";

/** A few choices side by side; the chosen one is said by more than its colour. Without words, a choice is not offered. */
export function createSegments<T extends string>(
  parent: Element,
  name: string,
  choices: readonly T[],
  pick: (value: T) => void,
) {
  const group = add(parent, make("span", "lw-segments", { role: "group", "aria-label": name }));
  const buttons = choices.map((value) => {
    const button = add(group, make("button", "lw-segment", { type: "button" }));
    button.addEventListener("click", () => pick(value));
    return button;
  });
  return (chosen: T, words: Partial<Record<T, [text: string, title?: string]>>): void => {
    for (const [i, button] of buttons.entries()) {
      const value = choices[i] as T;
      const [text = "", title = ""] = words[value] ?? [];
      button.hidden = !text;
      button.textContent = text;
      button.title = title;
      button.setAttribute("aria-pressed", String(value === chosen));
    }
    group.hidden = Object.keys(words).length < 2;
  };
}
