import type { Discord } from '../../../sandbox/discord/index.js';

export interface CallAnswer {
  status: number;
  headers: Headers;
  // The body is looked into by tests only, by paths that they expect to be there.
  body: { [key: string]: unknown } & { code?: number; errors?: unknown };
}

/** Calls the loopback Discord as a bot would, without a library in between. */
export async function call(discord: Discord, method: string, path: string, body?: unknown): Promise<CallAnswer> {
  const response = await fetch(`${discord.url}/v10${path}`, {
    method,
    headers: {
      authorization: `Bot ${discord.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? {} : (JSON.parse(text) as CallAnswer['body']),
  };
}

/** The codes in a tree of errors, each with its path: `components.0.label BASE_TYPE_MAX_LENGTH`. */
export function errorsIn(tree: unknown, path: string[] = []): string[] {
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([key, value]) =>
    key === '_errors'
      ? (value as { code: string }[]).map((each) => `${path.join('.')} ${each.code}`.trim())
      : errorsIn(value, [...path, key]),
  );
}
