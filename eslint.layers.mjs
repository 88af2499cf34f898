import boundaries from 'eslint-plugin-boundaries';

/** Files of services/ that stand on no capability and that every capability may import. */
const common = ['services/audit.ts', 'services/events.ts', 'services/log.ts', 'services/transaction.ts'];

/**
 * Which capability of services/ may import which. Nothing imports upward, and `requests` imports no kind of request: the
 * kinds (passwords, links, unlocks) register with it.
 */
export const capabilities = {
  members: [],
  accounts: ['members'],
  devices: ['members', 'accounts'],
  'login-page': ['members'],
  causes: ['accounts'],
  notices: ['members', 'accounts'],
  requests: ['members', 'accounts', 'notices'],
  unlocks: ['members', 'accounts', 'requests'],
  passes: ['members', 'accounts', 'notices', 'requests'],
  enabling: ['members', 'accounts', 'requests'],
  passwords: ['members', 'accounts', 'causes', 'notices', 'requests'],
  links: ['members', 'accounts', 'notices', 'requests'],
  'sign-in': ['members', 'accounts', 'notices', 'requests'],
  'status-card': ['members', 'accounts', 'notices', 'requests'],
  outages: ['members', 'accounts', 'notices'],
  pins: ['members', 'accounts', 'notices'],
  rescue: ['members', 'accounts', 'notices', 'requests', 'unlocks', 'passwords', 'links', 'pins'],
  history: ['members', 'accounts', 'requests', 'rescue'],
  lockouts: ['members', 'accounts', 'notices', 'requests', 'unlocks', 'pins', 'history'],
};

const inServices = (names) => names.map((name) => `services/${name}/**`);

/** Types and pure functions of the domain, which adapters may use as they are. */
const domain = ['services/accounts/account.ts', 'services/members/actor.ts'];

/** Modules that import no code of the project and belong to no layer. */
const neutral = [
  'as-owner.ts',
  'error-code.ts',
  'errors.ts',
  'identifiers.ts',
  'keyed-mutex.ts',
  'secret.ts',
  'settings-text.ts',
  'slips.ts',
  'small-file.ts',
  'sync-folder.ts',
  'time.ts',
  'tried.ts',
  'umask.ts',
  'way-to.ts',
];

/**
 * Who may import whom under src/: `ours` by path, `types` by `import type` only, `packages` by name. Node's own modules are
 * free to all. A file that no line names may import nothing.
 */
