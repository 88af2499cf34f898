import type { Api } from '@jellyfin/sdk/lib/api.js';
import { getSystemApi } from '@jellyfin/sdk/lib/utils/api/system-api.js';
import { AppError, type ErrorCode, type Params } from '../errors.js';
import type { ServerInfo } from '../services/accounts/jellyfin-port.js';
import { isRecord } from './account-from-user.js';
import { UnexpectedAnswer, type RestAnswer } from './answer.js';
import type { Call } from './call-failure.js';

const oldest = { major: 10, minor: 10 };

/** How a server introduces itself to anybody. */
export function publicInfo(api: Api): Call {
  const system = getSystemApi(api);
  return { method: 'GET', path: '/System/Info/Public', send: (options) => system.getPublicSystemInfo(options) };
}

/**
 * What the server's own introduction (`/System/Info/Public`) says, which needs no key and so tells best who is there.
 * Throws an AppError unless it is a Jellyfin that is up, set up, and new enough: only 200 in PascalCase comes from one
 * (docs/jellyfin.md, "Server states").
 */
export function readPublicInfo(answer: RestAnswer, address: string): ServerInfo {
  const fail = (code: ErrorCode, params: Params = {}): AppError =>
    new AppError(code, params, { cause: new UnexpectedAnswer(answer) });
  const { status, data } = answer;
  if (status === 503) {
    // A proxy without anybody behind it says 503 with a page of its own; Jellyfin says when to come back, or one sentence.
    throw answer.isDocument && !answer.saysRetryAfter
      ? fail('jellyfinUnreachable', { reason: '503' })
      : fail('jellyfinStarting');
  }
  // Jellyfin with a base path, and proxies that insist on https, send whoever knocks elsewhere on to the right address.
  if (status >= 300 && status < 400)
    throw fail(staysOnHost(answer.location, address) ? 'jellyfinWrongPath' : 'jellyfinNotJellyfin');
  if (status === 404) throw fail('jellyfinWrongPath');
  if (status >= 500 && !answer.isDocument) throw fail('jellyfinBroken', { status });
  if (status !== 200 || !isRecord(data)) throw fail('jellyfinNotJellyfin');
  if ('startupWizardCompleted' in data) throw fail('jellyfinStarting');
  const { Version: version, ServerName: name, StartupWizardCompleted: isSetUp } = data;
  if (typeof version !== 'string') throw fail('jellyfinNotJellyfin');
  if (isTooOld(version)) throw fail('jellyfinTooOld', { version });
  if (isSetUp !== true) throw fail('jellyfinNotSetUp');
  return { name: typeof name === 'string' ? name : '', version };
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major < oldest.major || (major === oldest.major && minor < oldest.minor);
}

function staysOnHost(location: string | undefined, address: string): boolean {
  if (location === undefined || !URL.canParse(location, address)) return false;
  return new URL(location, address).hostname === new URL(address).hostname;
}
