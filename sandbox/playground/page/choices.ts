import { type, type Component } from './components.js';
import { avatar } from './message.js';
import type { Choice } from './sheet.js';
import type { Store } from './store.js';

/** What a select of people, roles or channels offers. */
export function choicesFor(
  { names, channels, people }: Store,
  { type: kind, channel_types: wanted = [] }: Component,
): readonly Choice[] {
  const persons = people.map(({ id, name }) => ({ value: id, label: name, mark: avatar(name, false, 'small') }));
  const named = Object.entries(names.roles).filter(([id]) => id !== names.guildId);
  const roles = named.map(([value, name]) => ({ value, label: `@${name}` }));
  if (kind === type.userSelect) return persons;
  if (kind === type.roleSelect) return roles;
  if (kind === type.mentionableSelect) return [...persons, ...roles];
  if (kind !== type.channelSelect) return [];
  const fits = channels.filter(({ name, type: its }) => name !== '' && (wanted.length === 0 || wanted.includes(its)));
  return fits.map(({ id, name }) => ({ value: id, label: `#${name}` }));
}
