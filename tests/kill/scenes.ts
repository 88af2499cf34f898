import type { KillableHousehold, RequestRow, Subject } from './killable-household.js';
import { until } from './until.js';

/** Something that a person does, with what has to be so before it and by what one knows that it is over. */
export interface Scene {
  /** Whom it happens to; a linked member who takes direct messages unless said. */
  readonly who?: 'closed' | 'nobody' | 'stranger';
  /** Before there is anybody whom it happens to. */
  before?(household: KillableHousehold): Promise<void>;
  prepare(household: KillableHousehold, subject: Subject): Promise<void>;
  act(household: KillableHousehold, subject: Subject): Promise<unknown>;
  /** What it is meant to change of the account's policy, beside the lock. */
  readonly becomes?: object;
  /** Asked about the newest request for the account. */
  isOver(row: RequestRow | undefined, household: KillableHousehold, subject: Subject): boolean;
}

/** Waits for the end of a scene, with everybody told and the card drawn. */
export async function theEnd(household: KillableHousehold, subject: Subject, scene: Scene): Promise<void> {
  const { account } = subject;
  await until(
    () => scene.isOver(household.request(account), household, subject) || undefined,
    () => `${JSON.stringify(household.request(account))}\n${household.told()}`,
  );
  await household.settled(account);
}

const nothing = async () => undefined;
const isDone = (row?: RequestRow) => row?.state === 'done';
const waitsForPress = (row?: RequestRow) => row?.state === 'approved' && row.delivery_status === 'announced';
const isCarded = (row?: RequestRow) => row !== undefined && row.card_version === row.version;

const asks =
  (command: '/unlock' | '/resetpw') =>
  async ({ home }: KillableHousehold, { person }: Subject) => {
    const asked = await person.types(command);
    await asked.answer();
    await home.dad.sees(new RegExp(`<@${person.id}> asks`));
  };

const presses =
  (label: string) =>
  async (household: KillableHousehold, { person }: Subject) => {
    const { home } = household;
    const card = await home.dad.sees(new RegExp(`<@${person.id}> asks`));
    await home.dad.presses(label, { on: card });
  };

const approves = presses('Approve');

async function denies(household: KillableHousehold, subject: Subject) {
  await presses('Deny')(household, subject);
  await household.home.dad.fillsIn({ 'In your own words': 'Ask me at dinner' });
}

/** Asks for a new password, which is approved and shown in a direct message. */
export async function getsPassword(household: KillableHousehold, subject: Subject) {
  await asks('/resetpw')(household, subject);
  await approves(household, subject);
  await theEnd(household, subject, scenes.approveReset);
}

async function isOfferedPassword(household: KillableHousehold, subject: Subject) {
  await asks('/resetpw')(household, subject);
  await approves(household, subject);
  await theEnd(household, subject, scenes.approveResetClosed);
}

export const scenes = {
  ask: { prepare: nothing, act: asks('/unlock'), isOver: isCarded },
  approveUnlock: { prepare: asks('/unlock'), act: approves, isOver: isDone },
  /** Where the household allows it (`SELF_UNLOCK=allow`). */
  unlockOneself: { prepare: nothing, act: (_, { person }) => person.types('/unlock'), isOver: isDone },
  approveReset: { prepare: asks('/resetpw'), act: approves, isOver: isDone },
  approveResetClosed: { who: 'closed', prepare: asks('/resetpw'), act: approves, isOver: waitsForPress },
  show: {
    who: 'closed',
    prepare: isOfferedPassword,
    act: (_, { person }) => person.presses('Show my password'),
    isOver: isDone,
  },
  renew: {
    prepare: getsPassword,
    act: (_, { person }) => person.presses('New one'),
    isOver: (row) => isDone(row) && row?.origin === 'direct',
  },
  showHere: {
    async prepare(household, subject) {
      await getsPassword(household, subject);
      await (await subject.person.types('/status')).answer();
    },
    act: (_, { person }) => person.presses('Show it here'),
    isOver: (row) => isDone(row) && row?.origin === 'direct',
  },
  deny: { prepare: asks('/resetpw'), act: denies, isOver: (row) => row?.state === 'denied' },
  handed: {
    who: 'nobody',
    prepare: nothing,
    act: ({ home }: KillableHousehold, { account }: Subject) => home.dad.types('/resetpw', { user: account }),
    isOver: (row) => row?.state === 'done' || row?.state === 'failed',
  },
} satisfies Record<string, Scene>;
