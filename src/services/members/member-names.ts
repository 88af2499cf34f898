import type { Member } from './actor.js';

/** What somebody is called in Discord, as the bot last heard it. */
export interface MemberName extends Omit<Member, 'rank'> {
  readonly memberId: string;
}

export interface MemberNames {
  remember(member: MemberName): void;
  of(memberId: string): MemberName | undefined;
  all(): MemberName[];
}

/** What those who decide should know of somebody's names. */
export interface NameFacts extends MemberName {
  /** Others whose name looks the same. */
  readonly alike: readonly string[];
  /** It has characters that nobody sees, or that turn the text around them. */
  readonly isDisguised: boolean;
}

/** Undefined while the bot has not heard what they are called; `own`: that, where it is known from elsewhere. */
export function nameFacts(names: MemberNames, memberId: string, own = names.of(memberId)): NameFacts | undefined {
  if (!own) return undefined;
  const looks = [looksLike(own.name), looksLike(own.username)];
  const others = names.all().filter((other) => other.memberId !== memberId);
  const alike = others.filter(({ name, username }) => [name, username].some((each) => looks.includes(looksLike(each))));
  return { ...own, alike: alike.map((each) => each.memberId), isDisguised: unseen.test(own.name) };
}

/** Control, format and filler characters; the joiners of emoji and of some scripts between letters are ordinary. */
const unseen =
  /[\p{Cc}\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\u3164\uFEFF\uFFA0]/u;

/** Characters of other alphabets, and digits, that look like a Latin letter; the most used of Unicode's list of confusables. */
const lookAlikes: readonly (readonly [letter: string, alike: string])[] = [
  ['a', 'аαɑᴀ'],
  ['b', 'ЬƄβʙ'],
  ['c', 'сϲᴄ'],
  ['d', 'ԁᴅ'],
  ['e', 'еєεҽᴇ'],
  ['f', 'ꜰ'],
  ['g', 'ɡցɢ'],
  ['h', 'һհʜ'],
  ['i', 'іιıɩl1|ӏ!ɪʟ'],
  ['j', 'јϳᴊ'],
  ['k', 'кκᴋ'],
  ['m', 'мᴍʍ'],
  ['n', 'пոηɴ'],
  ['o', 'оοσօ0ᴏ'],
  ['p', 'рρᴘ'],
  ['q', 'ԛզꞯ'],
  ['r', 'гꭇʀ'],
  ['s', 'ѕꜱ5$'],
  ['t', 'тτᴛ'],
  ['u', 'υսцᴜ'],
  ['v', 'ѵνᴠ'],
  ['w', 'ԝшωᴡ'],
  ['x', 'хχ×'],
  ['y', 'уγүყʏ'],
  ['z', 'ᴢ2'],
];
/** Capitals that look like another letter than their small ones do. */
const capitals = new Map(
  ['BΒВ', 'HΗН', 'MΜ', 'NΝ', 'YΥ', 'ZΖ'].flatMap(([letter = '', ...alike]) => alike.map((each) => [each, letter])),
);
const letterOf = new Map(lookAlikes.flatMap(([letter, alike]) => [...alike].map((each) => [each, letter] as const)));

/** The same text for names that a person takes for the same: without case, accents, blanks, and what nobody sees. */
export function looksLike(name: string): string {
  const bare = name.normalize('NFKD').replace(/[\p{Mark}\p{Default_Ignorable_Code_Point}\p{C}\p{Z}\p{P}]/gu, '');
  const latin = Array.from(bare, (each) => capitals.get(each) ?? each).join('');
  const letters = Array.from(latin.toLowerCase(), (each) => letterOf.get(each) ?? each).join('');
  return letters.replaceAll('rn', 'm').replaceAll('vv', 'w');
}
