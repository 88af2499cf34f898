import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import type { RepairEnd, UnfinishedRepair } from '../../src/services/rescue/ladder/repair-port.js';
import { Rescue } from '../../src/services/rescue/ladder/rescue.js';
import { anAccount } from '../support/an-account.js';
import { exitCodeOf } from '../../src/cli/report.js';
import { done, refused, rescuePorts, yesTo } from './ladder-ports.js';
import { RescueSentences } from '../../src/commands/rescue/rescue-sentences.js';
import type { Question } from '../../src/services/rescue/ladder/ports.js';
import type { RescueOptions } from '../../src/services/rescue/ladder/plan.js';
import { createWords } from '../../src/words.js';

const id = 'a1'.repeat(16);

describe('the ladder carries on', () => {
  /** A rescue of Alice that was cut short after the change. */
  function cutShort(account: UnfinishedRepair['account']): UnfinishedRepair {
    const so = { startedAt: 0, stoppedByUs: true, mayBeChanged: true, atWork: false } as const;
    return { db: '/srv/data/jellyfin.db', account, ...so };
  }

  async function planFor(name: string, account: UnfinishedRepair['account']) {
    const { ports, jobs } = rescuePorts({ unfinished: cutShort(account) });
    const rescue = new Rescue(ports);
    const plan = await rescue.look({ name });
    return { rescue, plan, jobs, db: plan.rungs.find(({ rung }) => rung === 'db') };
  }

  describe('an unfinished rescue, where only names are known', () => {
    test('of Alice is not carried on for alice, who may be somebody else', async () => {
      const { db } = await planFor('alice', { id, name: 'Alice', alone: false });
      expect(db).toMatchObject({ open: false, note: 'dbOther', params: { name: 'Alice' } });
    });

    test('is carried on for another spelling that can mean nobody else: whether it is so, the repair says', async () => {
      const { rescue, plan, jobs, db } = await planFor('alice', { id, name: 'Alice', alone: true });
      expect(db).toMatchObject({ open: true, note: 'dbCarryOn', params: { name: 'Alice' } });
      await rescue.run(plan, yesTo('plan').ui);
      expect(jobs).toMatchObject([{ account: { name: 'alice' } }]);
    });
  });

  test('a rescue whose server was started by hand since goes on with its account, however the name is typed', async () => {
    const account = { id, name: 'alice', alone: true };
    // There was nothing left to do in the file, so that it was not looked at again.
    const end = { ...done, account, key: 'ab'.repeat(16), started: true };
    const { ports, did } = rescuePorts({
      accounts: [anAccount({ id, name: 'alice' })],
      unfinished: { ...cutShort(account), stoppedByUs: false, mayBeChanged: false },
      ends: [end],
    });
    const rescue = new Rescue(ports);
    const { outcome } = await rescue.run(await rescue.look({ name: 'ALICE' }), yesTo('plan').ui);
    expect(outcome).toBe('backIn');
    expect(did).toEqual(['password of alice', 'key deleted', 'former key again']);
  });
});

describe('whose id is known', () => {
  const asInTheFile = 'A1A1A1A1-A1A1-A1A1-A1A1-A1A1A1A1A1A1';

  const accounts = [anAccount({ id, name: 'Alice' }), anAccount({ id: 'b2'.repeat(16), name: 'alice' })];

  test.each([id, asInTheFile])('of two whose names differ in case only, %s says which one is meant', async (given) => {
    const { ports } = rescuePorts({ accounts, hasKey: true });
    const rescue = new Rescue(ports);
    await expect(rescue.look({ name: 'ALICE' })).rejects.toMatchObject({ code: 'accountAmbiguous' });
    expect(await rescue.look({ name: given })).toMatchObject({ target: { id, name: 'Alice' }, account: { id } });
  });

  test('without an API key the repair looks an id up in the file', async () => {
    const { ports, jobs } = rescuePorts();
    const rescue = new Rescue(ports);
    await rescue.run(await rescue.look({ name: asInTheFile }), yesTo('plan').ui);
    expect(jobs).toMatchObject([{ account: { id } }]);
  });

  test('a name is no id', async () => {
    const { ports } = rescuePorts();
    expect((await new Rescue(ports).look({ name: 'alice' })).target.id).toBeUndefined();
  });
});

