/** A sentence for the person at the keyboard, who knows what to do about it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
  }
}
