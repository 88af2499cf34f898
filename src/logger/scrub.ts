import { types } from 'node:util';

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

/** Errors that are understood: where in the code they were made tells nobody anything. */
const understood = /^(AppError|CallFailure|UnexpectedAnswer)$/;

/** Causes of causes are told so deep and no deeper. */
const deepestCause = 4;

/**
 * What a log may hold of an error. Picked, not filtered: the errors of axios and discord.js carry whole requests,
 * headers and bodies with them, passwords and keys included.
 */
export function describeError(error: Error, depth = 0): Record<string, unknown> {
  const fields = recordOf(error);
  const request = recordOf(fields.config);
  const response = recordOf(fields.response);
  return withoutUndefined({
    type: error.name,
    message: scrubText(error.message),
    code: plain(fields.code),
    status: plain(fields.status) ?? plain(response.status),
    method: plain(fields.method) ?? plain(request.method),
    path: pathOf(fields.url ?? request.url),
    stack: error.stack === undefined || understood.test(error.name) ? undefined : scrubText(error.stack),
    cause: isError(error.cause) && depth < deepestCause ? describeError(error.cause, depth + 1) : undefined,
  });
}

const recordOf = (value: unknown): Partial<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? value : {};

function plain(value: unknown): string | number | undefined {
  if (typeof value === 'string') return scrubText(value);
  return typeof value === 'number' ? value : undefined;
}

/** The path of an address, whole or relative, without its query. */
function pathOf(url: unknown): string | undefined {
  if (typeof url !== 'string' || !URL.canParse(url, 'http://relative')) return undefined;
  return scrubText(new URL(url, 'http://relative').pathname);
}

const withoutUndefined = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** Whether it is an error, one from another realm (a worker, a vm) included. */
export const isError = (value: unknown): value is Error => value instanceof Error || types.isNativeError(value);

const hidden = '[redacted]';

/** Where a secret stands in text that somebody else made: web addresses, headers, JSON. */
const places = [
  /(\/(?:webhooks|interactions)\/\d+\/)[^/?#\s"'\\]+/gi,
  /([?&](?:api_?key|token|access_token|secret|pin|code|password|pw)=)[^&#\s"'\\]+/gi,
  /(\bToken=\\?["']?)[^"'\\,\s]+/gi,
  /(\b(?:Bot|Bearer)\s+)[\w.~+/-]{16,}=*/g,
  /(["']?\b(?:NewPw|CurrentPw|Pw|Password|Pin|Token|AccessToken|ApiKey)\\?["']\s*:\s*\\?["'])(?:[^"'\\]|\\[^"'])+/gi,
];

/** Hides interaction and webhook tokens, API keys and passwords where they stand in a text. */
export function scrubText(text: string): string {
  return places.reduce((clean, place) => clean.replace(place, `$1${hidden}`), text);
}
