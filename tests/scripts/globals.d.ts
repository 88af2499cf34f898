/** Jest puts these in every test file's reach; their types are those of the package they come from. */
type Jest = typeof import('@jest/globals');

declare const afterAll: Jest['afterAll'];
declare const afterEach: Jest['afterEach'];
declare const beforeAll: Jest['beforeAll'];
declare const beforeEach: Jest['beforeEach'];
declare const describe: Jest['describe'];
declare const expect: Jest['expect'];
declare const it: Jest['it'];
declare const test: Jest['test'];

/** Which versions of Node will do, in plain JavaScript as all that runs before an installation. */
declare module '*/scripts/lib/node-versions.mjs' {
  export function nodeProblem(version?: string): string | undefined;
}

/** The table of layers, which is JavaScript as ESLint's other settings are. */
declare module '*/eslint.layers.mjs' {
  export const capabilities: Readonly<Record<string, readonly string[]>>;
  export const exceptions: readonly (readonly [from: string, to: string])[];
}
