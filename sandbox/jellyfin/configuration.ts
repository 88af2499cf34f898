/** The part of the server's configuration that matters here. */
export function defaultConfiguration(): Record<string, unknown> {
  return { QuickConnectAvailable: true };
}
