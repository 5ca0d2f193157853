import { afterEach, expect, test } from "vitest";
import { withKernel } from "./fake.ts";
import { makeFake } from "./fake-data.ts";
import { frame, type Page, render } from "./render.ts";

/** How each host says that it is dark, or light: a mark on the page or on the body. */
const HOSTS: Record<string, [dark: (page: HTMLElement) => void, light: (page: HTMLElement) => void]> = {
  Colab: [(page) => page.setAttribute("theme", "dark"), (page) => page.setAttribute("theme", "light")],
  JupyterLab: [() => mark("jpThemeLight", "false"), () => mark("jpThemeLight", "true")],
  "VS Code": [() => name("vscode-dark"), () => name("vscode-light")],
  "VS Code, high contrast": [() => name("vscode-high-contrast"), () => name("vscode-high-contrast-light")],
  marimo: [() => name("dark"), () => name("light")],
};

/** VS Code gives a light high contrast both names. */
function name(value: string): void {
  document.body.className = value === "vscode-high-contrast-light" ? `vscode-high-contrast ${value}` : value;
}

function mark(key: string, value: string): void {
  document.body.dataset[key] = value;
}

let page: Page | undefined;

afterEach(() => {
  page?.close();
  document.documentElement.removeAttribute("theme");
  document.documentElement.removeAttribute("style");
  document.body.removeAttribute("class");
  delete document.body.dataset.jpThemeLight;
});

const colours = (root: Element) => [getComputedStyle(root).color, getComputedStyle(root).backgroundColor];
const DARK = ["rgb(230, 230, 230)", "rgb(23, 23, 23)"];
const LIGHT = ["rgb(31, 31, 31)", "rgb(255, 255, 255)"];

for (const [host, [dark, light]] of Object.entries(HOSTS))
  test(`${host} is followed, into the dark and back`, async () => {
    page = render(withKernel(makeFake({ timesteps: 8, units: 2 })));
    dark(document.documentElement);
    await frame();
    expect(colours(page.root)).toEqual(DARK);
    light(document.documentElement);
    await frame();
    expect(colours(page.root)).toEqual(LIGHT);
  });

test("JupyterLab's own colours are taken where they fit the theme", async () => {
  document.documentElement.style.cssText = "--jp-layout-color0: #002b36; --jp-content-font-color1: #93a1a1";
  mark("jpThemeLight", "false");
  page = render(withKernel(makeFake({ timesteps: 8, units: 2 })));
  await frame();
  expect(colours(page.root)).toEqual(["rgb(147, 161, 161)", "rgb(0, 43, 54)"]);
});

test("and left where they do not: ipywidgets 7 defines light ones on every page", async () => {
  document.documentElement.style.cssText = "--jp-layout-color0: white; --jp-content-font-color1: black";
  page = render(withKernel(makeFake({ timesteps: 8, units: 2 })));
  await frame();
  expect(colours(page.root)).toEqual(["rgb(0, 0, 0)", "rgb(255, 255, 255)"]);
  document.documentElement.setAttribute("theme", "dark");
  await frame();
  expect(colours(page.root)).toEqual(DARK);
});
