import { createSocket } from 'node:dgram';
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';
import { readAddress } from '../config/readers.js';
import { AppError, ignoreAppError, only } from '../errors.js';
import { createJellyfin } from '../jellyfin/create-jellyfin.js';
import { createDevices } from '../jellyfin/devices.js';
import { JellyfinServer } from '../jellyfin/jellyfin-server.js';
import { createKeylessJellyfin } from '../jellyfin/keyless-jellyfin.js';
import { createQuickConnect } from '../jellyfin/quick-connect.js';
import { Secret } from '../secret.js';
import type { ServerInfo } from '../services/accounts/jellyfin-port.js';

/** Nobody reads a log during a set-up: what counts is said. */
const log = { info: () => undefined, warn: () => undefined, error: () => undefined, debug: () => undefined };
const timeoutMs = 5000;

/** A Jellyfin as it introduces itself to anybody. */
export interface FoundServer extends ServerInfo {
  readonly url: string;
}

/** Who answers at an address. Throws AppError with a `jellyfin…` code. */
export async function lookAt(url: string): Promise<FoundServer> {
  return { url, ...(await createKeylessJellyfin({ url, log, timeoutMs }).introduction()) };
}

/** The address to which somebody is sent who asks here for a server's introduction. Nothing of the page itself is read. */
async function sentTo(url: string): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await fetch(`${url}/System/Info/Public`, { redirect: 'manual', signal });
    await answer.body?.cancel();
    const location = answer.headers.get('location');
    if (location === null) return undefined;
    const { origin, pathname } = new URL(location, url);
    return readAddress(`${origin}${pathname}`.replace(/\/(web|System)(\/.*)?$/i, ''));
  } catch {
    return undefined;
  }
}

/**
 * Finds Jellyfin by what somebody types or copies from a browser: the scheme, the port and the base path may be missing,
 * and the page `/web/…` may be there. Throws AppError of the likeliest address, or undefined for what is no address.
 */
export async function findByTyped(typed: string): Promise<FoundServer | undefined> {
  const looks = addressesIn(typed).map((url) => atItsBasePath(url));
  // All at once, as a computer that is off lets one wait; and of what comes second nobody may hear.
  for (const look of looks) look.catch(() => undefined);
  let first: Error | undefined;
  for (const look of looks) {
    try {
      return await look;
    } catch (error) {
      const refusal = only(AppError, error);
      first ??= refusal;
    }
  }
  if (first === undefined) return undefined;
  throw first;
}

