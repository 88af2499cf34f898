import { withoutEndSlashes } from '../settings-text.js';
import { dayMs, hourMs } from '../time.js';

/**
 * An http or https address without its trailing slashes, its path kept; undefined when it is no address, or carries
 * a user name, a password, a query or a fragment.
 */
export function readAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  if (url.username || url.password || /[?#]/.test(text)) return undefined;
  return withoutEndSlashes(`${url.origin}${url.pathname}`);
}

/** As `readAddress`, and plain http only on this computer; an API version at the end is dropped: the library adds its own. */
export function readDiscordAddress(text: string): string | undefined {
  const address = readAddress(text);
  if (!address) return undefined;
  const { protocol, hostname } = new URL(address);
  if (protocol === 'http:' && !isLoopback(hostname)) return undefined;
  return address.replace(/\/v\d+$/, '');
}

export const discordApi = 'https://discord.com/api';

/** Where Discord is for somebody who has no configuration yet: what they have set is told to be wrong later. */
export const discordAddress = (set = ''): string => readDiscordAddress(set) ?? discordApi;

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

const unitMs = { s: 1_000, m: 60_000, h: hourMs, d: dayMs } as const;
const longestMs = 365 * unitMs.d;

/** `90m` as milliseconds; undefined for what is not a duration, is nothing, or is longer than a year. */
export function readDuration(text: string): number | undefined {
  const match = /^(\d{1,6})\s*([smhd])$/i.exec(text);
  if (!match?.[1] || !match[2]) return undefined;
  const ms = Number(match[1]) * unitMs[match[2].toLowerCase() as keyof typeof unitMs];
  return ms > 0 && ms <= longestMs ? ms : undefined;
}

/** A Discord id as it came, or undefined when it is none (17 to 20 digits). */
export function readSnowflake(text: string): string | undefined {
  return /^\d{17,20}$/.test(text) ? text : undefined;
}

/** The parts of a comma separated list, without blanks and repetitions. */
export function splitList(text: string | undefined): string[] {
  const parts = (text ?? '').split(',').map((part) => part.trim());
  return [...new Set(parts.filter((part) => part !== ''))];
}

/** A comma separated list of Discord ids; undefined when it is empty or one of them is no id. */
export function readSnowflakes(text: string): string[] | undefined {
  const ids = splitList(text);
  return ids.length > 0 && ids.every((id) => readSnowflake(id)) ? ids : undefined;
}

/**
 * A command as its arguments, for running without a shell: blanks separate, single and double quotes hold together,
 * a backslash takes the next character as it is (not between single quotes; nor on Windows, whose paths are full of them).
 * Undefined when a quote stays open.
 */
export function splitCommand(text: string, platform: NodeJS.Platform = process.platform): string[] | undefined {
  const parts: string[] = [];
  const { pattern, inQuotes, bare } = platform === 'win32' ? asItIs : withEscapes;
  let current: string | undefined;
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    end = match.index + match[0].length;
    const [whole, double, single, plain] = match;
    if (/^\s/.test(whole)) {
      if (current !== undefined) parts.push(current);
      current = undefined;
    } else {
      current = (current ?? '') + (double?.replace(inQuotes, '$1') ?? single ?? plain?.replace(bare, '$1') ?? '');
    }
  }
  if (current !== undefined) parts.push(current);
  return end === text.length && parts.length > 0 ? parts : undefined;
}

const withEscapes = {
  pattern: /\s+|"((?:[^"\\]|\\.)*)"|'([^']*)'|((?:[^\s"'\\]|\\.)+)/gsy,
  inQuotes: /\\(["\\])/g,
  bare: /\\(.)/gs,
};
const never = /(?!)/g;
const asItIs = { pattern: /\s+|"([^"]*)"|'([^']*)'|([^\s"']+)/gsy, inQuotes: never, bare: never };
