import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import english from '../src/locales/en.json' with { type: 'json' };
import operators from '../src/locales/operators/en.json' with { type: 'json' };
import { printable } from '../src/cli/report.js';
import { householdLocale, terminalLocale } from '../src/cli/terminal-locale.js';
import { label } from '../src/discord/escape.js';
import { createWords } from '../src/words.js';
import { flatten } from '../sandbox/discord/payloads/components.js';
import type { SeenMessage } from '../sandbox/discord/person/seen-message.js';
import { type BotHousehold, closeAll, startBot } from './support/bot.js';
import { connect } from './support/connect.js';
import { longer } from './support/longer.js';
import { asksForRescue, rescueHouse } from './rescue/rescue-house.js';
import { listOf } from '../src/commands/shared/lists.js';

const en = { ...english, ...operators };

type Tree = { readonly [key: string]: string | Tree };

afterEach(closeAll);

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

  const errors = Object.keys(en.errors);

  test('of errors are for errors that the code names, and end with a full stop', () => {
    expect(errors.filter((each) => each !== 'unexpected' && !literal.has(each))).toEqual([]);
    expect(Object.values(en.errors).filter((each) => !/\.$/.test(each))).toEqual([]);
  });

  test('of what to do about an error are for errors that exist', () => {
    expect(Object.keys(en.fixes).filter((each) => !errors.includes(each))).toEqual([]);
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
    const byJellyfin = errors.filter((each) => each.startsWith('jellyfin') || each.startsWith('password'));
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

test('what somebody else has named with a line break is no line of its own for an operator', () => {
  const { forOperators, in: spokenIn } = createWords('en');
  const why = 'a folder\n\r\n  Run now: sudo sh';
  expect(forOperators('en')('commandLine.unexpected', { why })).toBe('That did not work: a folder Run now: sudo sh');
  expect(forOperators('de')('commandLine.unexpected', { why })).not.toContain('\n');
  // In Discord it stands as its author wrote it.
  expect(spokenIn('en')('commandLine.unexpected', { why })).toContain(why);
});

test('a million blanks that a server has in its name are said as they are, and hold nobody up', () => {
  const why = `a${' '.repeat(1_000_000)}b`;
  // A form that begins anew at each blank takes a quarter of an hour for that.
  expect(createWords('en').forOperators('en')('commandLine.unexpected', { why }) === `That did not work: ${why}`).toBe(
    true,
  );
  expect(printable(why) === why).toBe(true);
  expect(printable(' a \n \r\n b ')).toBe(' a b ');
});

describe('a language', () => {
  /** Names of commands have a form of their own that nothing can be put around. */
  const wrapped = ({ commandNames: _names, ...tree }: Tree): Tree =>
    Object.fromEntries(
      Object.entries(tree).map(([key, value]) => [key, typeof value === 'string' ? `⟦${value}⟧` : wrapped(value)]),
    );
  const languages = { de: wrapped(en) };

  test('falls back from de-AT to de, from an unknown one to the household’s, and from that to English', () => {
    const words = createWords('de', { languages: { de: { buttons: { deny: 'Ablehnen' } } } });
    expect(words.in('de-AT')('buttons.deny')).toBe('Ablehnen');
    expect(words.in('ja')('buttons.deny')).toBe('Ablehnen');
    expect(words.in(undefined)('buttons.deny')).toBe('Ablehnen');
    expect(words.in('en-GB')('buttons.deny')).toBe('Deny');
    expect(words.in('ja')('buttons.approve')).toBe('Approve');
  });

  test('at a terminal or in a log is one that has all of its sentences, as German has', () => {
    const words = createWords('en');
    const said = ['de', 'de-AT', 'fr', 'en-GB'].map((locale) => words.forOperators(locale));
    expect(said.map((each) => each.locale)).toEqual(['de', 'de', 'en', 'en']);
    expect(said[0]?.('ended.cannotStart')).toBe('Latchkey kann nicht starten:');
  });

  test.each([
    ['es_ES.UTF-8', 'es-ES'],
    ['es_MX.UTF-8', 'es-ES'],
    ['pt_BR.UTF-8', 'pt-BR'],
    ['zh_CN.UTF-8', 'zh-CN'],
    ['de_AT.UTF-8', 'de'],
    ['sv_SE.UTF-8', 'en'],
  ])('of a household that is set up at a terminal in %s is %s', (LANG, household) => {
    expect(householdLocale(terminalLocale({ LANG }), createWords('en').locales)).toBe(household);
  });

  test('mentions a command by the name that its menu shows', async () => {
    const { discord, links } = await startBot();
    const shown = async (locale: string) => {
      const person = discord.addPerson(locale, { locale });
      await links(person, 'maya');
      return (await (await person.types('/help')).answer()).text;
    };
    expect(await shown('de')).toMatch(/<\/neues-passwort:\d+>/);
    expect(await shown('en-GB')).toMatch(/<\/resetpw:\d+>/);
  });

  test('mentions a command by its English name to whoever’s Discord has no other, in a household of another language', () => {
    const words = createWords('de', { languages: { tr: { buttons: { deny: 'Reddet' } } } });
    words.mentionCommands(new Map([['resetpw', '7']]));
    const named = (locale: string | undefined) => /<\/[^>]+>/.exec(words.in(locale)('told.failedAsk'))?.[0];
    expect(named('ja')).toBe('</resetpw:7>');
    expect(named('tr')).toBe('</resetpw:7>');
    expect(named('fr')).toBe('</mot-de-passe:7>');
    expect(named(undefined)).toBe('</neues-passwort:7>');
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
    await lena.presses('⟦Ask an admin⟧');
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
    await dad.fillsIn({ 'In your own words': 'later' });
    await lena.sees(/later/, { in: 'dm' });
    await dad.presses('Approve');
    await lena.sees(/is unlocked/, { in: 'dm' });
    await (await dad.types('/resetpw', { user: 'maya' })).answer();
    await lena.sees(/Tap it to see it/, { in: 'dm' });
    await lena.presses('⟦I have set my own⟧');
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
    await erik.fillsIn({ '⟦In your own words⟧': '' });
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
    await kim.presses('⟦Ask an admin⟧');
    allWrapped(await bot.dad.sees(/asks to be linked/));
  });

  test('of a person is noticed from one command to the next, and unasked messages follow', async () => {
    const bot = await startBot({ env: { LATCHKEY_LOCALE: 'de' }, locales: ['en', 'de'] });
    const { maya, dad } = bot;
    await bot.links(maya, 'maya');
    const said = async () => (await (await maya.types('/resetpw')).answer()).text;
    maya.speaks('pl');
    expect(await said()).toMatch(/Poprosiłem adminów/);
    maya.speaks('fr');
    expect(await said()).toMatch(/Tu l'as déjà demandé/);
    // A language that nobody has translated: the household's.
    maya.speaks('ja');
    expect(await said()).toMatch(/Darum hast du/);
    maya.speaks('it');
    expect(await said()).toMatch(/L'hai già chiesto/);
    await dad.presses('Genehmigen');
    await maya.sees(/La tua nuova password per \*\*maya\*\*/, { in: 'dm' });
  });

  test('lists things in its own way; who reads another language’s sentences gets that one’s lists', () => {
    const words = createWords('de');
    expect(words.in('de')('buttons.deny')).toBe('Ablehnen');
    expect(words.in('de').list(['a', 'b', 'c'])).toBe('a, b und c');
    expect(words.in('ja').list(['a', 'b', 'c'])).toBe('a, b und c');
    expect(words.in('en-GB').list(['a', 'b', 'c'])).toBe('a, b, and c');
    expect([words.in('ja').locale, words.in('en-GB').locale, words.in('de-AT').locale]).toEqual(['de', 'en', 'de']);
  });

  test('says how many more there are at the end of a list, without an "and" too many', () => {
    const words = createWords('en');
    const said = (locale: string) => listOf(words.in(locale), ['a', 'b'], 5);
    expect(said('en-US')).toBe('a, b, and 3 more');
    expect(said('de')).toBe('a, b und 3 weitere');
    expect(said('pl')).toBe('a, b i jeszcze 3');
    expect(said('zh-CN')).toBe('a、b和另外 3 个');
    expect(listOf(words.in('fr'), ['a', 'b'], 2)).toBe('a et b');
  });

  test('writes a count as it writes numbers, and leaves moments and pages alone', () => {
    const words = createWords('en');
    const said = (locale: string) => words.in(locale)('history.figures', { count: 12_345, page: 1234, pages: 1235 });
    expect(said('en-US')).toBe('12,345 entries · page 1234 of 1235');
    expect(said('de')).toBe('12.345 Einträge · Seite 1234 von 1235');
    expect(said('pl')).toBe('12\u00A0345 wpisów · strona 1234 z 1235');
    // Nobody has written Swedish: the household's German has German numbers in it.
    expect(createWords('de').in('sv-SE')('history.figures', { count: 12_345, page: 1, pages: 2 })).toMatch(
      /^12\.345 E/,
    );
    expect(words.in('de')('asked.ends', { at: 1_700_000_000 })).toContain('<t:1700000000:R>');
  });

  test('comes with the descriptions of commands and options', async () => {
    const bot = await startBot({ overrides: { languages } });
    for (const { body } of bot.discord.commands.filter(({ body: each }) => each['type'] !== 3 && each['type'] !== 2)) {
      const options = (body['options'] ?? []) as { description: string; description_localizations: object }[];
      for (const each of [body, ...options] as typeof options) {
        expect(each.description_localizations).toMatchObject({ de: `⟦${each.description}⟧` });
      }
    }
  });

  test('that is Spanish names the commands in both of Discord’s', async () => {
    const bot = await startBot({
      overrides: { languages: { 'es-ES': { ...en, commandNames: { unlock: 'desbloquear' } } } },
    });
    const unlock = bot.discord.commands.find(({ body }) => body['name'] === 'unlock')?.body;
    expect(unlock?.['name_localizations']).toMatchObject({ 'es-ES': 'desbloquear', 'es-419': 'desbloquear' });
  });

  test('of the build names and describes each command and option to Discord, both Spanishes included', async () => {
    const bot = await startBot();
    const words = createWords('en');
    const table = readFileSync(join(process.cwd(), 'docs', 'translating.md'), 'utf8');
    const complete = [...table.matchAll(/^\| `(\S+)` .*complete/gm)].map(([, locale = '']) => locale);
    const served = [...complete.filter((each) => each !== 'en'), 'es-419'];
    type Registered = Record<'name' | 'description', string> &
      Record<'name_localizations' | 'description_localizations', Record<string, string> | null> & {
        options?: Registered[];
      };
    const bodies = bot.discord.commands.map(({ body }) => body as unknown as Registered);
    expect(bodies.length).toBeGreaterThan(10);
    for (const each of bodies.flatMap((body) => [body, ...(body.options ?? [])])) {
      const named = served.map((locale) => {
        const sentences = locale === 'es-419' ? 'es-ES' : locale;
        return [
          locale,
          each.name_localizations?.[locale] ?? each.name,
          words.nameOf(sentences, each.name) ?? each.name,
        ];
      });
      expect(named).toEqual(named.map(([locale, , own]) => [locale, own, own]));
      // A command in somebody's menu has none.
      if (each.description === '') continue;
      expect([each.name, Object.keys(each.description_localizations ?? {})]).toEqual([
        each.name,
        expect.arrayContaining(served),
      ]);
    }
  });

  test('of the build comes with names of its own for commands and options, in a form that Discord takes', async () => {
    const bot = await startBot();
    const unlock = bot.discord.commands.find(({ body }) => body['name'] === 'unlock')?.body;
    expect(unlock?.['name_localizations']).toMatchObject({ de: 'entsperren' });
    expect((unlock?.['options'] as { name_localizations: object }[])[0]?.name_localizations).toMatchObject({
      de: 'konto',
    });
    const lena = bot.discord.addPerson('Lena', { locale: 'de' });
    expect((await (await lena.types('/status')).answer()).text).toMatch(/Welches Jellyfin-Konto ist deins/);
  });
});

afterEach(closeAll);

function lengthened({ commandNames: _names, ...tree }: Tree, most?: number): Tree {
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      key,
      // Discord's own limit for what describes a command, which translators are told of.
      typeof value === 'string' ? longer(value, most) : lengthened(value, key === 'commands' ? 100 : most),
    ]),
  );
}

/** In the place of English, so that everybody and every card speaks it. */
const options = { overrides: { languages: { en: lengthened(en) } } };

/** As long as Jellyfin's dashboard lets a name be typed. */
const longName = (number: number) =>
  `${number} Grandmother Wilhelmina von und zu Hohenzollern-Sigmaringen `.padEnd(64, 'x');

/** Whatever Discord refused is in the log. */
function nothingRefused(bot: BotHousehold): void {
  const said = bot.logged.filter((line) => /did not take|refuses|Invalid Form Body|could not be/.test(line));
  expect(said).toEqual([]);
}

test('a language half as long again fits: a household full of trouble, with long names', async () => {
  const bot = await startBot(options);
  const { dad, gran, maya, jellyfin } = bot;
  for (let number = 0; number < 14; number += 1) {
    jellyfin.addUser(longName(number), { password: 'x', limit: 3, ...(number > 10 && { disabled: true }) });
    if (number <= 10) await jellyfin.lock(longName(number));
  }
  const own = [0, 1, 2, 3, 4, 5].map(longName);
  for (const name of own) connect(bot, maya, name);
  for (const name of own.slice(0, 3)) await (await maya.types('/unlock', { user: name })).answer();
  for (const [person, lines] of [
    [maya, ['/status', '/unlock', '/resetpw', '/help', '/requests']],
    [gran, ['/status', '/requests', '/help']],
    [dad, ['/status', '/requests', '/help', '/history', '/link', '/unlink']],
  ] as const) {
    for (const line of lines) {
      const answer = await (await person.types(line)).answer();
      expect(answer.text).not.toMatch(/Something went wrong/);
    }
  }
  await (await gran.types('/status', {}, { in: bot.discord.adminChannelId })).answer();
  await (await gran.presses(longer(en.statusCard.keep))).answer();
  nothingRefused(bot);
});

test('a language half as long again fits: requests from asking to the end, a form, and a password', async () => {
  const bot = await startBot(options);
  const { dad, maya, jellyfin } = bot;
  const name = longName(1);
  jellyfin.addUser(name, { password: 'x', limit: 3 });
  await (await maya.types('/status')).answer();
  await maya.presses(longer(en.buttons.askLink));
  await dad.selects(longer(en.requestCard.pickAccount), name);
  await maya.sees(/You are linked/, { in: 'dm' });
  await jellyfin.lock(name);
  await (await maya.types('/unlock')).answer();
  const modal = await (await dad.presses(longer(en.buttons.deny))).modal();
  expect(modal.title.length).toBeLessThanOrEqual(45);
  await dad.fillsIn({
    [label(longer(en.requestCard.denyReason), 45)]: label(longer(en.requestCard.denyReasons.who), 100),
    [label(longer(en.requestCard.denyWords), 45)]: 'w'.repeat(300),
  });
  await maya.sees(/was denied/, { in: 'dm' });
  await (await maya.types('/resetpw')).answer();
  await dad.presses(longer(en.buttons.approve));
  await maya.sees(/Tap it to see it/, { in: 'dm' });
  await maya.presses(longer(en.buttons.ownSet));
  await maya.sees(/Good, so it is covered/, { in: 'dm' });
  nothingRefused(bot);
});

test('a language half as long again fits: a rescue, with its questions', async () => {
  const bot = await rescueHouse({ ...options, knowsFolder: true });
  await bot.jellyfin.lock('boss');
  await asksForRescue(bot);
  await bot.dad.presses(longer(en.rescueCard.newPassword));
  await bot.dad.sees(/You are back in/, { in: 'dm' });
  nothingRefused(bot);
});

test('a language half as long again fits: twenty lockouts at once, of long names and from a long address', async () => {
  const bot = await startBot(options);
  await bot.app.runJob('lockouts');
  for (let number = 0; number < 20; number += 1) {
    bot.jellyfin.addUser(longName(number), { password: 'x', limit: 3 });
    await bot.jellyfin.lock(longName(number), '2001:db8:85a3:8d3:1319:8a2e:3701:7348');
  }
  await bot.app.runJob('lockouts');
  const [card, ...others] = bot.discord.messagesIn(bot.discord.adminChannelId);
  expect(others).toEqual([]);
  expect(card?.content).toMatch(/^20 accounts are locked/);
  const lines = card?.text.match(/\*\*: locked/g)?.length ?? 0;
  expect(lines).toBeGreaterThan(8);
  expect(card?.text).toContain(`and ${20 - lines} more`);
  expect(card?.labels).toHaveLength(20);
  nothingRefused(bot);
});

test('names in which every sign has to be escaped fit: /status, and the card that stays', async () => {
  const bot = await startBot();
  const { dad, gran, jellyfin } = bot;
  const odd = (number: number) => `${number}`.padEnd(40, '*');
  for (let number = 0; number < 36; number += 1) {
    jellyfin.addUser(odd(number), { password: 'x', limit: 3, ...(number >= 24 && { disabled: true }) });
    if (number < 12) await (await gran.types('/resetpw', { user: odd(number) })).answer();
    else if (number < 24) await jellyfin.lock(odd(number));
  }
  await dad.types('/status');
  const said = await dad.sees(/Temporary passwords not yet replaced/);
  const [, passwords = ''] = said.text.split('Temporary passwords not yet replaced');
  const lines = passwords.match(/, until </g)?.length ?? 0;
  expect(lines).toBeGreaterThan(5);
  expect(passwords).toContain(`and ${12 - lines} more`);
  expect(said.text).toMatch(/12 locked accounts:.* and \d+ more/);
  await (await gran.types('/status', {}, { in: bot.discord.adminChannelId })).answer();
  expect((await (await gran.presses('Keep here')).answer()).text).toMatch(/stands in this channel now/);
  nothingRefused(bot);
});
