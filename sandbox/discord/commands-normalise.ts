import { COMMAND } from './constants.js';
import { asObjects, isObject, type Json, type JsonObject } from './json.js';

/**
 * A command as Discord keeps and returns it: defaults filled in, flags that are false left out of options,
 * localisations that say the same as the default dropped, sets sorted.
 */
export function normaliseCommand(body: JsonObject): JsonObject {
  const type = body['type'] ?? COMMAND.ChatInput;
  const contexts = sorted(body['contexts']);
  const options = asObjects(body['options']).map(normaliseOption);
  return {
    type,
    name: body['name'],
    name_localizations: localizations(body['name_localizations'], body['name']),
    description: type === COMMAND.ChatInput ? body['description'] : '',
    description_localizations: localizations(body['description_localizations'], body['description']),
    default_member_permissions:
      body['default_member_permissions'] === undefined || body['default_member_permissions'] === null
        ? null
        : String(body['default_member_permissions']),
    dm_permission: contexts ? contexts.includes(1) : (body['dm_permission'] ?? true),
    contexts,
    integration_types: sorted(body['integration_types']) ?? [0],
    nsfw: body['nsfw'] ?? false,
    ...(body['handler'] === undefined ? {} : { handler: body['handler'] }),
    ...(options.length > 0 ? { options } : {}),
  };
}

function sorted(value: Json | undefined): Json[] | null {
  return Array.isArray(value) ? [...new Set(value)].sort() : null;
}

function localizations(value: Json | undefined, fallback: Json | undefined): JsonObject | null {
  if (!isObject(value)) return null;
  const different = Object.entries(value).filter(
    ([, words]) => words !== null && words !== undefined && words !== fallback,
  );
  return different.length > 0 ? Object.fromEntries(different) : null;
}

function normaliseOption(option: JsonObject): JsonObject {
  const choices = asObjects(option['choices']).map((choice) => ({
    name: choice['name'],
    name_localizations: localizations(choice['name_localizations'], choice['name']),
    value: choice['value'],
  }));
  const options = asObjects(option['options']).map(normaliseOption);
  return {
    type: option['type'],
    name: option['name'],
    name_localizations: localizations(option['name_localizations'], option['name']),
    description: option['description'],
    description_localizations: localizations(option['description_localizations'], option['description']),
    ...(option['required'] === true ? { required: true } : {}),
    ...(option['autocomplete'] === true ? { autocomplete: true } : {}),
    ...(choices.length > 0 ? { choices } : {}),
    ...(options.length > 0 ? { options } : {}),
    ...pick(option, ['min_value', 'max_value', 'min_length', 'max_length', 'channel_types']),
  };
}

function pick(from: JsonObject, names: string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => (from[name] === undefined || from[name] === null ? [] : [[name, from[name]]])),
  );
}

/** The command without its dictionaries of translations, as GET answers unless asked `with_localizations`. */
export function withoutLocalizations(value: JsonObject): JsonObject {
  const plain = Object.entries(value).filter(([name]) => !name.endsWith('_localizations'));
  return Object.fromEntries(
    plain.map(([name, member]) => [
      name,
      name === 'options' || name === 'choices' ? asObjects(member).map(withoutLocalizations) : member,
    ]),
  );
}
