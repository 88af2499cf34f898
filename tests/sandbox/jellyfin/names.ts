const nameFields = new Set(['Id', 'ServerId', 'AccessToken', 'Secret', 'Code', 'Date']);

const guid = '[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}';
const pin = '[0-9A-Fa-f]{2}(?:-?[0-9A-Fa-f]{2}){3}';
const moment = '\\d{4}-\\d\\d-\\d\\dT[\\d%3A.]+Z';
const anyName = new RegExp(`[0-9A-Fa-f]{64}|${guid}|[0-9A-Fa-f]{32}|${moment}|${pin}|\\d{6}`, 'g');

/** What the ids, tokens, codes and PINs of the recordings are called on the stand-in. */
export class Names {
  readonly #ours = new Map<string, string>();

  set(recorded: string, ours: string): void {
    this.#ours.set(recorded, ours);
    if (/^[0-9a-f]{32}$/.test(recorded)) {
      this.#ours.set(recorded.toUpperCase(), ours.toUpperCase());
      this.#ours.set(dashed(recorded), dashed(ours));
    }
    if (recorded.endsWith('Z')) this.#ours.set(encodeURIComponent(recorded), encodeURIComponent(ours));
  }

  get(recorded: string): string {
    return this.#ours.get(recorded) ?? recorded;
  }

  /** A text with every recorded name in it replaced, in one pass, so that no replacement is replaced again. */
  in(text: string): string {
    return text.replace(anyName, (found) => this.get(found));
  }

  /** Learns from two answers to the same request, in the fields that hold names. */
  learn(recorded: unknown, ours: unknown): void {
    if (typeof recorded !== 'object' || recorded === null || typeof ours !== 'object' || ours === null) return;
    for (const [key, value] of Object.entries(recorded)) {
      const own = (ours as Record<string, unknown>)[key];
      if (typeof value === 'string' && typeof own === 'string' && nameFields.has(key)) this.set(value, own);
      else this.learn(value, own);
    }
  }

  /** Learns from the contents of two PIN files; PINs are typed in other ways as well. */
  learnPin(recorded: string, ours: string): void {
    const { Pin: theirs } = JSON.parse(recorded) as { Pin: string };
    const { Pin: own } = JSON.parse(ours) as { Pin: string };
    this.set(theirs, own);
    this.set(theirs.toLowerCase(), own.toLowerCase());
    this.set(theirs.replaceAll('-', ''), own.replaceAll('-', ''));
  }
}

function dashed(id: string): string {
  return id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
