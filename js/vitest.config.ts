import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { env } from "node:process";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

const NAMES = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser"];

/** The browser that is installed; none is ever downloaded. */
function findChrome(): string {
  if (env.CHROME_PATH) return env.CHROME_PATH;
  for (const name of NAMES)
    for (const folder of (env.PATH ?? "").split(delimiter)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not here; look further.
      }
    }
  throw new Error(`The tests need a browser: install Chrome or Chromium, or set CHROME_PATH. Looked for ${NAMES}.`);
}

const launchOptions = {
  executablePath: findChrome(),
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "browser",
          include: ["tests/**/*.test.ts"],
          exclude: ["tests/bundle.test.ts"],
          browser: {
            enabled: true,
            headless: true,
            provider: playwright({ launchOptions }),
            instances: [{ browser: "chromium" }],
            viewport: { width: 1100, height: 900 },
            screenshotFailures: false,
          },
        },
        // The fixture is shared with the kernel's tests and lies above this folder.
        server: { fs: { allow: [".."] } },
        optimizeDeps: { include: ["@preact/signals-core", "axe-core"] },
      },
      { test: { name: "files", include: ["tests/bundle.test.ts"], environment: "node" } },
    ],
  },
});
