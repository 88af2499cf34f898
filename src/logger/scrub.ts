import { describeError, isError } from './describe-error.js';
import { scrubText } from './scrub-text.js';

const secretName =
  /^(.*token|.*api[_-]?key|.*password|(new|current)?pw|pin|.*secret|.*authorization|cookie|set-cookie)$/i;

/** Deeper or longer than this is no log line but somebody's whole object. */
const deepest = 6;

/** A copy that a log may hold: errors described, texts scrubbed, and what is named like a secret hidden at any depth. */
export function scrub(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return scrubText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isError(value)) return describeError(value);
  if (depth >= deepest) return '[deeper]';
  if (hasToJson(value)) return scrub(value.toJSON(), depth + 1);
  if (Array.isArray(value)) return value.map((item) => scrub(item, depth + 1));
  if (value instanceof Map) return scrub(Object.fromEntries(value), depth);
  if (value instanceof Set) return scrub([...(value as Set<unknown>)], depth);
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, secretName.test(name) ? '[redacted]' : scrub(item, depth + 1)]),
  );
}

const hasToJson = (value: object): value is { toJSON(): unknown } =>
  'toJSON' in value && typeof value.toJSON === 'function';
