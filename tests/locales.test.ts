import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import en from '../src/locales/en.json' with { type: 'json' };
import { createWords } from '../src/words.js';

type Tree = { readonly [key: string]: string | Tree };

const folder = join(process.cwd(), 'src', 'locales');
const others = readdirSync(folder)
  .map((name) => name.replace(/\.json$/, ''))
  .filter((name) => name !== 'en');
const read = (locale: string) => JSON.parse(readFileSync(join(folder, `${locale}.json`), 'utf8')) as Tree;

/** What only the server's keyboard and log say, in English. */
const englishOnly = ['commandLine', 'preflight', 'ended'];

function sentences(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) => {
    if (prefix === '' && englishOnly.includes(key)) return [];
    return typeof value === 'string' ? [[`${prefix}${key}`, value]] : sentences(value, `${prefix}${key}.`);
  });
}

const plural = /_(zero|one|two|few|many|other)$/;
const base = (key: string) => key.replace(plural, '');
const english = sentences(en);

/** Everything in a sentence that is not for people to read: values, sentences within it, formatting of times and code. */
function parts(text: string): string[] {
  const found = text.match(/\{\{-?\s*\w+\s*\}\}|\$t\([^)]*\)|<[@#:/][^>]*>|<t:[^>]*>|```\w*|`[^`]+`|\|\|/g) ?? [];
  const each = found.map((part) => part.replace(/\s/g, ''));
  // Where one language says "they", another may have to say the name again.
  return each.filter((part, at) => !part.startsWith('{{') || each.indexOf(part) === at).sort();
}

test('there are languages besides English, each one of Discord’s', () => {
  expect(others).toContain('de');
  expect(createWords('en').locales).toEqual(['en', ...others]);
});

describe.each(others)('%s', (locale) => {
  const own = sentences(read(locale));
  const keysOf = (list: readonly [string, string][]) => [...new Set(list.map(([key]) => base(key)))].sort();

  test('has every sentence, and none that nobody says', () => {
    expect(keysOf(own)).toEqual(keysOf(english));
    expect(own.filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  test('has every plural that its grammar asks for', () => {
    const wanted = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    const counted = new Set(english.filter(([key]) => plural.test(key)).map(([key]) => base(key)));
    for (const key of counted) {
      const found = own.filter(([each]) => base(each) === key).map(([each]) => plural.exec(each)?.[1]);
      // None at all may have a sentence of its own in any language.
      expect([key, found.filter((form) => form !== 'zero').sort()]).toEqual([key, [...wanted].sort()]);
    }
  });

  test('fills in the same values, and keeps what is not for reading', () => {
    const wanted = new Map(english.map(([key, text]) => [key, parts(text)]));
    for (const [key, text] of own) {
      // A singular may say "one" in a word of its own.
      const expected = wanted.get(key) ?? wanted.get(`${base(key)}_other`) ?? [];
      expect([key, parts(text)]).toEqual([key, expected]);
    }
  });

  test('says something of its own, not what English says', () => {
    const same = own.filter(([key, text]) => {
      const original = (english.find(([each]) => each === key) ?? ['', ''])[1];
      // A few words are the same in both, and some sentences are all values.
      return text === original && /\p{L}{4,}\s\p{L}{3,}\s\p{L}{3,}/u.test(text.replace(/\{\{.*?\}\}/g, ''));
    });
    expect(same).toEqual([]);
  });

  test('names commands and options as Discord allows: lower case, 1 to 32 characters, each once', () => {
    const names = read(locale)['commandNames'] as Record<string, string>;
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

  test('describes commands and options in 100 characters', () => {
    const long = own.filter(([key, text]) => key.startsWith('commands.') && [...text].length > 100);
    expect(long).toEqual([]);
  });
});

test('English names commands as the code does', () => {
  for (const [name, shown] of Object.entries(en.commandNames)) expect(shown).toBe(name);
});

test('Discord’s second Spanish is served by the first, as its second English is', () => {
  const words = createWords('en', { 'es-ES': { buttons: { deny: 'Rechazar' } } });
  expect(words.in('es-419')('buttons.deny')).toBe('Rechazar');
  expect(words.in('es-ES')('buttons.deny')).toBe('Rechazar');
  expect(words.in('en-GB')('buttons.deny')).toBe('Deny');
  expect(words.in('es-419')('buttons.approve')).toBe('Approve');
});
