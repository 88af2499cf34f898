import type { ServiceEvents } from '../events.js';

/** The roles that decide about requests, as configured. */
export interface DecidingRoleIds {
  readonly adminRoleIds: readonly string[];
  readonly helperRoleIds: readonly string[];
}

/** Whether the admin channel says no more of an account than its name: it is an administrator's, and helpers read there. */
export const isNameOnly = (
  { adminAccount }: { readonly adminAccount: boolean },
  { helperRoleIds }: Pick<DecidingRoleIds, 'helperRoleIds'>,
): boolean => adminAccount && helperRoleIds.length > 0;

/**
 * Whether the admin channel reaches those who decide, as far as is known: it can be deleted or closed to the bot, and their
 * roles deleted, while the bot runs. What was sent there last, or what Discord told of it since, counts.
 */
export class AdminChannel {
  #isClosed = false;
  /** Whether a role of the admins, of the helpers, is still there. */
  #hasAdmins: boolean;
  #hasHelpers: boolean;

  constructor(
    readonly id: string,
    private readonly roles: DecidingRoleIds,
  ) {
    this.#hasAdmins = roles.adminRoleIds.length > 0;
    this.#hasHelpers = roles.helperRoleIds.length > 0;
  }

  readonly onRead = ({ isClosed, goneRoleIds }: ServiceEvents['adminChannelRead']): void => {
    this.#isClosed = isClosed;
    const isLeft = (roleId: string) => !goneRoleIds.includes(roleId);
    this.#hasAdmins = this.roles.adminRoleIds.some(isLeft);
    this.#hasHelpers = this.roles.helperRoleIds.some(isLeft);
  };

  /** Notes that a message could be sent there, or could not; returns whether that is news. */
  sent(isSent: boolean): boolean {
    const isNews = this.#isClosed === isSent;
    this.#isClosed = !isSent;
    return isNews;
  }

  /** Whether a message there reaches somebody; `helpersToo`: they may decide what it is about, as well as admins. */
  reaches({ helpersToo }: { readonly helpersToo: boolean }): boolean {
    return !this.#isClosed && (this.#hasAdmins || (helpersToo && this.#hasHelpers));
  }

  /** Whether nobody can hold an admin role, as each of them was deleted. */
  get hasNoAdmins(): boolean {
    return !this.#hasAdmins;
  }
}
