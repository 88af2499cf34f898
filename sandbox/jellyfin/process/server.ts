import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startJellyfin } from '../index.js';
import { readPlan, withPid } from './plan.js';
import { reportCalls } from './report.js';

/** The loopback Jellyfin as a process that goes by the real one's name: `node server.js <server folder>`. */
const dir = process.argv[2] ?? '';
const plan = readPlan(dir);
process.title = plan.title;
mkdirSync(join(dir, 'config'), { recursive: true });
writeFileSync(
  join(dir, 'config', 'network.xml'),
  `<?xml version="1.0" encoding="utf-8"?>
<NetworkConfiguration><BaseUrl /><InternalHttpPort>${plan.port}</InternalHttpPort></NetworkConfiguration>
`,
);
// A real one is away for 0.3 to 1.5 s when it restarts.
const now = () => new Date(Date.now() + (readPlan(dir).aheadMs ?? 0));
const jellyfin = await startJellyfin({
  version: plan.version,
  dir,
  port: plan.port,
  holdsLog: true,
  restartMs: 500,
  now,
  date: now,
});
if (plan.reportTo !== undefined) reportCalls(jellyfin, plan.reportTo);
let trouble = '';
setInterval(() => {
  const next = readPlan(dir).trouble ?? {};
  if (JSON.stringify(next) === trouble) return;
  trouble = JSON.stringify(next);
  jellyfin.faults.clear();
  if (next.delayMs !== undefined) jellyfin.faults.on({ delayMs: next.delayMs });
  void jellyfin.starting(next.starting === true ? '503' : 'real');
}, 50);
withPid(dir, process.pid);

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => void jellyfin.close().then(() => process.exit(0)));
// Told to shut down over HTTP, it ends with the answer.
setInterval(() => void jellyfin.settled().then(() => isClosed() && process.exit(0)), 50);

function isClosed(): boolean {
  try {
    return jellyfin.user('root') === undefined;
  } catch {
    return true;
  }
}
