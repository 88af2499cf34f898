import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The Chromium of this computer, or the one that CHROMIUM names; undefined where there is none. */
export function findChromium(): string | undefined {
  return [process.env['CHROMIUM'], ...usual].find((path) => path !== undefined && existsSync(path));
}

/** Starts it without a window, in a new folder of its own, asking nobody outside. @throws Error when it does not start. */
export function startChromium(executablePath: string): Promise<Browser> {
  const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'];
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-sync', ...quiet] });
}
