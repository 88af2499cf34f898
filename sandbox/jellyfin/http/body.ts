import { toDbId } from '../store/formats.js';
import type { ServerUser } from '../store/server-user.js';
import { json, problem, type Answer } from './answers.js';
import type { Call } from './call.js';

type Parsed<T> = { readonly value: T } | { readonly refusal: Answer };

/** The body as an object, or the answer that tells what is wrong with it; `name` is what the server calls it. */
export function objectBody(call: Call, name: string): Parsed<Record<string, unknown>> {
  const required = { [name]: [`The ${name} field is required.`] };
  if (call.body.trim() === '') {
    return { refusal: problem(400, { '': ['A non-empty request body is required.'], ...required }) };
  }
  try {
    const value: unknown = JSON.parse(call.body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { value: value as Record<string, unknown> };
    }
    return { refusal: problem(400, { $: ['The JSON value could not be converted.'], ...required }) };
  } catch {
    const place = `Path: $ | LineNumber: 0 | BytePositionInLine: ${call.body.length}.`;
    const message = `Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed. ${place}`;
    return { refusal: problem(400, { $: [message], ...required }) };
  }
}

/** A field of a body, by name without case, as text. */
export function textField(body: Record<string, unknown>, name: string): string | undefined {
  const value = field(body, name);
  return typeof value === 'string' ? value : undefined;
}

export function field(body: Record<string, unknown>, name: string): unknown {
  const key = Object.keys(body).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : body[key];
}

/** The user whose id stands in the path: 400 when it is no id, 404 when nobody has it. */
export function userInPath(call: Call, unknown: Answer = json('User not found', 404)): Parsed<ServerUser> {
  const text = call.params.userId ?? '';
  const id = toDbId(text);
  if (!id) return { refusal: invalidId('userId', text) };
  const user = call.world.users.byId(id);
  return user ? { value: user } : { refusal: unknown };
}

export function invalidId(name: string, text: string): Answer {
  return problem(400, { [name]: [`The value '${text}' is not valid.`] });
}
