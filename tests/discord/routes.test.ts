import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type { Command } from '../../src/discord/command.js';
import { everyone } from '../../src/discord/guards.js';
import { loadCommands } from '../../src/discord/load-commands.js';
import { customIds, presetPeople, textOf } from '../../src/discord/read-message.js';
import { CommandRoutes } from '../../src/discord/routes.js';
import { whyUnreachable } from '../../src/discord/why-unreachable.js';
import { temporaryFolders } from '../support/temporary-folder.js';

const newFolder = temporaryFolders();
const run = () => ({});
const slash = (name: string): Command['data'] => ({
  type: 'slash',
  name,
  where: 'anywhere',
  description: 'errors.tryAgain',
});
const button = { acknowledge: 'private', guard: everyone, run } as const;

test('a command that does not fit stops the start: of a name that is there, with an action that no id can name, or a form that nobody reads', () => {
  const routes = (...commands: Partial<Command>[]) =>
    new CommandRoutes(commands.map((each) => ({ data: slash('look'), guard: everyone, run, ...each })));
  const menu = (name: string, id: string): Command['data'] => ({ type: 'user-menu', name, id, where: 'server' });
  expect(() => routes({}, { data: slash('other') }, { data: menu('Account', 'account') })).not.toThrow();
  expect(() => routes({}, { data: menu('look', 'account') })).toThrow('two commands are called account');
  expect(() => routes({}, { data: menu('Account', 'look') })).toThrow('two commands are called look');
  expect(() => routes({ buttons: { 'so:so': button } })).toThrow('no custom id can name the action so:so');
  expect(() => routes({ selects: { Pick: button } })).toThrow('no custom id can name the action Pick');
  const opener = { acknowledge: 'modal', guard: everyone, run: () => ({}) as never } as const;
  expect(() => routes({ buttons: { deny: opener } })).toThrow('the button deny opens a modal that nobody handles');
  expect(() => routes({ buttons: { deny: opener }, modals: { deny: button } })).not.toThrow();
});

test('commands are the files of the folder that make one; a file that does not is named', async () => {
  const folder = newFolder();
  const at = pathToFileURL(`${folder}/`);
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
  put('look.js', 'module.exports = (services) => ({ made: services });');
  put('Notes.js', 'throw new Error("not for reading");');
  put('help.json', '{}');
  expect((await loadCommands<string>(at))('services')).toEqual([{ made: 'services' }]);
  put('odd.js', 'module.exports = { made: 1 };');
  await expect(loadCommands(at)).rejects.toThrow('commands/odd.js has no default export that makes a command');
});

test('what is read of a message: its buttons that can be pressed, who is preselected, and its text', () => {
  const select = (custom_id: string | undefined, ...people: string[]) => ({
    ...{ type: 5, custom_id, default_values: people.map((id) => ({ id })) },
  });
  const components = [
    { type: 9, components: [{ type: 10, content: 'one' }], accessory: { type: 2, custom_id: 'a:b:1' } },
    { type: 1, components: [{ custom_id: 'a:b:2' }, { custom_id: 'a:b:3', disabled: true }, { url: 'x' }] },
    { type: 1, components: [select('a:c:1', 'maya'), select('a:c:2'), select(undefined, 'leo')] },
    { type: 10, content: 'two' },
  ];
  expect(customIds(components)).toEqual(['a:b:1', 'a:b:2', 'a:c:1', 'a:c:2']);
  expect([...presetPeople(components)]).toEqual([['a:c:1', 'maya']]);
  expect(textOf({ content: 'zero', components })).toBe('zero\none\ntwo');
});

test('why Discord was not reached: its status, the system’s code, or what is behind the error', () => {
  const system = Object.assign(new Error('x'), { code: 'ECONNRESET' });
  const errors = [
    { status: 502, code: 7 },
    system,
    new TypeError('fetch failed', { cause: system }),
    new TypeError('x'),
  ];
  expect([...errors, undefined].map(whyUnreachable)).toEqual([
    ...['HTTP 502', 'ECONNRESET', 'ECONNRESET', 'TypeError', 'undefined'],
  ]);
});
