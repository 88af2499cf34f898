import { CALLBACK } from '../constants.js';
import type { Interaction, OpenModal } from '../interaction.js';
import type { World } from '../state.js';
import { SeenMessage } from './seen-message.js';

const DEADLINE = 30_000;

/** One thing that a person did, and what came of it. */
export class Exchange {
  constructor(
    private readonly world: World,
    readonly interaction: Interaction,
    private readonly describeScreen: () => string,
  ) {}

  get id(): string {
    return this.interaction.id;
  }

  /** Milliseconds until the bot acknowledged it. Rejects after 10 s without. */
  get acknowledged(): Promise<number> {
    return this.until(() => {
      const at = this.interaction.acknowledged?.at;
      return at === undefined ? undefined : at - this.interaction.createdAt;
    }, 'was not acknowledged');
  }

  /** The callback type with which it was acknowledged, if it was. */
  get callback(): number | undefined {
    return this.interaction.acknowledged?.callback;
  }

  /** Everything that was said in answer until now, as it stands now; deleted messages are left out. */
  get messages(): SeenMessage[] {
    return this.interaction.answers.flatMap((answer) => {
      const message = 'messageId' in answer ? this.world.findMessage(answer.messageId) : undefined;
      return message ? [new SeenMessage(message)] : [];
    });
  }

  /**
   * The first message, or update of the message whose button was pressed, that is more than "thinking": as it was when it came.
   * A card that the bot edits by the channel's own route is no answer of this interaction: wait for it with Person.sees.
   * @throws Error when a modal opens instead, or nothing comes within the deadline.
   */
  answer(options: { within?: number } = {}): Promise<SeenMessage> {
    return this.until(
      () => {
        const answer = this.interaction.answers[0];
        if (answer?.kind === 'modal')
          throw new Error(`"${this.interaction.did}" opened the modal "${answer.modal.title}"; use fillsIn`);
        return answer && 'messageId' in answer ? new SeenMessage(answer.firstSeen) : undefined;
      },
      'was not answered',
      options.within,
    );
  }

  /** The modal that opened in answer. */
  modal(options: { within?: number } = {}): Promise<OpenModal> {
    return this.until(
      () => {
        const answer = this.interaction.answers.find((each) => each.kind === 'modal');
        return answer?.kind === 'modal' ? answer.modal : undefined;
      },
      'opened no modal',
      options.within,
    );
  }

  /** Waits until nothing more is owed: answered, or acknowledged by an update that needs no words. */
  async settled(options: { within?: number } = {}): Promise<void> {
    await this.until(
      () => this.interaction.answers.length > 0 || this.callback === CALLBACK.DeferredUpdate || undefined,
      'was not answered',
      options.within,
    );
  }

  private until<T>(look: () => T | undefined, failure: string, within = DEADLINE): Promise<T> {
    return this.world.changes.until(
      look,
      () => `"${this.interaction.did}" ${failure}. On the screen:\n${this.describeScreen()}`,
      within,
    );
  }
}
