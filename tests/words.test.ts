import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { errorCodes } from '../src/errors.js';
import en from '../src/locales/en.json' with { type: 'json' };
import { createWords } from '../src/words.js';
import { flatten } from '../sandbox/discord/payloads/components.js';
import type { SeenMessage } from '../sandbox/discord/person/seen-message.js';
import { closeAll, startBot } from './support/bot.js';

afterEach(closeAll);

type Tree = { readonly [key: string]: string | Tree };

function leaves(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${prefix}${key}`, value] as [string, string]] : leaves(value, `${prefix}${key}.`),
  );
}

const sentences = leaves(en);
const keys = [...new Set(sentences.map(([key]) => key.replace(/_(zero|one|other)$/, '')))];

/** All of `src/` as text, comments taken out. */
function source(folder = join(process.cwd(), 'src')): string {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return source(path);
      return entry.name.endsWith('.ts') ? readFileSync(path, 'utf8').replace(/^\s*(\/?\*|\/\/).*$/gm, '') : '';
    })
    .join('\n');
}

describe('the sentences', () => {
  const code = source();
  const literal = new Set([...code.matchAll(/'([\w.]+)'/g)].map((match) => match[1]));
  const templates = [...code.matchAll(/`(\w+(?:\.[\w]+)*\.\$\{[^}]+\}(?:\.\w+)*)`/g)].map(
    ([, text = '']) => new RegExp(`^${text.replace(/\$\{[^}]+\}/g, '\\w+').replaceAll('.', '\\.')}$`),
  );
  const nested = [...JSON.stringify(en).matchAll(/\$t\((\w+)\./g)].map((match) => match[1]);

  test.each(errorCodes.map((each) => [each]))('there is one for the error %s', (each) => {
    expect((en.errors as Record<string, string>)[each]).toMatch(/\.$/);
  });

  test('of errors and of what to do about them are for errors that exist', () => {
    const known = new Set<string>([...errorCodes, 'unexpected']);
    expect(Object.keys({ ...en.errors, ...en.fixes }).filter((each) => !known.has(each))).toEqual([]);
  });

  test('are all used', () => {
    const unused = keys.filter(
      (key) =>
        // Each is looked up by the name that its command has in the code.
        !key.startsWith('commandNames.') &&
        !literal.has(key) &&
        !templates.some((each) => each.test(key)) &&
        !nested.some((group) => key.startsWith(`${group}.`)),
    );
    expect(unused).toEqual([]);
  });

  test('that the code names all exist', () => {
    const named = [...code.matchAll(/\bt\(\s*'([\w.]+)'/g)].map((match) => match[1]);
    expect(named.length).toBeGreaterThan(60);
    expect(named.filter((each) => !keys.includes(each ?? ''))).toEqual([]);
  });

  test('that the code puts together all exist', () => {
    for (const each of templates)
      expect([each.source, keys.some((key) => each.test(key))]).toEqual([each.source, true]);
  });

  test('of errors that a request keeps need no value, as a request keeps only the code', () => {
    const kept = [...code.matchAll(/this\.executor\.fail\([^)]*?AppError\('(\w+)'/g)].map((match) => match[1] ?? '');
    const byJellyfin = errorCodes.filter((each) => each.startsWith('jellyfin') || each.startsWith('password'));
    const mentions = new Set(createCommandNames());
    for (const each of new Set([
      ...kept,
      ...byJellyfin,
      'adminAccount',
      'disabledByAdmin',
      'accountGone',
      'discordTrouble',
    ])) {
      const text = (en.errors as Record<string, string>)[each] ?? '';
      const values = [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '');
      expect([each, values.filter((value) => !mentions.has(value))]).toEqual([each, []]);
    }
  });
});

function createCommandNames(): string[] {
  return readdirSync(join(process.cwd(), 'src', 'commands'))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.replace(/\.ts$/, ''));
}

describe('a language', () => {
  /** Names of commands have a form of their own that nothing can be put around. */
  const wrapped = ({ commandNames: _names, ...tree }: Tree): Tree =>
    Object.fromEntries(
      Object.entries(tree).map(([key, value]) => [key, typeof value === 'string' ? `⟦${value}⟧` : wrapped(value)]),
    );
  const languages = { de: wrapped(en) };

  test('falls back from de-AT to de, from an unknown one to the household’s, and from that to English', () => {
    const words = createWords('de', { de: { buttons: { deny: 'Ablehnen' } } });
    expect(words.in('de-AT')('buttons.deny')).toBe('Ablehnen');
    expect(words.in('ja')('buttons.deny')).toBe('Ablehnen');
    expect(words.in(undefined)('buttons.deny')).toBe('Ablehnen');
    expect(words.in('en-GB')('buttons.deny')).toBe('Deny');
    expect(words.in('ja')('buttons.approve')).toBe('Approve');
  });

  /** What is left of a text when all that comes from the locale is taken away. */
  function outside(text: string): string {
    const inner = /⟦[^⟦⟧]*⟧/g;
    let left = text;
    while (inner.test(left)) left = left.replace(inner, '');
    return left;
  }

  /** Every text of a message that a person reads, but the names of accounts and people in selects. */
  function texts(message: SeenMessage): string[] {
    const inComponents = flatten(message.components).flatMap(({ content, label, placeholder }) => [
      content,
      label,
      placeholder,
    ]);
    const inEmbeds = message.embeds.flatMap((embed) => {
      const { title, description, fields } = embed as {
        title?: string;
        description?: string;
        fields?: { name: string; value: string }[];
      };
      return [title, description, ...(fields ?? []).flatMap(({ name, value }) => [name, value])];
    });
    return [message.content, ...inComponents, ...inEmbeds].filter((text): text is string => Boolean(text));
  }

  function allWrapped(message: SeenMessage): void {
    expect(texts(message).length).toBeGreaterThan(0);
    for (const text of texts(message)) {
      expect(text).toContain('⟦');
      expect(outside(text)).not.toMatch(/\p{L}/u);
    }
  }

  test('of a person is what they read everywhere: answers, refusals, direct messages, buttons; the card is the household’s', async () => {
    const bot = await startBot({ overrides: { languages }, before: ({ jellyfin }) => void jellyfin.addUser('leo') });
    const { jellyfin, discord, dad } = bot;
    const lena = discord.addPerson('Lena', { locale: 'de' });
    allWrapped(await (await lena.types('/status')).answer());
    await lena.presses('⟦Ask an admin to link me⟧');
    const linkCard = await dad.sees(/asks to be linked/);
    expect(linkCard.text).not.toContain('⟦');
    await dad.selects('Approve: pick their account', 'maya');
    await lena.sees(/You are linked/, { in: 'dm' });

    await jellyfin.lock('maya');
    for (const [command, options] of [
      ['/status', {}],
      ['/status', { user: 'root' }],
      ['/requests', {}],
      ['/unlock', {}],
      ['/unlock', {}],
      ['/resetpw', {}],
    ] as const) {
      allWrapped(await (await lena.types(command, options)).answer());
    }
    const card = await dad.sees(/asks for a new password for maya/);
    expect(card.text).not.toContain('⟦');
    await (await dad.types('/requests')).answer();
    await dad.presses('Deny', { on: card });
    await dad.fillsIn({ 'Why? (they will read it)': 'later' });
    await lena.sees(/later/, { in: 'dm' });
    await dad.presses('Approve');
    await lena.sees(/is unlocked/, { in: 'dm' });
    await (await dad.types('/resetpw', { user: 'maya' })).answer();
    await lena.sees(/tap the line above/, { in: 'dm' });
    await lena.presses('⟦I am in⟧');
    await lena.sees(/⟦Good/, { in: 'dm' });
    await lena.presses('⟦Show my account⟧');
    allWrapped(await (await lena.pressesRaw('old:button:1')).answer());
    lena.closesDms();
    await (await lena.types('/resetpw')).answer();
    await dad.presses('Approve');
    allWrapped(await lena.sees(/press the button, only you/, { in: discord.generalChannelId }));
    allWrapped(await (await lena.presses('⟦Show my password⟧')).answer());
    const direct = lena.directMessages();
    expect(direct.length).toBeGreaterThan(3);
    direct.forEach(allWrapped);
  });

  test('of an admin is what they read in answers and in the modal', async () => {
    const bot = await startBot({ overrides: { languages } });
    const erik = bot.discord.addPerson('Erik', { locale: 'de', roles: [bot.discord.roles['admin'] ?? ''] });
    await bot.links(bot.maya, 'maya');
    await (await bot.maya.types('/resetpw')).answer();
    await bot.jellyfin.lock('maya');
    const household = await (await erik.types('/status')).answer();
    allWrapped(household);
    allWrapped(await (await erik.types('/requests')).answer());
    const pressed = await erik.presses('⟦Deny⟧');
    const modal = await pressed.modal();
    expect(outside(modal.title)).toBe('');
    expect(flatten(modal.components).every(({ label }) => !label || outside(label) === '')).toBe(true);
    await erik.fillsIn({ '⟦Why? (they will read it)⟧': '' });
    const word = await bot.maya.sees(/was denied/, { in: 'dm' });
    expect(word.text).not.toContain('⟦');
    for (const [command, options] of [
      ['/link', {}],
      ['/link', { member: bot.dad, user: 'maya' }],
      ['/unlink', { member: bot.dad, user: 'maya' }],
      ['/unlock', { user: 'nobody' }],
      ['/unlock', { user: 'maya' }],
    ] as const) {
      allWrapped(await (await erik.types(command, options)).answer());
    }
  });

  test('of the household is what cards are written in, and what somebody reads whose own is not known', async () => {
    const bot = await startBot({ overrides: { languages }, env: { LATCHKEY_LOCALE: 'de' }, locales: ['en', 'de'] });
    const kim = bot.discord.addPerson('Kim', { locale: 'ja' });
    allWrapped(await (await kim.types('/status')).answer());
    await kim.presses('⟦Ask an admin to link me⟧');
    allWrapped(await bot.dad.sees(/asks to be linked/));
  });

  test('comes with the descriptions of commands and options', async () => {
    const bot = await startBot({ overrides: { languages } });
    for (const { body } of bot.discord.commands.filter(({ body: each }) => each['type'] !== 3 && each['type'] !== 2)) {
      const options = (body['options'] ?? []) as { description: string; description_localizations: object }[];
      for (const each of [body, ...options] as typeof options) {
        expect(each.description_localizations).toEqual({ de: `⟦${each.description}⟧` });
      }
    }
  });

  test('of the build comes with names of its own for commands and options, in a form that Discord takes', async () => {
    const bot = await startBot();
    const unlock = bot.discord.commands.find(({ body }) => body['name'] === 'unlock')?.body;
    expect(unlock?.['name_localizations']).toEqual({ de: 'entsperren' });
    expect((unlock?.['options'] as { name_localizations: object }[])[0]?.name_localizations).toEqual({ de: 'konto' });
    const lena = bot.discord.addPerson('Lena', { locale: 'de' });
    expect((await (await lena.types('/status')).answer()).text).toMatch(/welches Jellyfin-Konto deins ist/);
  });
});
