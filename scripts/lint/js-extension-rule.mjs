/**
 * ESLint rule: a relative import names the file as node will find it. Without the extension it compiles
 * (moduleResolution bundler) and passes in jest, and then crashes in node.
 */
export const jsExtensionRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { missing: 'Write the file name that node will load: {{source}} has to end in .js (or .json).' },
  },
  create(context) {
    function check(source) {
      if (typeof source?.value !== 'string' || !/^\.{1,2}(\/|$)/.test(source.value)) return;
      if (/\.(js|mjs|json)$/.test(source.value)) return;
      context.report({ node: source, messageId: 'missing', data: { source: source.value } });
    }
    return {
      ImportDeclaration: ({ source }) => check(source),
      ExportNamedDeclaration: ({ source }) => check(source),
      ExportAllDeclaration: ({ source }) => check(source),
      ImportExpression: ({ source }) => check(source),
      TSImportType: ({ source }) => check(source),
    };
  },
};
