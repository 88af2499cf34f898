import { defineConfig } from 'eslint/config';
import n from 'eslint-plugin-n';
import tseslint from 'typescript-eslint';
import { layersConfig } from './eslint.layers.mjs';

const noProcessEnv = 'The environment is read in src/index.ts and src/cli.ts only; take a Config instead.';

export default defineConfig(
  { ignores: ['dist*/', 'coverage/', 'data/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true },
    plugins: { n },
    rules: {
      'n/file-extension-in-import': ['error', 'always'],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // An async method may have nothing to wait for yet: its port says what it returns.
      '@typescript-eslint/require-await': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'prefer-const': 'error',
    },
  },
  layersConfig,
  {
    files: ['src/**/*.ts'],
    rules: { 'max-lines': ['error', 300] },
  },
  {
    files: ['src/**/*.ts'],
    // The last hands it on to a command, without reading it.
    ignores: ['src/index.ts', 'src/cli.ts', 'src/server/run-command.ts'],
    rules: {
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: noProcessEnv }],
      'no-restricted-imports': [
        'error',
        { paths: ['node:process', 'process'].map((name) => ({ name, importNames: ['env'], message: noProcessEnv })) },
      ],
    },
  },
  {
    // Every bot has its own state, and a test finds nothing that the one before has left.
    files: ['src/**/*.ts'],
    ignores: ['src/words.ts'], // reads each language once
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'Program > VariableDeclaration[kind="let"], Program > ExportNamedDeclaration > VariableDeclaration[kind="let"]',
          message: 'A module keeps no state: give it to what src/app.ts or the command line makes.',
        },
        {
          selector:
            'CallExpression[callee.name="spawn"]:not(:has(Property[key.name="detached"])):not(:has(SpreadElement[argument.name="apart"])), ImportDeclaration[source.value="node:child_process"] > ImportSpecifier[imported.name=/^(exec|fork|spawnSync)/]',
          message:
            'Start it apart from our terminal (src/server/run-command.ts): where root has become a user, that user could take it over.',
        },
      ],
    },
  },
  {
    // Programs that talk to the person at the terminal.
    files: ['src/cli.ts', 'sandbox/**/*.ts', 'bench/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // Answers of servers and databases are looked at as they come; assertions are the check.
    files: ['tests/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // A file that tests share is loaded once for many of them: what it did while it was loaded, it would do for the first only.
    files: ['tests/**/*.ts'],
    ignores: ['tests/**/*.test.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'Program > ExpressionStatement > CallExpression[callee.name=/^(before|after)(All|Each)$/]',
          message: 'Export what is to be done, and let each test file say when.',
        },
      ],
    },
  },
  {
    // The stand-in for Discord and Jellyfin shares no code with the bot: it would share its mistakes.
    files: ['sandbox/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: ['**/src/**'] }],
      // It reads whatever a bot may send, field by field; these two take such JSON for a mistake.
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
