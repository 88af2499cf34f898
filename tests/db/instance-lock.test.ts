import { mkdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/database.js';
import { ChildProgram } from '../support/child-program.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { lockInstance } from '../../src/db/instance-lock.js';

describe('one bot for each database', () => {
  const folder = temporaryFolders();

  const others: ChildProgram[] = [];

  afterEach(async () => {
    for (const other of others.splice(0)) await other.kill();
  });

  const alreadyRunning = expect.objectContaining({
    name: 'DatabaseRefused',
    code: 'anotherBot',
  });

  function otherBot(path: string): ChildProgram {
    const program = ChildProgram.start(
      ['db/instance-lock.ts'],
      (url) => `
      import { lockInstance } from '${url('db/instance-lock.ts')}';
      globalThis.lock = lockInstance(${JSON.stringify(path)});
      console.log('held');
      setInterval(() => {}, 1000);`,
    );
    others.push(program);
    return program;
  }

  test('a second bot on the same database is refused until the first is gone, even by kill -9', async () => {
    const path = join(folder(), 'data', 'latchkey.db');
    const other = otherBot(path);
    await other.lines(1);
    expect(() => lockInstance(path)).toThrow(alreadyRunning);
    await other.kill();
    const lock = lockInstance(path);
    expect(() => lockInstance(path)).toThrow(alreadyRunning);
    lock.release();
    lockInstance(path).release();
    expect(statSync(`${path}.lock`).mode & 0o777).toBe(0o600);
  });

  test('another name for the same database does not get around it', () => {
    const place = folder();
    mkdirSync(join(place, 'data'));
    symlinkSync(join(place, 'data'), join(place, 'link'));
    const lock = lockInstance(join(place, 'data', 'latchkey.db'));
    expect(() => lockInstance(join(place, 'link', 'latchkey.db'))).toThrow(alreadyRunning);
    lockInstance(join(place, 'data', 'other.db')).release();
    lock.release();
  });

  test('the command line can still read and write the database while a bot runs', async () => {
    const path = join(folder(), 'latchkey.db');
    const other = otherBot(path);
    await other.lines(1);
    const db = openDatabase(path, [], { info: () => undefined, warn: () => undefined });
    db.exec('CREATE TABLE written (id INTEGER)');
    db.close();
  });
});
