import { existsSync } from 'node:fs';
import { request as plain } from 'node:http';
import { connect } from 'node:net';
import type { UnreachableKind } from '../errors.js';

/** How long one further look at the address may take, once a call has failed. */
const lookMs = 2000;

/** Codes of the system and of TLS that say by themselves what is the matter. */
const kinds: readonly (readonly [RegExp, UnreachableKind])[] = [
  [/^(ENOTFOUND|EAI_)/, 'nameUnknown'],
  [/^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL)$/, 'noRoute'],
  [/^DEPTH_ZERO_SELF_SIGNED_CERT$/, 'certSelfSigned'],
  [/^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/, 'certExpired'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'certOtherName'],
  [/^(SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_)/, 'certUntrusted'],
  [/^\d{3}$/, 'gateway'],
  [/^wantsTls$/, 'httpToHttps'],
];

interface Surroundings {
  /** Whether `localhost` is a container of the bot's own. */
  readonly inContainer?: boolean;
}

/**
 * Sorts a call that brought no answer of Jellyfin's: `reason` is the system's code, or the status of a proxy. Where the code
 * says too little, the address is looked at once more, without the key. Never throws.
 */
export async function whyUnreachable(
  reason: string,
  address: string,
  { inContainer = isInContainer() }: Surroundings = {},
): Promise<UnreachableKind> {
  const { protocol, hostname } = new URL(address);
  if (reason === 'ECONNREFUSED') return inContainer && isLoopback(hostname) ? 'ownContainer' : 'refused';
  const known = kinds.find(([codes]) => codes.test(reason));
  if (known) return known[1];
  if (/timeout|TIMEDOUT/i.test(reason)) return (await accepts(address)) ? 'silent' : 'noConnection';
  // Each of the two protocols ends in a different way for everybody who does not expect the other.
  if (protocol === 'https:') return (await speaks('http:', address)) ? 'httpsToHttp' : 'broken';
  return (await speaks('https:', address)) ? 'httpToHttps' : 'broken';
}

/** What proxies and Go programs say to somebody who sends plain http where they expect https: nginx, Apache, Go. */
export const saysWantsTls = (text: string): boolean =>
  /plain HTTP request was sent to HTTPS port|plain HTTP to an SSL-enabled server port|HTTP request to an HTTPS server/i.test(
    text,
  );

function isInContainer(): boolean {
  return existsSync('/.dockerenv') || existsSync('/run/.containerenv');
}

const isLoopback = (hostname: string) =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);

/** Where an address leads, whichever protocol is spoken there. */
function endOf(address: string): { readonly host: string; readonly port: number } {
  const { protocol, hostname, port } = new URL(address);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (protocol === 'https:' ? 443 : 80)) };
}

function accepts(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(endOf(address));
    const end = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.setTimeout(lookMs, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

async function speaks(protocol: 'http:' | 'https:', address: string): Promise<boolean> {
  const send = protocol === 'https:' ? (await import('node:https')).request : plain;
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(lookMs);
    const request = send({ ...endOf(address), protocol, agent: false, rejectUnauthorized: false, signal });
    request.once('response', (response) => {
      response.destroy();
      // What expects https, and is kind enough to say so in http, says it with this status.
      resolve(protocol === 'https:' || response.statusCode !== 400);
    });
    request.once('error', () => resolve(false));
    request.end();
  });
}
