import { request as plain, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { withoutEndSlashes } from '../settings-text.js';
import { internalAddresses } from './network-xml.js';
import type { Sign, WhereToLook } from './sign.js';
import { tried } from '../tried.js';

const patienceMs = 5000;
/** Jellyfin's introduction has a few hundred bytes; what is longer is somebody else's. */
const mostBytes = 64 * 1024;

/**
 * Whether Jellyfin answers where the server would: at its public address, and at every address of its own on this machine.
 * Only its own face counts. Whatever else answers may stand in front of a server that runs, or of one that does not.
 */
export async function lookAtHttp({ url, serverDir, machine }: WhereToLook): Promise<Sign[]> {
  const addresses = new Set([
    ...(url === undefined ? [] : [withoutEndSlashes(url)]),
    ...internalAddresses(serverDir, machine),
  ]);
  const looks = [...addresses].map(async (address): Promise<Sign[]> => {
    const answer = await knock(`${address}/System/Info/Public`).catch(() => 'not an address');
    if (isNobody(answer, address)) return [];
    if (typeof answer === 'string') return [{ sign: 'http', seen: 'unseen', params: { url: address, why: answer } }];
    const seen = isJellyfin(answer) ? 'running' : 'unseen';
    return [{ sign: 'http', seen, params: { url: address, why: `${answer.status}` } }];
  });
  return (await Promise.all(looks)).flat();
}

/** On a machine without IPv6 its own IPv6 address is nobody's. */
export function isNobody(answer: Answer | string, address: string): boolean {
  if (typeof answer !== 'string') return false;
  return (
    answer === 'nobody' || (address.includes('//[::1]') && /^(EADDRNOTAVAIL|EAFNOSUPPORT|ENETUNREACH)$/.test(answer))
  );
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Whether this is Jellyfin's own answer to `/System/Info/Public`, its start-up included (docs/jellyfin.md, "Server states"). */
function isJellyfin({ status, headers, text }: Answer): boolean {
  if (status === 200) return introducesItself(text);
  // Its web server's name, which a proxy replaces by its own; another program's there is taken for Jellyfin's trouble.
  if (status >= 500 && headers.server === 'Kestrel') return true;
  if (status !== 503) return false;
  // `005` is how Jellyfin spells the seconds. While it loads it says one sentence, in its own language, labelled as a page.
  const isSentence = /html/.test(headers['content-type'] ?? '') && /^\s*[^<\s]/.test(text);
  return /^0\d+$/.test(headers['retry-after'] ?? '') || isSentence;
}

function introducesItself(text: string): boolean {
  // In camelCase while it starts. What is no object throws.
  const names = ['StartupWizardCompleted', 'startupWizardCompleted'];
  return tried(() => names.some((name) => name in (JSON.parse(text) as object))) ?? false;
}

/** The answer; `nobody` where the connection is refused; otherwise the system's error code. Throws for what is no address. */
async function knock(address: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer | string> {
  // Loaded where it is needed: most servers are asked on this machine, and a process that lives for one repair starts sooner without.
  const send = address.startsWith('https:') ? (await import('node:https')).request : plain;
  return new Promise((resolve) => {
    // A socket of its own, closed at the end. Where only it counts whether somebody is there, the certificate may be anything.
    const signal = AbortSignal.timeout(patienceMs);
    const rejectUnauthorized = Object.keys(headers).length > 0;
    const request = send(address, { agent: false, rejectUnauthorized, signal, headers });
    request.once('response', (response) => void read(response).then(resolve));
    request.once('error', (error: NodeJS.ErrnoException) => {
      resolve(whyNoAnswer(error));
    });
    request.end();
  });
}

/** An answer as far as it comes: it may have no end. */
async function read(response: IncomingMessage): Promise<Answer> {
  const { statusCode: status = 0, headers } = response;
  let text = '';
  try {
    for await (const chunk of response) {
      text += String(chunk);
      if (text.length > mostBytes) break;
    }
  } catch {
    // Cut off, or longer than anybody waits: what came is judged.
  }
  return { status, headers, text };
}

/** A name may have several addresses, and the error of them all the code of the first: nobody is there when each refuses. */
export function whyNoAnswer(error: NodeJS.ErrnoException): string {
  const each = error instanceof AggregateError ? (error.errors as NodeJS.ErrnoException[]) : [error];
  const code = each.map((one) => one.code ?? one.name).find((one) => one !== 'ECONNREFUSED');
  return code === undefined ? 'nobody' : code === 'ABORT_ERR' ? 'timeout' : code;
}

/** Whether the server at this address takes this API key; no, too, where nobody answers or no address is known. */
export async function takesKey(url: string | undefined, key: string): Promise<boolean> {
  if (url === undefined) return false;
  const headers = { authorization: `MediaBrowser Token="${key}"` };
  const answer = await knock(`${withoutEndSlashes(url)}/System/Info`, headers).catch(() => 'not an address');
  return typeof answer === 'object' && answer.status === 200;
}
