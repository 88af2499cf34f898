import { afterEach, describe, expect, test } from 'vitest';
import { type Jellyfin, startJellyfin } from '../../../sandbox/jellyfin/index.js';
import { differences } from './compare.js';
import { Names } from './names.js';
import { type Answered, readRuns, type Recording, resend } from './replay.js';

let jellyfin: Jellyfin;
afterEach(() => jellyfin?.close());

/** The wizard and the accounts; then what was recorded of each restriction. */
const series = /^q-(wizard|login-root|create-key|list-keys|new-|devlist|maxsess|hours|remote|device)/;

/**
 * Not asked of the stand-in: WebSockets, films, the server's own log, a shared device's word about itself, the network's
 * configuration, what only a person's app reads, and odd ways to name a device that is to be deleted.
 */
const skipped =
  /websocket|uses-token|token-used|stream|playback|playing|stopped|download|items|views|capabilities|displayprefs|server-log|logs?$|library|endpoint|progress|outside-pin|stick|persistent|network-configuration|server-off|server-on|active-within|idle|restart|device-info|no-id|empty-id|delete-two|sam-[ab]-token|odd-id/;

const isAsked = ({ name }: Recording) => series.test(name) && !skipped.test(name);

/** Lists hold what other recordings left behind; what is compared is whether somebody was let in, and what the policy says. */
function withPolicyOnly({ status, body }: Answered): Answered {
  const { Policy: policy } = typeof body === 'object' && body !== null ? (body as { Policy?: unknown }) : {};
  return { status, contentType: null, body: policy };
}

/** Of a list of sessions: who is on which device, by which app; of those whose devices the recordings are about. */
function whoIsWhere({ status, body }: Answered): Answered {
  const sessions = Array.isArray(body) ? (body as Readonly<Record<string, string>>[]) : [];
  const own = sessions.filter(({ UserName }) => UserName === 'sam' || UserName === 'sue');
  const lines = own.map(({ UserName, Client, DeviceId }) => `${UserName} ${Client} ${DeviceId}`);
  return { status, contentType: null, body: lines.sort() };
}

describe.each(['10.10.7', '10.11.11', '12.0-rc5'])(
  'a real server of version %s, asked about hours, remote access, listed devices and sessions',
  (version) => {
    const runs = readRuns(`../shared/jellyfin/causes/v${version}`);

    (runs || process.env.CI ? test : test.skip)(
      'answers as the loopback Jellyfin answers (skipped without ../shared/jellyfin)',
      async () => {
        const recordings = (runs ?? []).flat().filter(isAsked);
        let now = new Date(recordings[0]?.at ?? 0);
        jellyfin = await startJellyfin({
          ...{ version: version.replace('-rc5', ''), beforeWizard: true, hashIterations: 10, now: () => now },
        });
        const names = new Names();
        const found: string[] = [];
        for (const recording of recordings) {
          now = new Date(recording.at);
          jellyfin.moveTo(recording.name.includes('-zone-tokyo-') ? 9 * 60 : 0);
          const answer = await resend(jellyfin.url, recording, names);
          names.learn(recording.response.body, answer.body);
          const compared = recording.name.startsWith('q-device-sessions') ? whoIsWhere : withPolicyOnly;
          const [theirs, ours] = [recording.response, answer].map(compared);
          if (!theirs || !ours) throw new Error('no answer');
          found.push(...differences(theirs, ours, names).map((line) => `${recording.file}: ${line}`));
        }
        expect(recordings.length).toBeGreaterThan(100);
        expect(found).toEqual([]);
      },
    );
  },
);
