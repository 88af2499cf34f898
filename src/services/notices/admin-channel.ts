import type { ServiceEvents } from '../events.js';

/** The roles that decide about requests, as configured. */
export interface DecidingRoleIds {
  readonly adminRoleIds: readonly string[];
  readonly helperRoleIds: readonly string[];
}

/**
 * Whether the admin channel reaches those who decide, as far as is known: it can be deleted or closed to the bot, and their
 * roles deleted, while the bot runs. What was sent there last, or what Discord told of it since, counts.
 */
export class AdminChannel {
  #isClosed = false;
  #goneRoleIds: readonly string[] = [];

  constructor(
    readonly id: string,
    private readonly roles: DecidingRoleIds,
  ) {}

  readonly onRead = ({ isClosed, goneRoleIds }: ServiceEvents['adminChannelRead']): void => {
    this.#isClosed = isClosed;
    this.#goneRoleIds = goneRoleIds;
  };

  /** Notes that a message could be sent there, or could not; returns whether that is news. */
  sent(isSent: boolean): boolean {
    const isNews = this.#isClosed === isSent;
    this.#isClosed = !isSent;
    return isNews;
  }

  /** Whether a message there reaches somebody; `helpersToo`: they may decide what it is about, as well as admins. */
  reaches({ helpersToo }: { readonly helpersToo: boolean }): boolean {
    return (
      !this.#isClosed &&
      (this.#isLeft(this.roles.adminRoleIds) || (helpersToo && this.#isLeft(this.roles.helperRoleIds)))
    );
  }

  /** Whether nobody can hold an admin role, as each of them was deleted. */
  get hasNoAdmins(): boolean {
    return !this.#isLeft(this.roles.adminRoleIds);
  }

  #isLeft(roleIds: readonly string[]): boolean {
    return roleIds.some((id) => !this.#goneRoleIds.includes(id));
  }
}
