import { types } from 'node:util';
import { scrubText } from './scrub-text.js';

/** Causes of causes are told so deep and no deeper. */
const deepest = 4;

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
    stack: error.stack === undefined ? undefined : scrubText(error.stack),
    cause: isError(error.cause) && depth < deepest ? describeError(error.cause, depth + 1) : undefined,
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
