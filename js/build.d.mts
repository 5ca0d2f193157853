import type { BuildOptions, OutputFile } from "esbuild";

export const OPTIONS: BuildOptions & { write: false };
export function shipped(outputFiles: OutputFile[]): Promise<Record<string, string>>;
