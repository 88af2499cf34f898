/** Services' files that hold the domain's words and pure functions on them, no behaviour: free to adapters. */
const domain = ['services/accounts/account.js', 'services/members/actor.js'];

/** What the repair and those who start it say to one another: names only. */
const repairWords = ['services/rescue/ladder/repair-port.js'];

/** Modules that lean on nothing and belong to no layer. */
const neutral = ['errors.js', 'secret.js', 'is-recent.js', 'keyed-mutex.js', 'sync-folder.js'];

/**
 * Who may import what: the dependency table of the project, one line for a folder or file under src/.
 * `ours`: modules of src/ by path, `*` for one name and `**` for any depth; `types`: the same, but `import type` only;
 * `packages`: npm packages by name, `*` allowed. Node's own modules are free to all. Null: anything.
 * The first line that fits a file counts.
 */
export const layers = [
  // The files that wire.
  { from: 'app.js', ours: null, packages: null },
  { from: 'app/**', ours: null, packages: null },
  { from: 'index.js', ours: null, packages: null },
  { from: 'cli.js', ours: null, packages: null },
  { from: 'cli/**', ours: null, packages: null },

  // What everybody may lean on leans on nothing.
  { from: 'errors.js', ours: [], packages: [] },
  { from: 'secret.js', ours: [], packages: [] },
  { from: 'is-recent.js', ours: [], packages: [] },
  { from: 'keyed-mutex.js', ours: [], packages: [] },
  { from: 'sync-folder.js', ours: [], packages: [] },
  { from: 'little-memory.js', ours: [], packages: [] },
  { from: 'repair-program.js', ours: [], packages: [] },
  { from: 'config.js', ours: ['config/**', 'secret.js'], packages: ['valibot'] },
  { from: 'config/**', ours: ['config/**', 'secret.js'], packages: ['valibot'] },
  { from: 'env-file.js', ours: ['sync-folder.js'], packages: ['dotenv'] },
  { from: 'save-key.js', ours: ['env-file.js', 'errors.js'], packages: [] },
  { from: 'logger.js', ours: ['logger/**', 'secret.js'], packages: ['pino', 'pino-pretty'] },
  { from: 'logger/**', ours: ['logger/**', 'secret.js'], packages: ['pino', 'pino-pretty'] },
  { from: 'words.js', ours: ['errors.js', 'locales/**'], packages: ['i18next'] },

  // Services decide what to do; they know no library and no adapter.
  { from: 'services/**', ours: ['services/**', ...neutral], packages: [] },

  // Commands decide what to say.
  {
    from: 'commands/**',
    ours: [
      'commands/**',
      'services/**',
      'errors.js',
      'discord/command.js',
      'discord/guards.js',
      'discord/escape.js',
      'discord/link-buttons.js',
      'discord/parts.js',
    ],
    types: ['words.js'],
    packages: ['discord.js'],
  },

  // Adapters do it, each with its own library, knowing nothing of one another.
  {
    from: 'db/**',
    ours: ['db/**', ...domain, ...neutral],
    types: ['services/**', 'logger.js'],
    packages: ['better-sqlite3', 'valibot'],
  },
  {
    from: 'jellyfin/**',
    ours: ['jellyfin/**', ...domain, ...neutral],
    types: ['services/**', 'logger.js'],
    packages: ['@jellyfin/sdk', 'axios', 'valibot'],
  },
  // The server's process and folder on this machine.
  {
    from: 'server/**',
    ours: ['server/**', ...neutral],
    types: ['services/**', 'logger.js'],
    packages: ['fast-xml-parser', 'valibot'],
  },
  // The repair of jellyfin.db: a program of its own, and what starts it.
  {
    from: 'repair/**',
    ours: ['repair/**', 'server/**', 'db/jellyfin-db/**', 'db/file-lock.js', ...repairWords, ...neutral],
    types: ['services/**', 'logger.js'],
    packages: ['valibot'],
  },
  {
    from: 'discord/**',
    ours: ['discord/**', ...domain, ...neutral],
    types: ['services/**', 'logger.js', 'words.js'],
    packages: ['discord.js'],
  },
  // Pictures.
  {
    from: 'drawing/**',
    ours: ['drawing/**', ...neutral],
    types: ['services/**', 'logger.js'],
    packages: ['@resvg/resvg-js'],
  },
  {
    from: 'jobs/**',
    ours: ['jobs/**', ...domain, 'errors.js'],
    types: ['services/**', 'logger.js'],
    packages: ['node-cron'],
  },
];
