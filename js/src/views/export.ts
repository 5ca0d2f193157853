import { add, make, say } from "../dom.ts";
import { addKey, onFrame, type View } from "../view.ts";
import { download, fileName } from "./export/file.ts";
import { picture } from "./export/picture.ts";
import { spanWords, table, unitsOf } from "./export/table.ts";
import { createPopover } from "./popover.ts";

/** What one takes away, made here: no kernel is needed for what is on screen. */
export function exportMenu(view: View, parent: Element): void {
  const { store } = view;
  const button = add(parent, make("button", "lw-text-button", { type: "button" }));
  button.textContent = "export";
  button.title = "save a picture or the numbers (e)";
  const popover = createPopover(view, button, "export");
  popover.panel.classList.add("lw-export");
  const [image, numbers] = [choice(popover.panel), choice(popover.panel)];
  const status = add(popover.panel, make("div", "lw-quiet", { role: "status" }));

  const save = async (ending: string, make: () => Promise<Blob>) => {
    say(status, "\u2026");
    try {
      download(view.root, await make(), fileName(store, ending));
      // Where the file went the browser says; where a frame may save none, nobody would.
      say(status, `handed ${fileName(store, ending)} to the browser`);
    } catch (reason) {
      say(status, (reason as Error).message);
    }
  };
  const listening = { signal: view.stop };
  image.addEventListener("click", () => void save("png", () => picture(view)), listening);
  numbers.addEventListener("click", () => void save("csv", () => table(view)), listening);
  const toggle = () => {
    if (popover.isOpen.peek()) return popover.close();
    say(status, "");
    popover.open(image);
  };
  button.addEventListener("click", toggle, listening);
  addKey(view, "e", "export a picture or the numbers", toggle);
  onFrame(view, () => {
    say(image, "picture of the plots (PNG)");
    say(numbers, `numbers of unit ${unitsOf(store).join(", ")}, t = ${spanWords(store)} (CSV)`);
  });
}

function choice(panel: Element): HTMLButtonElement {
  return add(panel, make("button", "lw-export-choice", { type: "button" }));
}
