import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Locale } from 'discord.js';
import main from '../src/locales/en.json' with { type: 'json' };
import operators from '../src/locales/operators/en.json' with { type: 'json' };
import { commandJson } from '../src/discord/command-data.js';
import { createWords } from '../src/words.js';
import { longer } from './support/longer.js';

type Tree = { readonly [key: string]: string | Tree };

const folder = join(process.cwd(), 'src', 'locales');

const languagesIn = (place: string) =>
  readdirSync(join(folder, place)).flatMap((name) =>
    name === 'en.json' ? [] : (/^(.+)\.json$/.exec(name)?.[1] ?? []),
  );

const others = languagesIn('.');

const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Tree;

/** What a language calls the commands and their options. */
const namesIn = (locale: string) => (read(`${locale}.json`)['commandNames'] ?? {}) as Record<string, string>;

function sentences(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) => {
    return typeof value === 'string' ? [[`${prefix}${key}`, value]] : sentences(value, `${prefix}${key}.`);
  });
}

const plural = /_(zero|one|two|few|many|other)$/;

const base = (key: string) => key.replace(plural, '');

const english = sentences({ ...main, ...operators });

/** What English says there; a plural form that English has not stands beside its `_other`. */
const counterpart = (key: string): string => inEnglish.get(key) ?? inEnglish.get(`${base(key)}_other`) ?? '';
const inEnglish = new Map(english);

/** Everything in a sentence that is not for people to read: values, sentences within it, formatting of times and code. */
function parts(text: string): string[] {
  const found =
    text.match(
      /https?:\/\/\w[\w.:/-]*[\w/]|@everyone|@here|\{\{-?\s*\w+\s*\}\}|\$t\([^)]*\)|<[@#:/][^>]*>|<t:[^>]*>|```\w*|`[^`]+`|\|\|/g,
    ) ?? [];
  const each = found.map((part) => part.replace(/\s/g, ''));
  // Where one language says "they", another may have to say the name again.
  return each.filter((part, at) => !part.startsWith('{{') || each.indexOf(part) === at).sort();
}

/** What docs/translating.md calls complete. */
const complete = [
  ...readFileSync(join(process.cwd(), 'docs', 'translating.md'), 'utf8').matchAll(/^\| `(\S+)` .*complete/gm),
].map(([, locale = '']) => locale);

test('there are languages besides English, each one of Discord’s, and those called complete are there', () => {
  expect(complete).toContain('de');
  expect(others).toEqual(expect.arrayContaining(complete.filter((locale) => locale !== 'en')));
  expect(createWords('en').locales).toEqual(['en', ...others]);
  expect(others.filter((locale) => !(Object.values(Locale) as string[]).includes(locale))).toEqual([]);
});

test('every complete language has a glossary of words that it says', () => {
  const tables = readFileSync(join(process.cwd(), 'docs', 'translating.md'), 'utf8').split('## Glossary')[1] ?? '';
  const rows = tables
    .split('\n')
    .flatMap((line) => (line.startsWith('|') ? [line.split('|').map((cell) => cell.trim())] : []));
  const heads = rows.flatMap((row, at) => (row[1] === 'term' ? [at] : []));
  const words = heads.flatMap((head, table) => {
    const own = rows.slice(head + 2, heads[table + 1]);
    return (rows[head] ?? []).flatMap((name, column) => {
      const locale = /^`(.+)`$/.exec(name)?.[1];
      return locale === undefined ? [] : [[locale, own.map((row) => row[column] ?? '')] as const];
    });
  });
  expect(words.map(([locale]) => locale).sort()).toEqual(complete.filter((locale) => locale !== 'en').sort());
  for (const [locale, own] of words) {
    expect([locale, own.length]).toEqual([locale, words[0]?.[1].length]);
    const said = sentences(read(`${locale}.json`)).map(([, text]) => text.toLowerCase());
    const unsaid = own.filter((word) => word === '' || !said.some((text) => text.includes(word.toLowerCase())));
    expect([locale, unsaid]).toEqual([locale, []]);
  }
});

