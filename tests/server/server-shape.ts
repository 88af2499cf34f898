import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What of a running server there is at a moment; a real one goes through all of these combinations. */
export interface Shape {
  /** `open`: as while it works. `idle`: closed again. `migrated`: open, without any lock, as after a start with a migration. */
  readonly database: 'open' | 'idle' | 'migrated';
  readonly log: boolean;
  readonly port: boolean;
  /** What it answers with; 200 unless given. */
  readonly status?: number;
}

/** A process that leaves the signs it is told to leave, and changes them when told. */
export interface ShapedServer {
  readonly pid: number;
  change(shape: Partial<Shape>): Promise<void>;
  end(): Promise<void>;
}

const program = `
  const { openSync, closeSync, appendFileSync } = require('node:fs');
  const { spawnSync } = require('node:child_process');
  const Database = require('better-sqlite3');
  const { db, log, port } = JSON.parse(process.argv[1]);
  const held = {};
  const turns = {
    log: (on) => {
      if (!on) return held.log && closeSync(held.log), (held.log = undefined);
      held.log ??= openSync(log, 'a');
      spawnSync('flock', ['-xn', '3'], { stdio: ['ignore', 'ignore', 'ignore', held.log] });
    },
    database: (how) => {
      held.db?.close();
      if (held.file) closeSync(held.file);
      held.db = held.file = undefined;
      if (how === 'migrated') held.file = openSync(db, 'r');
      if (how !== 'open') return;
      held.db = new Database(db);
      held.db.exec('BEGIN; SELECT * FROM sqlite_master');
    },
    status: (code) => (held.status = code),
    port: (on) => new Promise((done) => {
      if (!on && held.port) { held.port.closeAllConnections(); return held.port.close(done), (held.port = undefined); }
      if (!on || held.port) return done();
      held.port = require('node:http').createServer(({ url }, answer) => answer.writeHead(/Public$/.test(url) ? 200 : (held.status ?? 200)).end('{"Version":"12.0.0","StartupWizardCompleted":true}')).listen(port, '127.0.0.1', done);
    }),
  };
  require('node:readline').createInterface({ input: process.stdin }).on('line', async (line) => {
    for (const [name, value] of Object.entries(JSON.parse(line))) await turns[name](value);
    console.log('changed');
  }).on('close', () => process.exit(0));
`;

/** Starts one in the given server folder, in the given shape. */
export async function shapedServer(dir: string, port: number, shape: Shape): Promise<ShapedServer> {
  const { db, log } = serverFiles(dir);
  const child = spawn(process.execPath, ['-e', program, JSON.stringify({ db, log, port })], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const server: ShapedServer = {
    pid: child.pid ?? 0,
    change: async (change) => {
      const changed = new Promise((resolve) => lines.once('line', resolve));
      child.stdin.write(`${JSON.stringify(change)}\n`);
      await changed;
    },
    end: () => ended(child, () => child.stdin.end()),
  };
  await server.change(shape);
  return server;
}

/** A stop command that ends whoever runs it once the server is gone: a signal is over before its process is. */
export const stopsAndDies = (pid: number | undefined): string =>
  `kill ${pid}; while kill -0 ${pid} 2>/dev/null; do sleep 0.01; done; kill -9 $PPID`;

export function ended(child: ChildProcess, end: () => void): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    end();
  });
}

/** A stopped server's folder, whose configuration names a port. */
export function serverFolder(dir: string, port: number) {
  for (const part of ['config', 'data', 'log']) mkdirSync(join(dir, part), { recursive: true });
  const files = serverFiles(dir);
  writeFileSync(files.log, 'stopped\n');
  writeFileSync(
    join(dir, 'config', 'network.xml'),
    `<NetworkConfiguration><BaseUrl /><InternalHttpPort>${port}</InternalHttpPort></NetworkConfiguration>`,
  );
  return { ...files, serverDir: dir, logDir: join(dir, 'log') };
}

function serverFiles(dir: string) {
  return { db: join(dir, 'data', 'jellyfin.db'), log: join(dir, 'log', 'log_20261124.log') };
}
