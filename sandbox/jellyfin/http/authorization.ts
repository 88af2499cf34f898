import type { IncomingHttpHeaders } from 'node:http';
import type { ClientInfo } from '../store/devices.js';
import { disabled, may } from '../store/server-user.js';
import type { World } from '../world.js';
import type { Caller, Query } from './call.js';
import { decoded } from './decode.js';

/** The token a request shows, in whatever place this version still looks. */
export function tokenOf(headers: IncomingHttpHeaders, query: Query, oldForms: boolean): string | undefined {
  const fields = authorizationFields(headers, oldForms);
  const token = fields?.get('token') ?? query.get('ApiKey');
  if (token || !oldForms) return token;
  return single(headers['x-emby-token']) ?? single(headers['x-mediabrowser-token']) ?? query.get('api_key');
}

/** What a client says of itself; undefined unless application, device, device id and version are all there. */
export function clientOf(headers: IncomingHttpHeaders, oldForms: boolean): ClientInfo | undefined {
  const fields = authorizationFields(headers, oldForms);
  const [app, deviceName] = [fields?.get('client'), fields?.get('device')];
  const [deviceId, appVersion] = [fields?.get('deviceid'), fields?.get('version')];
  if (!app || !deviceName || !deviceId || !appVersion) return undefined;
  return { app, deviceName, deviceId, appVersion };
}

function authorizationFields(headers: IncomingHttpHeaders, oldForms: boolean): Map<string, string> | undefined {
  const text = headers.authorization ?? (oldForms ? single(headers['x-emby-authorization']) : undefined);
  const [, scheme, rest] = /^(\S+) (.*)$/.exec(text ?? '') ?? [];
  if (scheme !== 'MediaBrowser' && !(oldForms && scheme === 'Emby')) return undefined;
  const fields = new Map<string, string>();
  for (const [, name, quoted, bare] of (rest ?? '').matchAll(/(\w+)=(?:"([^"]*)"|([^",\s]*))/g)) {
    fields.set((name ?? '').toLowerCase(), decoded(quoted ?? bare ?? ''));
  }
  return fields;
}

function single(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}

/** Whose token it is; a disabled or locked user's counts for nothing as long as that lasts. */
export function callerOf(world: World, token: string | undefined): Caller {
  if (!token) return { kind: 'none' };
  const key = world.keys.byToken(token);
  if (key) return { kind: 'key', name: key.name, token };
  const device = world.devices.byToken(token);
  const user = device && world.users.byId(device.userId);
  if (!user || may(user, disabled)) return { kind: 'none' };
  return { kind: 'user', user, token };
}
