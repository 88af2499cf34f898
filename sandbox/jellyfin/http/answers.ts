import { randomBytes } from 'node:crypto';

/** What goes back over the wire; no content type means an empty body. */
export interface Answer {
  readonly status: number;
  readonly contentType?: string;
  readonly body?: string;
  /** Told when the answer is out: what the call asks for comes after. */
  readonly after?: (answered: Promise<void>) => void;
  readonly headers?: Readonly<Record<string, string>>;
}

const jsonType = 'application/json; charset=utf-8';

export function json(value: unknown, status = 200): Answer {
  return { status, contentType: jsonType, body: JSON.stringify(value) };
}

export const noContent: Answer = { status: 204 };

/** Where a server with a base path sends everybody who asks for anything outside of it. */
export function outsideBasePath(basePath: string): Answer {
  return { status: 302, headers: { location: `${basePath}/web/` } };
}

/** Refusals by authentication and authorisation say nothing. */
export function empty(status: number, headers: Record<string, string> = {}): Answer {
  return { status, headers };
}

/** What the server makes of an exception, whatever it was. */
export function failure(status: number): Answer {
  return { status, contentType: 'text/plain', body: 'Error processing request.' };
}

const sections: Record<number, string> = { 400: '15.5.1', 404: '15.5.5' };
const titles: Record<number, string> = { 400: 'Bad Request', 404: 'Not Found' };

/** A problem in the form of RFC 9110, with the fields that did not validate where there are any. */
export function problem(status: 400 | 404, errors?: Record<string, string[]>): Answer {
  const traceId = `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
  return json(
    {
      type: `https://tools.ietf.org/html/rfc9110#section-${sections[status]}`,
      title: errors ? 'One or more validation errors occurred.' : titles[status],
      status,
      ...(errors ? { errors } : {}),
      traceId,
    },
    status,
  );
}