describe('what the server itself does', () => {
  test('an account that is switched off right after its password was set is not said to be open', async () => {
    const account = anAccount({ id, name: 'alice' });
    const accounts = [account];
    const { ports } = rescuePorts({ accounts, hasKey: true });
    const rescue = new Rescue(ports);
    const { ui } = yesTo('plan');
    const handOver: typeof ui.handOver = async (_account, set) => {
      await set('a temporary one');
      accounts[0] = { ...account, isDisabled: true };
    };
    const end = await rescue.run(await rescue.look({ name: 'alice' }), { ...ui, handOver });
    expect(end).toMatchObject({ outcome: 'notYet', code: 'jellyfinNotApplied' });
  });

  test('is not taken for the new one while the old one still answers, after a restart', async () => {
    const accounts = [anAccount({ id, name: 'alice', isDisabled: true, failedSignIns: 3 })];
    const { ports, did } = rescuePorts({ accounts, hasKey: true });
    const server = { name: 'home', version: '10.11.8' };
    let answers = Infinity;
    const keylessJellyfin: Partial<typeof ports.keylessJellyfin> = {
      introduction: () => {
        answers -= 1;
        if (answers < 0) did.push('away');
        return answers < 0 ? Promise.reject(new AppError('jellyfinUnreachable')) : Promise.resolve(server);
      },
      restart: () => {
        answers = 3;
        // This version forgets a lock with it.
        accounts[0] = anAccount({ id, name: 'alice' });
        return Promise.resolve();
      },
      back: () => {
        did.push('waited for');
        return Promise.resolve(server);
      },
    };
    const rescue = new Rescue({ ...ports, keylessJellyfin: keylessJellyfin as typeof ports.keylessJellyfin });
    const options: RescueOptions = { rung: 'restart' };
    const plan = await rescue.look({ name: 'alice' }, options);
    await rescue.run(plan, yesTo('plan', 'restart').ui, options);
    expect(did).toEqual(['away', 'waited for', 'password of alice']);
  });
});

describe('a server that is still stopped', () => {
  const sentences = new RescueSentences(createWords('en').in('en'), (words) => words);

  const stillStopped = '**Jellyfin is still stopped.** Go on with another run, or start it with: start it';

  interface Run {
    readonly options: RescueOptions;
    readonly ends: readonly RepairEnd[];
    readonly yes: readonly Question[];
  }

  async function lastWords({ options, ends, yes }: Run): Promise<string[]> {
    const { ports } = rescuePorts({ ends, location: { commands: undefined } });
    const rescue = new Rescue(ports);
    const plan = await rescue.look({ name: 'alcie' }, options);
    return sentences.end(await rescue.run(plan, yesTo(...yes).ui, options), 'start it');
  }

  const stopped: RescueOptions = { rung: 'db', serverIsStopped: true };

  const unknown = refused('fileAccountUnknown', { name: 'alcie', known: 'alice' });

  const wrote = { ...done, changed: true };

  test.each<[string, Run]>([
    ['failed', { options: stopped, ends: [unknown], yes: ['plan'] }],
    ['was a dry run', { options: { ...stopped, dryRun: true }, ends: [{ ...done, changed: false }], yes: [] }],
    [
      'failed once they had stopped it when asked to',
      {
        options: { rung: 'db', byHand: true },
        ends: [refused('needsStop', { signs: 'http', where: '' }), unknown],
        yes: ['plan', 'stopByHand'],
      },
    ],
  ])('whoever has stopped the server is told that it stands still when the rescue %s', async (_, run) => {
    expect(await lastWords(run)).toContain(stillStopped);
  });

  test.each([
    [true, 5],
    [false, 3],
  ])(
    'a script reads that first: a question that nobody answered, with a server left stopped: %s',
    async (left, code) => {
      const { ports } = rescuePorts({ ends: [{ ...unknown, leftStopped: left }] });
      const rescue = new Rescue(ports);
      const end = await rescue.run(await rescue.look({ name: 'alcie' }), yesTo('plan').ui);
      expect(exitCodeOf(end, true)).toBe(code);
    },
  );

  test('where nobody has looked, that is left open', async () => {
    expect(await lastWords({ options: stopped, ends: [], yes: [] })).toContain(
      'If Jellyfin is still stopped, go on with another run, or start it with: start it',
    );
  });

  test.each<[string, Run]>([
    [
      'a server that was seen to run',
      { options: stopped, ends: [refused('serverRunning', { signs: 'http', where: '' })], yes: ['plan'] },
    ],
    ['one that they start when all is well', { options: stopped, ends: [wrote], yes: ['plan'] }],
    ['one that nobody has stopped', { options: { rung: 'db', byHand: true }, ends: [unknown], yes: ['plan'] }],
  ])('nobody is told so of %s', async (_, run) => {
    expect((await lastWords(run)).join('\n')).not.toContain('still stopped');
  });

  test('whoever has stopped it for this rescue is not told to start it before its file is opened', async () => {
    const so = { startedAt: 0, stoppedByUs: true, mayBeChanged: true, atWork: false } as const;
    const { ports } = rescuePorts({ unfinished: { db: '/db', account: { name: 'alice' }, ...so } });
    const plan = await new Rescue(ports).look({ name: 'alice' }, stopped);
    expect(sentences.plan(plan, stopped).join('\n')).not.toContain('start it');
    expect(sentences.plan(plan).join('\n')).toContain('still stopped, start it with: start it');
  });
});
