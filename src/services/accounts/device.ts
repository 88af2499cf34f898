/** A device that somebody is signed in on. */
export interface Device {
  readonly id: string;
  readonly name: string;
  readonly app: string;
  readonly accountId: string;
  readonly lastSeen: number | undefined;
}

/** Signed-in devices; throws AppError with a `jellyfin…` code. */
export interface Devices {
  /** Of all accounts: the server does not filter. */
  list(): Promise<Device[]>;
  /** Those of all accounts that have a session at this moment, which is what `MaxActiveSessions` counts. */
  connected(): Promise<Device[]>;
  /** Signs a device out for every account on it; a device that is gone already is no error. */
  signOut(deviceId: string): Promise<void>;
}

/** The devices on which an account is signed in. Throws a `jellyfin…` AppError. */
export async function devicesOf(devices: Pick<Devices, 'list'>, accountId: string): Promise<Device[]> {
  return (await devices.list()).filter((device) => device.accountId === accountId);
}
