import { isBuiltin } from 'node:module';
import { dirname, relative, resolve, sep } from 'node:path';
import { inRoot } from '../lib/root.mjs';
import { layers } from './layers.mjs';

const src = inRoot('src');

/** ESLint rule: an import under src/ that the dependency table does not allow is reported, `import()` and types included. */
export const layersRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      unlisted: 'src/{{from}} is in no line of scripts/lint/layers.mjs: say there what it may import.',
      outside: 'Nothing under src/ may import from outside of it ({{target}}).',
      ours: '{{from}} may not import {{target}} (scripts/lint/layers.mjs).',
      types: '{{from}} may import {{target}} with "import type" only (scripts/lint/layers.mjs).',
      package: '{{from}} may not import the package {{target}} (scripts/lint/layers.mjs).',
    },
  },
  create(context) {
    const file = toModule(relative(src, context.filename));
    const layer = layers.find(({ from }) => fits(file, from));

    function check(node, source, typeOnly) {
      if (!layer) return context.report({ node, messageId: 'unlisted', data: { from: file } });
      const problem = problemOf(layer, source, context.filename, typeOnly);
      if (problem)
        context.report({ node, messageId: problem.kind, data: { from: layer.from, target: problem.target } });
    }

    return {
      ImportDeclaration: (node) => check(node, node.source.value, node.importKind === 'type' || allTypes(node)),
      ExportNamedDeclaration: (node) => node.source && check(node, node.source.value, node.exportKind === 'type'),
      ExportAllDeclaration: (node) => check(node, node.source.value, node.exportKind === 'type'),
      ImportExpression: (node) => node.source.type === 'Literal' && check(node, node.source.value, false),
      TSImportType: (node) => check(node, node.source.value, true),
    };
  },
};

/** `import { type A, type B }` loads the module under verbatimModuleSyntax, yet depends on no more than its types. */
const allTypes = ({ specifiers }) => specifiers.length > 0 && specifiers.every((one) => one.importKind === 'type');

function problemOf(layer, source, filename, typeOnly) {
  if (!source.startsWith('.')) {
    if (isBuiltin(source) || !layer.packages) return undefined;
    const allowed = layer.packages.some((name) => source === name || source.startsWith(`${name}/`));
    return allowed ? undefined : { kind: 'package', target: source };
  }
  const path = relative(src, resolve(dirname(filename), source));
  if (path.startsWith('..')) return { kind: 'outside', target: source };
  const target = toModule(path);
  if (!layer.ours || layer.ours.some((pattern) => fits(target, pattern))) return undefined;
  if (!layer.types?.some((pattern) => fits(target, pattern))) return { kind: 'ours', target };
  return typeOnly ? undefined : { kind: 'types', target };
}

/** A path as an import names it: slashes, and .js for .ts. */
const toModule = (path) => path.split(sep).join('/').replace(/\.ts$/, '.js');

/** Does a module's path fit a line's pattern: itself, or a folder with everything below it? */
const fits = (path, pattern) => (pattern.endsWith('/**') ? path.startsWith(pattern.slice(0, -2)) : path === pattern);
