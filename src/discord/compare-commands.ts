/** A command as one of us or Discord writes it; the same thing is said in different ways, so fields are read as they come. */
type Loose = Readonly<Record<string, unknown>>;

const chatInput = 1;
const guildInstall = 0;

/**
 * Names the commands that differ between what is wanted and what Discord has (as read `with_localizations=true`):
 * new, changed and left over ones. Empty when nothing needs to be written. The order of commands does not matter;
 * that of options and choices, which people see, does.
 */
export function differingCommands(wanted: readonly object[], registered: readonly object[]): string[] {
  const ours = byIdentity(wanted);
  const theirs = byIdentity(registered);
  const all = new Set([...ours.keys(), ...theirs.keys()]);
  return [...all].filter((key) => ours.get(key) !== theirs.get(key)).map((key) => key.replace(/^\d+ /, ''));
}

/** A slash command and a menu entry may have the same name. */
function byIdentity(commands: readonly object[]): Map<string, string> {
  return new Map(
    (commands as readonly Loose[]).map((command) => [
      `${Number(command.type ?? chatInput)} ${String(command.name)}`,
      JSON.stringify(commandEssence(command)),
    ]),
  );
}

/** What counts, said in one way; ids, version and dm_permission do not. */
function commandEssence(command: Loose): object {
  return {
    ...wordsOf(command),
    type: command.type ?? chatInput,
    permissions: command.default_member_permissions ?? null,
    nsfw: command.nsfw ?? false,
    contexts: set(command.contexts),
    integrations: set(command.integration_types ?? [guildInstall]),
    options: list(command.options).map(optionEssence),
  };
}

function optionEssence(option: Loose): object {
  return {
    ...wordsOf(option),
    type: option.type,
    required: option.required ?? false,
    autocomplete: option.autocomplete ?? false,
    choices: list(option.choices).map((choice) => ({ ...wordsOf(choice), value: choice.value })),
    channelTypes: set(option.channel_types),
    limits: [option.min_value, option.max_value, option.min_length, option.max_length].map((limit) => limit ?? null),
    options: list(option.options).map(optionEssence),
  };
}

function wordsOf(named: Loose): object {
  return {
    name: named.name,
    names: translations(named.name_localizations, named.name),
    description: named.description ?? '',
    descriptions: translations(named.description_localizations, named.description),
  };
}

/** Without what says the same as the default: Discord may drop that. */
function translations(given: unknown, fallback: unknown): [string, unknown][] {
  const entries = Object.entries((given ?? {}) as Loose);
  const telling = entries.filter(([, words]) => words !== null && words !== undefined && words !== fallback);
  return telling.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Sorted and each once; null where nothing is said. */
function set(given: unknown): unknown[] | null {
  return given === undefined || given === null ? null : [...new Set(given as unknown[])].sort();
}

function list(given: unknown): readonly Loose[] {
  return (given ?? []) as readonly Loose[];
}
