/** The authorization header of a client that has no token yet. */
export function deviceHeader(device: string): string {
  const name = encodeURIComponent(device);
  return `MediaBrowser Client="Loopback", Device="${name}", DeviceId="${name}", Version="1.0.0"`;
}