const layers = [
  // The files that wire everything.
  { from: ['app.ts', 'app/**', 'index.ts', 'cli.ts', 'cli/**'], ours: ['**'], packages: ['**'] },

  {
    from: ['config.ts', 'config/**'],
    ours: ['config/**', 'error-code.ts', 'secret.ts', 'settings-text.ts', 'slips.ts', 'time.ts'],
    types: ['words.ts'],
    packages: ['valibot'],
  },
  { from: ['env-file.ts'], ours: [...neutral, 'config/variables.ts'], types: ['words.ts'], packages: ['dotenv'] },
  { from: ['settings-text.ts'], packages: ['dotenv'] },
  { from: ['sync-folder.ts'], ours: ['error-code.ts'] },
  { from: ['way-to.ts'], ours: ['as-owner.ts', 'error-code.ts'] },
  { from: ['small-file.ts'], ours: ['as-owner.ts', 'way-to.ts'] },
  { from: ['as-owner.ts'], ours: ['tried.ts'] },
  { from: ['error-code.ts'], types: ['words.ts'] },
  {
    from: ['logger.ts', 'logger/**'],
    ours: ['logger/**', 'secret.ts'],
    types: ['services/log.ts'],
    packages: ['pino', 'pino-pretty'],
  },
  // The names of its sentences are the codes of errors.
  { from: ['errors.ts'], types: ['locales/**'] },
  { from: ['words.ts'], ours: ['errors.ts', 'locales/**'], packages: ['i18next'] },

  // The questions of a set-up, over the adapters that the bot has.
  {
    from: ['setup/**'],
    ours: ['setup/**', 'cli/report.ts', 'config/readers.ts', 'discord/**', 'jellyfin/**', 'server/**', ...neutral],
    types: ['services/**', 'words.ts'],
    packages: ['@clack/prompts', 'discord.js', 'uqr'],
  },

  // Services decide what to do. They know no library and no adapter.
  { from: ['services/*.ts'], ours: ['services/**', ...neutral] },
  ...Object.entries(capabilities).map(([name, below]) => ({
    from: inServices([name]),
    ours: [...inServices([name, ...below]), ...common, ...neutral],
  })),

  // Commands decide what to say.
  {
    from: ['commands/**'],
    ours: [
      'commands/**',
      'services/**',
      'errors.ts',
      'identifiers.ts',
      'discord/command.ts',
      'discord/guards.ts',
      'discord/escape.ts',
      'discord/form.ts',
      'discord/error-answer.ts',
      'discord/which-account.ts',
      'discord/parts.ts',
    ],
    types: ['words.ts'],
    packages: ['discord.js'],
  },

  // Adapters do it, each with its own library. They do not know each other.
  {
    from: ['db/**'],
    ours: ['db/**', ...domain, ...neutral],
    types: ['words.ts'],
    packages: ['better-sqlite3', 'valibot'],
  },
  {
    from: ['jellyfin/**'],
    ours: ['jellyfin/**', ...domain, ...neutral],
    packages: ['@jellyfin/sdk', 'axios', 'valibot'],
  },
  { from: ['discord/**'], ours: ['discord/**', ...domain, ...neutral], types: ['words.ts'], packages: ['discord.js'] },
  { from: ['drawing/**'], ours: ['drawing/**', ...neutral], packages: ['@resvg/resvg-js'] },
  { from: ['jobs/**'], ours: ['jobs/**', ...domain, 'errors.ts'], packages: ['node-cron'] },
  // The server's process and folder on this machine.
  { from: ['server/**'], ours: ['server/**', ...neutral], packages: ['dotenv', 'fast-xml-parser', 'valibot'] },
  // The repair of jellyfin.db, a program of its own, and the code that starts it.
  {
    from: ['repair/**'],
    ours: [
      'repair/**',
      'server/**',
      'db/jellyfin-db/**',
      'db/file-lock.ts',
      ...domain,
      'services/rescue/ladder/repair-port.ts',
      ...neutral,
    ],
    packages: ['valibot'],
  },
  {
    from: ['db', 'jellyfin', 'discord', 'drawing', 'jobs', 'server', 'repair'].map((adapter) => `${adapter}/**`),
    types: ['services/**'],
  },
];

const under = (paths) => ({ file: { path: paths.map((path) => `src/${path}`) } });
const installed = (names) => ({ module: { origin: 'external', source: names } });

const policies = layers.flatMap(({ from, ours, types, packages }) => [
  ...(ours ? [{ from: under(from), allow: { to: under(ours) } }] : []),
  ...(types ? [{ from: under(from), allow: { to: under(types), dependency: { kind: 'type' } } }] : []),
  ...(packages ? [{ from: under(from), allow: { to: installed(packages) } }] : []),
]);
const nodesOwn = { allow: { to: { module: { origin: 'core' } } } };

/** The configuration of ESLint that holds this table. */
export const layersConfig = {
  files: ['src/**/*.ts'],
  plugins: { boundaries },
  settings: {
    'import/resolver': { typescript: true },
    'boundaries/root-path': import.meta.dirname,
    'boundaries/files': [{ category: 'any', pattern: '**/*' }],
    'boundaries/dependency-nodes': ['import', 'dynamic-import', 'export'],
    'boundaries/additional-dependency-nodes': [
      { selector: 'TSImportType > Literal', kind: 'type', name: 'type-in-place' },
    ],
    'boundaries/legacy-templates': false,
  },
  rules: {
    'boundaries/dependencies': [
      'error',
      {
        default: 'disallow',
        checkAllOrigins: true,
        checkUnknownLocals: true,
        checkInternals: true,
        message:
          '{{from.file.path}} may not import {{dependency.source}} ({{dependency.kind}}): see eslint.layers.mjs.',
        policies: [nodesOwn, ...policies],
      },
    ],
  },
};
