import { COMMAND, OPTION } from '../constants.js';
import { asObjects, isObject, type JsonObject } from '../json.js';
import {
  anything,
  choice,
  integer,
  list,
  nullable,
  number,
  shape,
  text,
  truth,
  type Path,
  type Problems,
  type Rule,
} from './check.js';

const CHAT_NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

/** Names of chat commands and options: no capitals, no blanks. */
const chatName: Rule = (value, path, problems) => {
  text({ min: 1, max: 32, pattern: CHAT_NAME })(value, path, problems);
  if (typeof value === 'string' && CHAT_NAME.test(value) && value !== value.toLowerCase()) {
    problems.add(path, 'APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid');
  }
};
const menuName = text({ min: 1, max: 32 });
const description = text({ min: 1, max: 100 });

const LOCALES = new Set(
  'id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko'.split(
    ' ',
  ),
);

function localised(rule: Rule): Rule {
  return nullable((value, path, problems) => {
    if (!isObject(value)) return problems.add(path, 'DICT_TYPE_CONVERT', 'Only dictionaries may be used in a DictType');
    for (const [locale, words] of Object.entries(value)) {
      if (!LOCALES.has(locale))
        problems.add([...path, locale], 'ENUM_TYPE_COERCE', `Value "${locale}" is not a valid enum value.`);
      else if (words !== null) rule(words, [...path, locale], problems);
    }
  });
}

const choices = list(
  shape(
    {
      name: text({ min: 1, max: 100 }),
      name_localizations: localised(text({ min: 1, max: 100 })),
      value: (value, path, problems) => {
        if (typeof value !== 'number') text({ min: 1, max: 100 })(value, path, problems);
      },
    },
    ['name', 'value'],
  ),
  { max: 25 },
);

const option: Rule = (value, path, problems) => {
  shape(
    {
      type: choice(...Object.values(OPTION)),
      name: chatName,
      name_localizations: localised(chatName),
      description,
      description_localizations: localised(description),
      required: nullable(truth),
      autocomplete: nullable(truth),
      choices: nullable(choices),
      channel_types: nullable(list(integer(0, 30), { max: 20 })),
      min_value: nullable(number()),
      max_value: nullable(number()),
      min_length: nullable(integer(0, 6000)),
      max_length: nullable(integer(1, 6000)),
      options: nullable(options),
    },
    ['type', 'name', 'description'],
  )(value, path, problems);
  if (!isObject(value)) return;
  if (value['autocomplete'] === true && asObjects(value['choices']).length > 0) {
    problems.add(
      [...path, 'autocomplete'],
      'APPLICATION_COMMAND_OPTION_AUTOCOMPLETE_CHOICES',
      'An option cannot have both choices and autocomplete',
    );
  }
};

/** Options of a command or subcommand: 25 at most, names once, required ones first. */
function options(value: Parameters<Rule>[0], path: Path, problems: Problems): void {
  list(option, { max: 25 })(value, path, problems);
  const all = asObjects(value);
  const names = new Set<unknown>();
  let optionalSeen = false;
  for (const [index, each] of all.entries()) {
    if (names.has(each['name'])) {
      problems.add([...path, index, 'name'], 'APPLICATION_COMMAND_OPTIONS_NAME_INVALID', 'Option name is already used');
    }
    names.add(each['name']);
    if (each['required'] === true && optionalSeen) {
      problems.add(
        [...path, index],
        'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
        'Required options must be placed before non-required options',
      );
    }
    if (each['required'] !== true) optionalSeen = true;
  }
}

const permissions: Rule = (value, path, problems) => {
  if (!/^\d+$/.test(String(value))) problems.add(path, 'NUMBER_TYPE_COERCE', `Value "${String(value)}" is not int.`);
};

/** One command's payload; `partial` for PATCH, where everything may be left out. */
export function command(partial = false): Rule {
  return (value, path, problems) => {
    const body: JsonObject = isObject(value) ? value : {};
    const isChat = (body['type'] ?? COMMAND.ChatInput) === COMMAND.ChatInput;
    const name = isChat ? chatName : menuName;
    shape(
      {
        id: anything,
        type: nullable(choice(COMMAND.ChatInput, COMMAND.User, COMMAND.Message, COMMAND.EntryPoint)),
        name,
        name_localizations: localised(name),
        description: isChat ? description : emptyDescription,
        description_localizations: isChat ? localised(description) : anything,
        options: isChat ? nullable(options) : nullable(list(anything, { max: 0 })),
        default_member_permissions: nullable(permissions),
        dm_permission: nullable(truth),
        default_permission: nullable(truth),
        contexts: nullable(list(choice(0, 1, 2), { min: 1, max: 3 })),
        integration_types: nullable(list(choice(0, 1), { min: 1, max: 2 })),
        nsfw: nullable(truth),
        handler: anything,
      },
      partial ? [] : isChat ? ['name', 'description'] : ['name'],
    )(value, path, problems);
  };
}

const emptyDescription: Rule = (value, path, problems) => {
  if (value !== '' && value !== null) {
    problems.add(
      path,
      'APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_NOT_ALLOWED',
      'Context menu commands cannot have description',
    );
  }
};

const MAX_OF_KIND: Record<number, number> = { [COMMAND.ChatInput]: 100, [COMMAND.User]: 15, [COMMAND.Message]: 15 };

/** A whole set of commands, as PUT takes it. */
export const commandSet: Rule = (value, path, problems) => {
  list(command(), { max: 130 })(value, path, problems);
  const all = asObjects(value);
  const seen = new Set<string>();
  for (const [index, each] of all.entries()) {
    const key = `${String(each['type'] ?? 1)} ${String(each['name'])}`;
    if (seen.has(key))
      problems.add(
        [...path, index, 'name'],
        'APPLICATION_COMMANDS_DUPLICATE_NAME',
        'Application command names must be unique',
      );
    seen.add(key);
  }
  for (const [kind, max] of Object.entries(MAX_OF_KIND)) {
    const count = all.filter((each) => String(each['type'] ?? 1) === kind).length;
    if (count > max)
      problems.add(path, 'APPLICATION_COMMAND_TOO_MANY', `Maximum number of application commands reached (${max}).`);
  }
};