/** The sentences that are a form's title, or the label of a field in it. */
const formKeys = readdirSync(join(process.cwd(), 'src', 'commands'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(process.cwd(), 'src', 'commands', name), 'utf8'))
  .flatMap((code) => [...code.matchAll(/\bform\([^,]+, t\('([\w.]+)'\), \[([\s\S]*?)\]\)/g)])
  .flatMap(([, title = '', fields = '']) => [
    title,
    ...[...fields.matchAll(/label: t\('([\w.]+)'/g)].map(([, key = '']) => key),
  ]);

/** Each file of each language, beside the English one; only one language has to have what operators read. */
const files = [
  ...others.map((locale) => ({
    file: `${locale}.json`,
    locale,
    original: main,
    isComplete: complete.includes(locale),
  })),
  ...languagesIn('operators').map((locale) => ({
    ...{ file: `operators/${locale}.json`, locale, original: operators },
    isComplete: locale === 'de',
  })),
];

describe.each(files)('$file', ({ file, locale, original, isComplete }) => {
  const own = sentences(read(file));
  const english = sentences(original);
  const keysOf = (list: readonly [string, string][]) => [...new Set(list.map(([key]) => base(key)))].sort();

  test(`has ${isComplete ? 'every sentence, and ' : ''}none that nobody says`, () => {
    const all = keysOf(english);
    expect(keysOf(own).filter((key) => !all.includes(key))).toEqual([]);
    if (isComplete) expect(keysOf(own)).toEqual(all);
    expect(own.filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  // `longer` is what the tests of words.test.ts have seen to fit, with the longest names.
  test('says nothing in more letters than have room', () => {
    const wordy = own.flatMap(([key, text]) => {
      const inEnglish = counterpart(key);
      return [...text].length > [...longer(inEnglish)].length ? [[key, text, inEnglish]] : [];
    });
    expect(wordy).toEqual([]);
  });

  test('breaks no formatting', () => {
    const marks = ['**', '||', '`'];
    const broken = own.filter(
      ([, text]) =>
        marks.some((mark) => text.split(mark).length % 2 === 0) ||
        // Discord takes the stars for stars where a blank stands inside of them.
        text.split('**').some((part, at) => at % 2 === 1 && part !== part.trim()),
    );
    expect(broken).toEqual([]);
  });

  test('has every plural that its grammar asks for', () => {
    const wanted = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    const counted = new Set(english.filter(([key]) => plural.test(key)).map(([key]) => base(key)));
    const had = new Set(own.map(([key]) => base(key)));
    for (const key of [...counted].filter((each) => isComplete || had.has(each))) {
      const found = own.filter(([each]) => base(each) === key).map(([each]) => plural.exec(each)?.[1]);
      // None at all may have a sentence of its own in any language.
      expect([key, found.filter((form) => form !== 'zero').sort()]).toEqual([key, [...wanted].sort()]);
    }
  });

  test('names no command by a word of its own, which the menu may call otherwise', () => {
    const names = Object.keys(main.commandNames).concat(Object.values(namesIn(locale)));
    const typed = new RegExp(`(?<![\\w/.}])/(?:${names.join('|')})(?![-\\w])`, 'u');
    expect(own.filter(([, text]) => typed.test(text))).toEqual([]);
  });

  test('fills in the same values, and keeps what is not for reading', () => {
    // A singular may say "one" in a word of its own.
    for (const [key, text] of own) expect([key, parts(text)]).toEqual([key, parts(counterpart(key))]);
  });

  test('hides nothing from whoever reads it: no character that nobody sees, and no tag on the login page', () => {
    const unseen = ([, text]: [string, string]) => /(?!\n)[\p{Cc}\p{Cf}\p{Co}]/u.test(text);
    expect(sentences(read(file)).filter(unseen)).toEqual([]);
    const tags = ([key, text]: [string, string]) =>
      key.startsWith('loginPage.line') && /[<>[\]&]/.test(text.replace('<{{link}}>', ''));
    expect(sentences(read(file)).filter(tags)).toEqual([]);
  });

  test('says something of its own, not what English says', () => {
    const same = own.filter(([key, text]) => {
      // A few words are the same in both, and some sentences are all values.
      return text === counterpart(key) && /\p{L}{4,}\s\p{L}{3,}\s\p{L}{3,}/u.test(text.replace(/\{\{.*?\}\}/g, ''));
    });
    expect(same).toEqual([]);
  });
});

describe.each(others)('%s', (locale) => {
  const own = sentences(read(`${locale}.json`));

  test('has titles and questions of forms that Discord shows whole, in 45 letters', () => {
    const inForms = own.filter(([key]) => formKeys.includes(key));
    expect(inForms.filter(([, text]) => [...text].length > 45)).toEqual([]);
  });

  test('names commands and options as Discord allows: lower case, 1 to 32 characters, each once', () => {
    const names = namesIn(locale);
    const options = ['user', 'member', 'code'];
    const chat = Object.entries(names).filter(([name]) => name !== 'Jellyfin account');
    for (const [, name] of chat) {
      expect(name).toMatch(/^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u);
      expect(name).toBe(name.toLowerCase());
    }
    for (const isOption of [true, false]) {
      const list = chat.filter(([name]) => options.includes(name) === isOption).map(([, name]) => name);
      expect(new Set(list).size).toBe(list.length);
    }
    expect([...(names['Jellyfin account'] ?? '')].length).toBeLessThanOrEqual(32);
  });

  test('calls status so, as the login page names it to people whose Discord may speak any language', () => {
    expect(namesIn(locale)['status'] ?? 'status').toBe('status');
  });

  test('describes commands and options in 100 characters', () => {
    const long = own.filter(([key, text]) => key.startsWith('commands.') && [...text].length > 100);
    expect(long).toEqual([]);
  });
});

/** How each language says whose server is meant; what a menu of Discord's is called stays. */
const named: Readonly<Record<string, RegExp>> = {
  en: /(Discord|Jellyfin) servers?|Server Settings/g,
  de: /(Discord|Jellyfin)-Servers?|Servereinstellungen/g,
  fr: /serveurs? (Discord|Jellyfin)/gi,
  'pt-BR': /servidor(es)? do (Discord|Jellyfin)/gi,
  pl: /serwer\p{L}* (Discorda|Jellyfin)/giu,
  'zh-CN': /(Discord|Jellyfin) 服务器/g,
  it: /server (Discord|Jellyfin)/gi,
  nl: /(Discord|Jellyfin)-server/g,
  da: /(Discord|Jellyfin)-server(en)?s?/g,
  'es-ES': /servidor(es)? de (Discord|Jellyfin)/gi,
};

test.each([{ file: 'en.json', locale: 'en' }, { file: 'operators/en.json', locale: 'en' }, ...files])(
  'no sentence of $file speaks of a server without saying whose it is, Discord’s or Jellyfin’s',
  ({ file, locale }) => {
    const own = named[locale];
    if (!own) return expect(complete).not.toContain(locale);
    // Code, flags, settings and words of others in quotation marks are as they are.
    const asTheyAre = /`[^`]*`|--[\w-]+|\w+_\w+|net (stop|start) \w+|\\Server|[“„«”][^“„«”»]*[”“»]|\{\{\w+\}\}/g;
    const alone = sentences(read(file)).filter(([, text]) =>
      /server|serveur|serwer|servidor|服务器|伺服器/i.test(text.replace(asTheyAre, '').replace(own, '')),
    );
    expect(alone).toEqual([]);
  },
);

test.each([{ file: 'en.json' }, { file: 'operators/en.json' }, ...files])(
  '$file types Latchkey’s own commands as they are installed',
  ({ file }) => {
    const bare =
      /(?<!docker compose run --rm (--no-deps )?)(?<![{\p{L}])latchkey (start|link|setup|doctor|rescue|restore|health)\b/u;
    expect(sentences(read(file)).filter(([, text]) => bare.test(text))).toEqual([]);
  },
);

test('the forms are found in the code', () => {
  expect(formKeys.length).toBeGreaterThan(3);
});

test('English names commands as the code does, and an account’s option as the glossary does', () => {
  for (const [name, shown] of Object.entries(main.commandNames)) expect(shown).toBe(name === 'user' ? 'account' : name);
});

test('an option is called the same in the menu of either English as in the sentences', () => {
  const option = { name: 'user', kind: 'account', description: 'commands.option.user' } as const;
  const data = {
    type: 'slash',
    name: 'unlock',
    where: 'anywhere',
    description: 'commands.unlock',
    options: [option],
  } as const;
  const json = commandJson(data, createWords('en'));
  const menu = 'options' in json ? json.options?.[0] : undefined;
  expect(menu?.name).toBe('user');
  expect(menu?.name_localizations).toMatchObject({ 'en-US': 'account', 'en-GB': 'account', de: 'konto' });
  expect(json.name_localizations).not.toHaveProperty('en-US');
  expect(main.pick.more).toContain(`*${menu?.name_localizations?.['en-US']}*`);
});

test('Discord’s second Spanish is served by the first, as its second English is', () => {
  const words = createWords('en', { languages: { 'es-ES': { buttons: { deny: 'Rechazar' } } } });
  expect(words.in('es-419')('buttons.deny')).toBe('Rechazar');
  expect(words.in('es-ES')('buttons.deny')).toBe('Rechazar');
  expect(words.in('en-GB')('buttons.deny')).toBe('Deny');
  expect(words.in('es-419')('buttons.approve')).toBe('Approve');
});
