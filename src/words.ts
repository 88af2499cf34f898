import { existsSync, readdirSync, readFileSync } from 'node:fs';
import i18next, { type i18n } from 'i18next';
import english from './locales/en.json' with { type: 'json' };
import operators from './locales/operators/en.json' with { type: 'json' };
import type { ErrorCode, Params, UnreachableKind } from './errors.js';

type Leaves<T, P extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${P}${StripPlural<K>}` : Leaves<T[K], `${P}${K}.`>;
}[keyof T & string];
type StripPlural<K extends string> = K extends `${infer Base}_${'zero' | 'one' | 'other'}` ? Base : K;

const en = { ...english, ...operators };

/** A sentence's name in the English files, with dots; a plural is named without its `_one` or `_other`. */
export type Key = Leaves<typeof en>;

/** No more than saying a sentence, for what stands below the languages. */
export type Say = (key: Key, params?: Params) => string;

/** Says a sentence in one language; the values that fill it must be escaped already for the place they go to. */
export interface Translate {
  (key: Key, params?: Params): string;
  /** An error's sentence, and what admins can do about it where there is a sentence for that. */
  readonly withFix: (code: ErrorCode, params?: Params) => readonly [string, ...string[]];
  /** Several things in one sentence, as the language lists them. */
  readonly list: (items: readonly string[]) => string;
  /** The language that this is said in, for dates and numbers. */
  readonly locale: string;
  /** Whether there is a sentence of this name; what the history has may be older than the sentences. */
  readonly has: (key: string) => key is Key;
  /** Whether there is a sentence for this error. */
  readonly isError: (code: string) => code is ErrorCode;
}

/** The sentences for a member, in the language of their Discord; without one, in the household's. */
export type SentencesFor = (memberId?: string) => Translate;

/** Says to each member what it says in their own language; `languages` knows which those are. */
export function sentencesByMember(words: Words, languages: { of(memberId: string): string | undefined }): SentencesFor {
  return (memberId) => words.in(memberId && languages.of(memberId));
}

/** The sentences of one language, in the shape of the English ones. */
export type Sentences = Readonly<Record<string, unknown>>;

export interface Words {
  /** The sentences for a Discord locale such as `en-GB`: the language itself, then its base, then the household's, then English. */
  in(locale: string | undefined): Translate;
  /** The sentences at a terminal or in a log: in a language that has all of them, as half of one would be odd. */
  forOperators(locale: string): Translate;
  /** What a command or an option is called in a language, where it has a name of its own there. */
  nameOf(locale: string, name: string): string | undefined;
  /** Lets every sentence mention the commands, by the ids that Discord tells at start-up and the names that the menu shows. */
  mentionCommands(ids: ReadonlyMap<string, string>): void;
  /** How Latchkey's command line is typed here; every sentence may use it. */
  readonly latchkey: string;
  /** Every language there is, English first. */
  readonly locales: readonly string[];
}

const folder = new URL('./locales/', import.meta.url);

/**
 * Every language of the build, English first: each is a file in `locales/`, by Discord's name for it. What only operators
 * read, in a log or at a terminal, stands in a file of its own in `locales/operators/`, which a language may leave out.
 */
function readLanguages(): Record<string, Sentences> {
  return (languages ??= readAll());
}

let languages: Record<string, Sentences> | undefined;

function readAll(): Record<string, Sentences> {
  const names = readdirSync(folder).flatMap((name) => /^(.+)\.json$/.exec(name)?.[1] ?? []);
  const others = names.filter((name) => name !== 'en').sort();
  return {
    en,
    ...Object.fromEntries(others.map((name) => [name, { ...read(`${name}.json`), ...readOperators(name) }])),
  };
}

const read = (file: string) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Sentences;

function readOperators(name: string): Sentences {
  const file = `operators/${name}.json`;
  return existsSync(new URL(file, folder)) ? read(file) : {};
}

function has(key: string): key is Key {
  const found = key.split('.').reduce<unknown>((at, part) => {
    return typeof at === 'object' && at !== null && Object.hasOwn(at, part) ? (at as Sentences)[part] : undefined;
  }, en);
  return typeof found === 'string';
}

function isError(code: string): code is ErrorCode {
  return Object.hasOwn(en.errors, code);
}

function isKind(kind: unknown): kind is UnreachableKind {
  return typeof kind === 'string' && Object.hasOwn(en.unreachable, kind);
}

function hasFix(code: ErrorCode): code is ErrorCode & keyof typeof en.fixes {
  return code in en.fixes;
}

/** Private-use characters around a number: what stands in a sentence for a value while i18next is at work on it. */
const standIn = /\uE000(\d+)\uE001/gu;
/** Where a value or another sentence is put in. */
const hasGap = /\{\{|\$t\(/;
/** Codes such as a state's name: they hold nothing that i18next reads, and may name a sentence within a sentence. */
const harmless = /^\w*$/;

/**
 * A name that somebody else has chosen must not look like a line of ours, which says what to type: of each line break, with
 * the blanks around it, one blank is left. Each run of blanks is read once, however long a stranger has made it.
 */
export const inOneLine = (value: string): string =>
  value.replace(/\s+/g, (blanks) => (/[\r\n]/.test(blanks) ? ' ' : blanks));

/** The language without its country. */
export const baseOf = (locale: string): string => locale.replace(/[-_].*$/, '');

function commandName(sentences: Sentences | undefined, name: string): string | undefined {
  const names = sentences?.['commandNames'] as Readonly<Record<string, string>> | undefined;
  return names?.[name] || undefined;
}

export interface WordsOptions {
  /** Languages beside those of the build. */
  readonly languages?: Readonly<Record<string, Sentences>> | undefined;
  readonly latchkey?: string | undefined;
}

/** Loads the languages; `household` is used for people whose own language is not known or not there. */
export function createWords(
  household: string,
  { languages: extra = {}, latchkey = 'latchkey' }: WordsOptions = {},
): Words {
  const all = { ...readLanguages(), ...extra };
  const resources = Object.fromEntries(Object.entries(all).map(([locale, translation]) => [locale, { translation }]));
  const instance: i18n = i18next.createInstance();
  void instance.init({
    resources,
    initAsync: false,
    showSupportNotice: false,
    fallbackLng: [household, 'en'],
    // People's words are escaped for Discord where they are put in; HTML escaping would only garble them.
    interpolation: { escapeValue: false, defaultVariables: { latchkey } },
    // A value that nobody gave stays to be seen, and found by the tests, rather than leaving a hole in the sentence.
    missingInterpolationHandler: (_text: string, [placeholder]: string[]) => placeholder,
  });
  let commandIds: ReadonlyMap<string, string> = new Map();
  // Discord has two Spanishes; the one for Latin America is served by the other where it has no file of its own.
  const spoken = (locale: string, otherwise = household): string =>
    [locale, baseOf(locale), ...(locale === 'es-419' ? ['es-ES'] : []), otherwise].find((each) => each in all) ?? 'en';
  // Registering the commands alone asks for each language some forty times.
  const speakers = new Map<string, Translate>();
  const sentencesIn = (locale = household, isForOperators = false): Translate => {
    const speakerName = `${locale} ${isForOperators}`;
    const known = speakers.get(speakerName);
    if (known) return known;
    const language = spoken(locale);
    const fixed = instance.getFixedT(language);
    // A person's Discord shows English names where Latchkey has none in its language, whatever the household speaks.
    const names = all[spoken(locale, 'en')];
    const named = [...commandIds].map(([name, id]) => [name, `</${commandName(names, name) ?? name}:${id}>`]);
    const mentions = Object.fromEntries(named) as Params;
    // i18next would read `{{failed}}` or `$t(...)` in an account's name as its own, and has no way of escaping them: so it
    // never sees people's words, which are put in afterwards, in one go, as they are.
    const t = (key: Key, params: Params = {}) => {
      // More than half of them are said as they stand; i18next takes thirty times as long for that.
      const plain: unknown = instance.getResource(language, 'translation', key);
      if (typeof plain === 'string' && !hasGap.test(plain)) return plain;
      const values: string[] = [];
      const shown: Record<string, string | number> = { ...mentions, ...params };
      for (const [name, value] of Object.entries(shown)) {
        if (typeof value === 'string' && !harmless.test(value)) shown[name] = `\uE000${values.push(value) - 1}\uE001`;
      }
      return String(fixed(key, shown)).replace(standIn, (_, index: string) => {
        const value = values[Number(index)] ?? '';
        return isForOperators ? inOneLine(value) : value;
      });
    };
    const withFix = (code: ErrorCode, params?: Params): readonly [string, ...string[]] => [
      t(`errors.${code}`, params),
      ...(hasFix(code)
        ? [isKind(params?.kind) ? t(`unreachable.${params.kind}`, params) : t(`fixes.${code}`, params)]
        : []),
    ];
    let listed: Intl.ListFormat | undefined;
    const list = (items: readonly string[]) =>
      (listed ??= new Intl.ListFormat(language, { type: 'conjunction' })).format(items);
    const speaker = Object.assign(t, { withFix, has, isError, list, locale: language });
    speakers.set(speakerName, speaker);
    return speaker;
  };
  return {
    in: sentencesIn,
    forOperators: (locale) =>
      sentencesIn([locale, baseOf(locale)].find((each) => all[each]?.['commandLine']) ?? 'en', true),
    nameOf: (locale, name) => commandName(all[locale], name),
    mentionCommands: (ids) => {
      commandIds = ids;
      speakers.clear();
    },
    latchkey,
    locales: Object.keys(resources),
  };
}
