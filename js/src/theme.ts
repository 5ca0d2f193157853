import { type ReadonlySignal, signal } from "@preact/signals-core";

/** What canvases need of the style sheet. */
export interface Theme {
  dark: boolean;
  ink: string;
  quiet: string;
  rule: string;
  paper: string;
  veil: string;
  accent: string;
}

function luminance(colour: string): number | null {
  const [red = 0, green = 0, blue = 0, alpha = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return alpha < 0.5 ? null : (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}

const DARK =
  'html[theme="dark"], .vscode-dark, .vscode-high-contrast:not(.vscode-high-contrast-light), [data-jp-theme-light="false"], .dark, [data-theme="dark"]';
const LIGHT = 'html[theme="light"], .vscode-light, [data-jp-theme-light="true"], .light, [data-theme="light"]';

/** The element and its ancestors, out of shadow roots too. */
function* upwards(element: Element): Generator<Element> {
  for (let at: Element | null = element; at; ) {
    yield at;
    const root: Node = at.getRootNode();
    at = at.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
  }
}

/** Hosts say it in five ways; where none does, the page's own background decides. */
export function isDark(element: Element): boolean {
  const chain = [...upwards(element)];
  const body = element.ownerDocument.body;
  // JupyterLab and VS Code mark the body, which a detached element does not reach.
  if (!chain.includes(body)) chain.push(body, element.ownerDocument.documentElement);
  for (const at of chain) {
    if (at.matches(DARK)) return true;
    if (at.matches(LIGHT)) return false;
  }
  for (const at of chain) {
    const light = luminance(getComputedStyle(at).backgroundColor);
    if (light !== null) return light < 0.5;
  }
  const scheme = getComputedStyle(element.ownerDocument.documentElement).colorScheme;
  return scheme.includes("dark") && (!scheme.includes("light") || matchMedia("(prefers-color-scheme: dark)").matches);
}

/** Watches the host, marks `root` for the style sheet, and says what its colours became. */
export function watchTheme(root: HTMLElement, stop: AbortSignal): ReadonlySignal<Theme> {
  const read = (): Theme => {
    // Asked of the parent: our own background follows the answer and must not give it.
    const dark = isDark(root.parentElement ?? root);
    root.toggleAttribute("data-lw-dark", dark);
    root.removeAttribute("data-lw-own");
    const style = getComputedStyle(root);
    // ipywidgets 7 defines JupyterLab's light colours on any page: where they contradict the host, ours are taken.
    const paper = luminance(style.backgroundColor);
    root.toggleAttribute("data-lw-own", paper !== null && paper < 0.5 !== dark);
    const colour = (name: string) => style.getPropertyValue(`--lw-${name}`).trim() || "#888";
    return {
      dark,
      ink: colour("ink"),
      quiet: colour("quiet"),
      rule: colour("rule"),
      paper: colour("paper"),
      veil: colour("veil"),
      accent: colour("accent"),
    };
  };
  const theme = signal(read());
  const update = () => {
    const next = read();
    if (JSON.stringify(next) !== JSON.stringify(theme.peek())) theme.value = next;
  };
  const observer = new MutationObserver(update);
  const { documentElement, body } = root.ownerDocument;
  const host = root.getRootNode();
  for (const at of [documentElement, body, host instanceof ShadowRoot ? host.host : body])
    observer.observe(at, { attributes: true });
  const preference = matchMedia("(prefers-color-scheme: dark)");
  preference.addEventListener("change", update, { signal: stop });
  // Hosts attach the element after `render`: only when it has a size do their variables reach it.
  const resized = new ResizeObserver(update);
  resized.observe(root);
  stop.addEventListener("abort", () => {
    observer.disconnect();
    resized.disconnect();
  });
  return theme;
}
