/** Which versions of Node will do, in plain JavaScript as all that runs before an installation. */
declare module '*/scripts/lib/node-versions.mjs' {
  export function nodeProblem(version?: string): string | undefined;
}

/** The table of layers, which is JavaScript as ESLint's other settings are. */
declare module '*/eslint.layers.mjs' {
  export const capabilities: Readonly<Record<string, readonly string[]>>;
}
