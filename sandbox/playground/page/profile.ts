import type { SeenPerson } from '../shared.js';
import { h, icon } from './dom.js';
import { avatar } from './message.js';
import { listbox, type Sheet } from './sheet.js';
import type { Words } from './words.js';

/** A command in the menu of a person. */
export interface MenuCommand {
  readonly name: string;
  readonly shown: string;
}

const rank = ({ role }: Pick<SeenPerson, 'role'>) => (role === 'admin' || role === 'helper' ? role : undefined);

/** Shows who is in a channel; a press opens their card. */
export function openMembers(
  sheet: Sheet,
  words: Words,
  people: readonly SeenPerson[],
  open: (id: string) => void,
): void {
  const choices = people.map((person) => {
    const description = rank(person);
    return {
      value: person.id,
      label: person.name,
      mark: avatar(person.name, false, 'small'),
      ...(description !== undefined && { description }),
    };
  });
  const list = listbox(words.members, choices, { chosen: new Set(), take: ({ value }) => open(value) });
  sheet.open(words.members, words.close, [list]);
}

/** Shows somebody's card, with the commands in their menu. */
export function openProfile(
  sheet: Sheet,
  words: Words,
  who: { readonly name: string; readonly isBot: boolean; readonly role: SeenPerson['role'] | undefined },
  commands: readonly MenuCommand[],
  use: (command: string) => void,
): void {
  const apps = commands.map(({ name, shown }) => {
    const press = (): void => {
      sheet.close();
      use(name);
    };
    return h('button', { type: 'button', class: 'menu-command', onclick: press }, icon('key'), shown);
  });
  const role = who.role && rank({ role: who.role });
  const card = h(
    'div',
    { class: 'profile' },
    avatar(who.name, who.isBot, 'large'),
    role ? h('span', { class: 'role-tag' }, role) : undefined,
  );
  const menu = h(
    'div',
    { class: 'menu', role: 'group', 'aria-label': words.apps },
    h('div', { class: 'menu-title' }, words.apps),
    apps,
  );
  sheet.open(who.name, words.close, [card, apps.length > 0 ? menu : undefined]);
}
