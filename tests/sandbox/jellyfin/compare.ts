import type { Names } from './names.js';
import type { Answered, Recording } from './replay.js';

/** Fields whose value is the machine's or the moment's; for these only presence and type are compared. */
const volatile = new Set([
  'traceId',
  'LocalAddress',
  'WebSocketPortNumber',
  'Secret',
  'Code',
  'AccessToken',
  'ServerId',
  'DeviceId',
  'FreeSpace',
  'UsedSpace',
  'Size',
  'Path',
  'PinFile',
  'ProgramDataPath',
  'ItemsByNamePath',
  'LogPath',
  'InternalMetadataPath',
]);
/** Numbers that the database counts, over what was done between the recordings as well. */
const rowId = /\.(AccessSchedules|Items)\.\d+\.Id$/;
const moment = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** Every way in which the stand-in's answer differs from the recorded one, as a line each. */
export function differences(recorded: Recording['response'], ours: Answered, names: Names): string[] {
  const found: string[] = [];
  if (recorded.status !== ours.status) return [`status ${recorded.status} became ${ours.status}`];
  if (recorded.contentType !== ours.contentType) found.push(`type ${recorded.contentType} became ${ours.contentType}`);
  compare(recorded.body, ours.body, 'body', found, names);
  return found;
}

function compare(recorded: unknown, ours: unknown, at: string, found: string[], names: Names): void {
  const kind = kindOf(recorded);
  if (kind !== kindOf(ours)) {
    found.push(`${at}: ${JSON.stringify(recorded)} became ${JSON.stringify(ours)}`);
  } else if (kind === 'object' || kind === 'array') {
    compareFields(recorded as object, ours as object, at, found, names);
  } else if (recorded !== ours && !isVolatile(recorded, ours, at) && names.get(String(recorded)) !== ours) {
    found.push(`${at}: ${JSON.stringify(recorded)} became ${JSON.stringify(ours)}`);
  }
}

function compareFields(recorded: object, ours: object, at: string, found: string[], names: Names): void {
  const [theirs, own] = [
    new Map<string, unknown>(Object.entries(recorded)),
    new Map<string, unknown>(Object.entries(ours)),
  ];
  for (const [key, value] of theirs) {
    if (own.has(key)) compare(value, own.get(key), `${at}.${key}`, found, names);
    else found.push(`${at}.${key} is missing`);
  }
  for (const key of own.keys()) if (!theirs.has(key)) found.push(`${at}.${key} is too much`);
}

function isVolatile(recorded: unknown, ours: unknown, at: string): boolean {
  if (volatile.has(at.slice(at.lastIndexOf('.') + 1))) return true;
  if (typeof recorded === 'number' && rowId.test(at)) return true;
  return moment.test(String(recorded)) && moment.test(String(ours));
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
}