/** In the order in which they are tried. */
export function addressesIn(typed: string): string[] {
  const text = typed
    .trim()
    .replace(/[?#].*$/, '')
    .replace(/\/web(\/.*)?$/i, '');
  if (/^(?!https?:)[a-z]+:\/\//i.test(text)) return [];
  const hasScheme = /^https?:\/\//i.test(text);
  const asTyped = (hasScheme ? [text] : [`http://${text}`, `https://${text}`]).flatMap(
    (each) => readAddress(each) ?? [],
  );
  const own = asTyped.filter((each) => new URL(each).port === '' && new URL(each).protocol === 'http:');
  const withPort = own.map((each) => each.replace(/^http:\/\/[^/]+/, '$&:8096'));
  return [...asTyped.slice(0, 1), ...withPort, ...asTyped.slice(1)];
}

/** A server with a base path sends everybody there. */
async function atItsBasePath(url: string): Promise<FoundServer> {
  try {
    return await lookAt(url);
  } catch (error) {
    if (only(AppError, error).code !== 'jellyfinWrongPath') throw error;
    const moved = await sentTo(url);
    if (moved === undefined) throw error;
    return lookAt(moved);
  }
}

/** Every address that somebody names is asked. */
const mostAnnounced = 20;

/** This machine, and a compose file's service. */
const usual = ['http://127.0.0.1:8096', 'http://jellyfin:8096'];

interface Discovery {
  /** Where servers listen for the question. */
  readonly port?: number;
  /** Addresses that are tried besides. */
  readonly more?: readonly string[];
  /** How long their answers are waited for. */
  readonly patienceMs?: number;
}

/**
 * The servers that answer on this machine, in this compose network, or on this network. One that is on this machine stands
 * once, under its own address: anybody on the network can say that they are it.
 */
export async function discover({ port = 7359, more = usual, patienceMs = 1500 }: Discovery = {}): Promise<
  FoundServer[]
> {
  const [announced, tried] = await Promise.all([
    whoIsThere(port, patienceMs).then((addresses) => serversAt(addresses)),
    serversAt(more),
  ]);
  const own = addressesOf(networkInterfaces()).map(({ address }) => address);
  // The address that others use is worth more than this machine's own.
  const sure = [...announced.filter(({ url }) => own.includes(new URL(url).hostname)), ...tried].filter(isFirst);
  return [...sure, ...announced.filter((each) => !sure.some(({ url, id = url }) => [each.url, each.id].includes(id)))];
}

function isFirst({ id }: FoundServer, index: number, found: readonly FoundServer[]): boolean {
  return id === undefined || found.findIndex((each) => each.id === id) === index;
}

/** The servers that answer at these addresses. */
export async function serversAt(addresses: readonly string[]): Promise<FoundServer[]> {
  const looks = await Promise.allSettled(addresses.map((each) => atItsBasePath(each)));
  return looks.flatMap((look) => (look.status === 'fulfilled' ? [look.value] : []));
}

/** Jellyfin's own discovery: a question to everybody on the network, and each server's address in its answer. */
function whoIsThere(port: number, patienceMs: number): Promise<string[]> {
  const found = new Set<string>();
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const end = () => {
      clearTimeout(timer);
      socket.close();
      resolve([...found]);
    };
    const timer = setTimeout(end, patienceMs);
    // A machine without a network finds nobody.
    socket.once('error', end);
    socket.on('message', (message) => {
      const address = addressOf(message.toString());
      if (address !== undefined && found.size < mostAnnounced) found.add(address);
    });
    socket.bind(0, () => {
      socket.setBroadcast(true);
      for (const target of broadcasts()) socket.send('Who is JellyfinServer?', port, target, () => undefined);
    });
  });
}

function addressOf(message: string): string | undefined {
  try {
    const { Address: address } = JSON.parse(message) as { Address?: unknown };
    return readAddress(String(address));
  } catch {
    return undefined;
  }
}

const addressesOf = (cards: NodeJS.Dict<NetworkInterfaceInfo[]>) => Object.values(cards).flatMap((each = []) => each);

/** Whom to ask so that everybody hears it. */
export function broadcasts(cards = networkInterfaces()): string[] {
  const ofNetworks = addressesOf(cards)
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address, netmask }) => {
      const mask = netmask.split('.');
      return address
        .split('.')
        .map((part, index) => (Number(part) | (~Number(mask[index]) & 255)).toString())
        .join('.');
    });
  return [...new Set(['255.255.255.255', '127.0.0.1', ...ofNetworks])];
}

/** A device of this name is signed in for as long as a set-up runs; the next one takes the place of one left over. */
const deviceId = 'latchkey-setup';

/** Ways into a server for somebody who has no key yet, and for one who has. */
export function jellyfinSide(url: string) {
  const options = { url, log, timeoutMs: 10_000 };
  const server = new JellyfinServer(options);
  const quickConnect = createQuickConnect(server, createDevices(server));
  return {
    /** Whether Quick Connect is on; undefined where the server does not say. */
    takesCodes: () =>
      server
        .read(
          'GET /QuickConnect/Enabled',
          ({ authentication }, options) => authentication.getQuickConnectEnabled(options),
          (data) => (typeof data === 'boolean' ? data : undefined),
        )
        .catch(ignoreAppError),
    begin: () => quickConnect.begin(deviceId),
    isConfirmed: quickConnect.isConfirmed,
    open: (secret: Secret) => quickConnect.open(secret, deviceId),
    signIn: (name: string, password: string) => createKeylessJellyfin(options).signIn(name, password),
    withKey: (key: string) => createJellyfin({ ...options, keys: { current: new Secret(key) } }),
  };
}

export type JellyfinSide = ReturnType<typeof jellyfinSide>;
